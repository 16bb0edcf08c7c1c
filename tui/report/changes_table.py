"""The comparison of two models as lines of a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.report import changes_words as words
from tui.report.layout import Line, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.analysis.changes import Changes
    from tui.report.layout import Page


def lines(of: Changes, page: Page) -> Iterator[Line]:
    yield from sentence(words.headline(of), page, heading=True)
    yield from sentence(words.same_bytes(of), page)
    for each in of.changes:
        yield Line("")
        yield from sentence(words.change(each), page)
        for note in words.change_notes(each):
            yield from sentence(note, page, indent=2)
    yield Line("")
    for note in words.notes(of):
        yield from sentence(note, page)
