"""The bytes a program sent to its terminal, taken apart as a terminal does."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?P<csi>(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~])"
    r"|(?P<osc>(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c))"
    r"|(?P<string>(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x1b\x9c]*(?:\x1b\\|\x9c))"
    r"|(?P<escape>\x1b[ -/]*[0-~]?)"
    r"|(?P<control>[\x00-\x1f\x7f-\x9f])"
    r"|(?P<text>[^\x00-\x1f\x7f-\x9f]+)",
    re.DOTALL,
)


class Token(NamedTuple):
    kind: str
    """csi, osc, string (DCS, SOS, PM, APC), escape (any other), control (one character) or text."""
    text: str


def tokens(raw: bytes) -> list[Token]:
    """Raises UnicodeDecodeError for what is not UTF-8: a byte like 0x9b is C1 to some terminals."""
    return [Token(match.lastgroup or "", match[0]) for match in _TOKEN.finditer(raw.decode("utf-8"))]


def bells(raw: bytes) -> int:
    """How often it rang; of output that may stop anywhere."""
    return re.sub(rb"\x1b\][^\x07\x1b]*\x07", b"", raw).count(b"\a")


def last_modes(raw: bytes) -> dict[str, bool]:
    """Each DEC private mode that was switched, and whether it is on at the end."""
    modes: dict[str, bool] = {}
    for numbers, switch in re.findall(rb"\x1b\[\?([\d;]+)([hl])", raw):
        modes.update(dict.fromkeys(numbers.decode().split(";"), switch == b"h"))
    return modes


_OURS = {
    "csi": re.compile(
        r"\x1b\[(?:[\d;]*m|\d+;\d+H|\?(?:7|25|1000|1003|1004|1006|1015|1049|2004|2026)[hl]|\?2026\$p|\?2048\$p"
        r"|>\d+u|<u)"
    ),
    "osc": re.compile(r"\x1b\]22;(?:default|pointer|text)\x07"),
    "control": re.compile(r"[\r\n]"),
}
_UNSAFE_TEXT = re.compile("[\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb]")


def foreign(raw: bytes) -> list[Token]:
    """What a full screen of ours would not have sent: sequences, controls, text that turns itself around."""
    return [
        token
        for token in tokens(raw)
        if (token.kind == "text" and _UNSAFE_TEXT.search(token.text))
        or (token.kind != "text" and not (token.kind in _OURS and _OURS[token.kind].fullmatch(token.text)))
    ]
