"""The first row of a pane: its letter, the model's name, and at the right what it is doing and its grade."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content
from textual.widgets import Static

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP = "  "
BETWEEN = " · "
LEAST_NAME = 8
"""Cells of the name that a long grade leaves."""


class Heading(NamedTuple):
    letter: Content
    name: Content
    states: Sequence[Content]
    """The state in words, longest first: the first that leaves room for the whole name is shown."""
    grade: Content
    mark: Content
    """The end of the grade, which stays when that must be cut."""


class PaneHeader(Static):
    """All in one widget, so that a longer state moves nothing. The state gives way to the name, and the name
    to the grade."""

    def __init__(self) -> None:
        super().__init__(classes="pane-header", markup=False)
        self._heading: Heading | None = None

    def show(self, heading: Heading) -> None:
        if self._heading is None or not _same(heading, self._heading):
            self._heading = heading
            self.refresh()

    def render(self) -> Content:
        return fitted(self._heading, self.size.width) if self._heading else Content()


def fitted(heading: Heading, width: int) -> Content:
    """The heading in so many cells."""
    letter, name = heading.letter, heading.name
    room = width - letter.cell_length - len(GAP)
    grade = _cut_grade(heading, room - min(name.cell_length, LEAST_NAME))
    ends = [_joined(state, grade) for state in heading.states]
    end = next((each for each in ends if each.cell_length + name.cell_length <= room), ends[-1])
    if end.cell_length + LEAST_NAME > room and grade:
        end = grade
    end = end.truncate(max(room, 0), ellipsis=True)
    name = name.truncate(max(room - end.cell_length, 0), ellipsis=True, pad=True)
    return Content.assemble(letter, name, GAP, end)


def _cut_grade(heading: Heading, room: int) -> Content:
    grade, mark = heading.grade, heading.mark
    if grade.cell_length + mark.cell_length <= room:
        return Content.assemble(grade, mark)
    return Content.assemble(grade.truncate(max(room - mark.cell_length, 0), ellipsis=True), mark)


def _joined(state: Content, grade: Content) -> Content:
    return Content.assemble(state, BETWEEN if state and grade else "", grade)


def _same(one: Heading, other: Heading) -> bool:
    first = [one.letter, one.name, one.grade, one.mark, *one.states]
    second = [other.letter, other.name, other.grade, other.mark, *other.states]
    return len(first) == len(second) and all(a.is_same(b) for a, b in zip(first, second, strict=True))
