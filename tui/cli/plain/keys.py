"""Keys of plain mode: what each does, and the command in a key or a line."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

SPACE, TAB = " ", "\t"
BACKSPACES = "\x7f\b"
SUSPEND = "\x1a"
ALT = "alt+"
LETTERS = frozenset("ghijklnqsuvxz")
"""Those that are keys, and so give no level."""

HELP = (
    ("1 to 9, and 0 for the tenth", "grade this answer by the criterion read last, and go on"),
    ("the letter of a level, where it has one", "the same"),
    ("Space", "skip"),
    ("x", "flag this answer with a reason; - takes the flag away"),
    ("n", "write a note on this answer; - takes it away"),
    ("N", "write a note on the answer graded last"),
    ("u or Backspace", "take back what was decided last"),
    ("U", "bring back what was taken back"),
    ("Tab or l", "next answer"),
    ("Shift+Tab or h", "answer before"),
    ("Alt and a letter", "the answer of that name"),
    (", and ;", "criterion before, and next"),
    ("[ and ]", "item before, and next"),
    (".", "next answer without a grade"),
    ("s and S", "next sample of this model, and the one before"),
    ("/", "search: the next item with these words"),
    ("H", "history, newest first: a number goes there"),
    ("A", "your grades beside the report's, where one has graded the same answers"),
    ("B", "show which model wrote each answer, for good, after a question"),
    ("G", "guess who wrote five of the answers, before they are shown"),
    ("z, j, k, g or v", "read this answer again"),
    ("i", "details: the prompt, what is known of this answer, and what you did with it"),
    ("I", "guidelines of the task"),
    ("?", "this help"),
    ("q", "leave; everything is saved"),
)
IN_LINES = (
    "One command a line: 1 grades with the first level, skip or one space skips, n TEXT writes a note,",
    "x REASON flags, / WORDS searches, H lists what was judged and H NUMBER goes there, u takes back,",
    ". goes to the next open answer, q leaves, ? lists all.",
)

_WITH_TEXT = re.compile(r"(?P<key>[nNxHABG])\s+(?P<text>.*)|(?P<search>[/／])(?P<words>.*)", re.DOTALL)
_ALT_LINE = re.compile(r"alt\+[a-z]\Z", re.IGNORECASE)
_OF_SEQUENCES = {"\x1b[Z": "h", "\x1bOP": "?", "\x1b[11~": "?", "\x1b[[A": "?"}
"""Shift+Tab, and F1 as terminals send it."""
_UNFINISHED = re.compile(r"\x1b(\[+[0-9;:<=>?]*[ -/]*|O|[\]PX^_][^\x07\x1b]*)?\Z")
_FULL_WIDTH = range(0xFF01, 0xFF5F)
_WIDE_SPACE = "\u3000"


class Command(NamedTuple):
    """A key, and the text that came with it, if any did."""

    key: str
    text: str | None = None


def of_line(line: str) -> Command:
    """The command that a line of a pipe has."""
    words = line.removeprefix("\ufeff").rstrip("\r\n")
    if words == "skip" or (words and not words.strip(" \u3000")):
        return Command(SPACE)
    words = words if words == TAB else words.strip()
    if _ALT_LINE.match(words):
        return Command(words.lower())
    if found := _WITH_TEXT.match(words):
        return Command(found["key"] or "/", (found["text"] or found["words"] or "").strip() or None)
    return Command(words)


def of_keys(keys: str) -> Command:
    """The command that a terminal sent in one piece: of several keys the first, with the rest as its text.
    An escape sequence has the key that it stands for, or none; none has the pair of Windows for an arrow."""
    if len(keys) == 2 and keys[0] in "\x00\xe0":
        return Command("")
    if not keys.startswith("\x1b"):
        return Command(keys[:1], keys[1:] or None)
    if keys in _OF_SEQUENCES:
        return Command(_OF_SEQUENCES[keys])
    return Command(f"{ALT}{keys[1].lower()}" if len(keys) == 2 and keys[1].isalpha() else "")


def is_unfinished(keys: str) -> bool:
    """True for the beginning of an escape sequence."""
    return _UNFINISHED.match(keys) is not None


def meant(key: str, meanings: Container[str]) -> str:
    """The form of a key that has a meaning: itself, the plain one of a full-width character, the small letter
    of a capital. Empty where none has."""
    return next((form for form in _forms(key) if form in meanings), "")


def _forms(key: str) -> Iterator[str]:
    yield key
    if len(key) == 1 and (ord(key) in _FULL_WIDTH or key == _WIDE_SPACE):
        key = unicodedata.normalize("NFKC", key)
        yield key
    yield key.lower()
