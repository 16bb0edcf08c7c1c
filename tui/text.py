"""Text that is not ours, made safe for a screen."""

from __future__ import annotations

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# Unicode's bidirectional controls (UAX #9) and the deprecated shaping controls of the same block.
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"
_UNSAFE = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_BIDI}\u2028\u2029\ufff9-\ufffb\ud800-\udfff]")


def safe(text: str) -> str:
    """`text` with everything that could steer a terminal replaced by U+FFFD.

    Replaced are C0 controls except newline and tab, DEL, C1 controls, bidirectional controls, line and
    paragraph separators, interlinear annotation and lone surrogates. CR LF becomes a plain newline.
    Call it on accumulated text: an escape sequence may be split between two deltas.
    """
    return _UNSAFE.sub(REPLACEMENT, text.replace("\r\n", "\n"))


def safe_line(text: str) -> str:
    """`safe` for a place that holds one line: newlines and tabs become spaces."""
    return " ".join(safe(text).split())


def safe_json(json: bytes) -> str:
    """The same JSON: characters that could steer a terminal are escaped."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.decode())
