"""Two texts compared: the characters of each, as they are drawn, that the other does not have there."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal, NamedTuple

from tui.app.written.inline import Span
from tui.app.written.markup import STYLED_CHARACTERS, MarkupStyles
from tui.app.written.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST_WORDS = 2_500
"""Of each text: to compare words takes up to the square of it. Longer texts are compared by lines."""
MOST_LINES = 2_500
KIND = "differs"
_WORD = re.compile(r"\w+|[^\w\s]+")

Marks = dict[int, list[Span]]
"""Spans by the number of their line."""


class Piece(NamedTuple):
    """A word or a line of a text."""

    text: str
    line: int
    span: Span


class Differences(NamedTuple):
    one: Marks
    other: Marks
    by: Literal["words", "lines", ""]
    """What was compared; nothing where both are too long."""


def differences(one: str, other: str) -> Differences:
    """Given raw texts. Of a line only the styled part is compared by words."""
    lines = _lines(one), _lines(other)
    words = _words(lines[0]), _words(lines[1])
    if max(map(len, words)) <= MOST_WORDS:
        return Differences(*_compared(*words), "words")
    if max(map(len, lines)) <= MOST_LINES:
        return Differences(*_compared(*map(_whole, lines)), "lines")
    return Differences({}, {}, "")


class MarkedStyles(MarkupStyles):
    """The style of Markdown, with marks over it."""

    def __init__(self, marks: Mapping[int, list[Span]]) -> None:
        super().__init__()
        self._marks = marks

    def spans(self, number: int, line: str) -> list[Span]:
        return [*super().spans(number, line), *self._marks.get(number, ())]


def _lines(raw: str) -> list[str]:
    """As they are drawn, each in one row."""
    rows = Rows(max(len(raw), 1) * 8)
    rows.append(raw.removesuffix("\r"))
    return [rows.line(number, STYLED_CHARACTERS) for number in range(rows.line_count)]


def _words(lines: Sequence[str]) -> list[Piece]:
    return [
        Piece(found[0], number, Span(found.start(), found.end(), KIND))
        for number, line in enumerate(lines)
        for found in _WORD.finditer(line)
    ]


def _whole(lines: Iterable[str]) -> list[Piece]:
    return [Piece(line, number, Span(0, len(line), KIND)) for number, line in enumerate(lines)]


def _compared(one: Sequence[Piece], other: Sequence[Piece]) -> tuple[Marks, Marks]:
    marks: tuple[Marks, Marks] = {}, {}
    matcher = SequenceMatcher(None, [each.text for each in one], [each.text for each in other])
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        if tag != "equal":
            _mark(marks[0], one[start:end])
            _mark(marks[1], other[other_start:other_end])
    return marks


def _mark(marks: Marks, pieces: Iterable[Piece]) -> None:
    for piece in pieces:
        marks.setdefault(piece.line, []).append(piece.span)
