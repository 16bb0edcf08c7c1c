"""Text that is not ours, made safe for a screen.

Three kinds of characters are replaced by U+FFFD, one for one and in their place, so that a reader sees that
something is there and where:

- What steers a terminal: C0 controls but newline and tab, DEL, C1 controls, bidirectional controls, line
  and paragraph separators, interlinear annotation, lone surrogates. CR LF becomes a plain newline.
- What cannot be seen (Unicode's Default_Ignorable_Code_Point) where no writing needs it: a person would
  judge another text than the one they read. It stays where it shapes what is seen: joiners (ZWJ, ZWNJ) and
  one variation selector after a visible character outside ASCII, as in emoji, Persian and Indic scripts;
  U+FE0E and U+FE0F after the characters of keycaps; zero width space in Tibetan and the scripts of
  South-East Asia, which write no other space between words; up to six tags after a black flag; the vowel
  filler within a Hangul syllable.
- Combining marks beyond the 30th on one character, where Unicode's stream-safe text format ends too: no
  language writes so many, and a terminal draws them over the rows above.

What becomes of a character depends on what stands before it and never on what follows, so that text can be
made safe piece by piece while it comes (`safe_after`).
"""

from __future__ import annotations

import re
from unicodedata import category

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# Unicode's bidirectional controls (UAX #9) and the deprecated shaping controls of the same block.
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"
_STEERS = f"\x00-\x08\x0b-\x1f\x7f-\x9f{_BIDI}\u2028\u2029\ufff9-\ufffb\ud800-\udfff"
STEERING = re.compile(f"[{_STEERS}]")
"""One character that could steer a terminal; newline and tab are not among them."""

_JOINERS = "\u200c\u200d"
_SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_TAGS = "\U000e0000-\U000e007f"
_NEVER_SEEN = (
    "\xad\u034f\u115f\u17b4\u17b5\u180e\u2060-\u2065\u3164\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0080-\U000e00ff\U000e01f0-\U000e0fff"
)
_SELDOM_SEEN = f"{_JOINERS}{_SELECTORS}{_TAGS}\u200b\u1160"
_EAST_ASIA = "\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
"""Scripts that know no joiners."""
_UNSAFE = re.compile(f"[{_STEERS}{_NEVER_SEEN}{_SELDOM_SEEN}]")

# What a character of those seldom seen is, and what has to stand before it.
_ALLOWED = (
    (
        re.compile(f"[{_JOINERS}]"),
        re.compile(f"[^\x00-\x7f{_EAST_ASIA}{_STEERS}{_NEVER_SEEN}{_JOINERS}{_TAGS}\u200b]\\Z"),
    ),
    (re.compile("[\ufe0e\ufe0f]"), re.compile("[0-9#*]\\Z")),
    (re.compile(f"[{_SELECTORS}]"), re.compile(f"[^\x00-\x7f{_STEERS}{_NEVER_SEEN}{_SELDOM_SEEN}]\\Z")),
    (
        re.compile("\u200b"),
        re.compile("[\u0e00-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\ua9e0-\uaadf]\\Z"),
    ),
    (re.compile("\u1160"), re.compile("[\u1100-\u115e\ua960-\ua97c]\\Z")),
    (re.compile(f"[{_TAGS}]"), re.compile(f"\U0001f3f4[{_TAGS}]{{0,5}}\\Z")),
)
_LOOK_BACK = 6

MOST_MARKS = 30
# Longer than what may stand, of characters among which there are marks. Letters of CJK, Hangul, emoji: none.
_MAYBE_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u1dff\u200c\u200d\u20d0-\u20ff\u2cef-\u2cf1\u2d7f\u2de0-\u2dff"
    f"\u302a-\u302f\u3099\u309a\ua66f-\uabff\ufb1e\ufe00-\ufe2f\U00010000-\U0001eeff\U000e0100-\U000e01ef]"
    f"{{{MOST_MARKS + 1},}}"
)
_CONTEXT = MOST_MARKS + 10


def safe(text: str) -> str:
    """`text` with everything replaced by U+FFFD that steers or hides; see above."""
    shown = _UNSAFE.sub(_shown, text.replace("\r\n", "\n"))
    return _MAYBE_MARKS.sub(_with_few_marks, shown)


def safe_after(before: str, text: str) -> str:
    """`text` as it stands in `safe(before + text)`. `before` must not end in a CR, of a CR LF maybe."""
    context = before[-_CONTEXT:]
    return safe(context + text)[len(context.replace("\r\n", "\n")) :]


def safe_line(text: str) -> str:
    """`safe` for a place that holds one line: newlines and tabs become spaces."""
    return " ".join(safe(text).split())


def safe_json(json: bytes) -> str:
    """The same JSON: characters that could steer a terminal are escaped."""
    return STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", json.decode())


def _shown(found: re.Match[str]) -> str:
    character, place = found[0], found.start()
    before = found.string[max(place - _LOOK_BACK, 0) : place]
    stays = any(kind.match(character) and needs.search(before) for kind, needs in _ALLOWED)
    return character if stays else REPLACEMENT


def _with_few_marks(found: re.Match[str]) -> str:
    marks, shown = 0, []
    for character in found[0]:
        marks = marks + 1 if category(character) in ("Mn", "Me", "Cf") else 0
        shown.append(character if marks <= MOST_MARKS else REPLACEMENT)
    return "".join(shown)
