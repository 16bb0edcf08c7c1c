"""The grading itself: agreement, habits of graders, disagreements, and looks at results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.report import agreement_words, charts, words
from tui.report.document import Bullets, Note, Paragraph, Section, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.analysis.agreement import Agreement
    from tui.analysis.disagreements import Disagreement
    from tui.report.document import Block, Cell
    from tui.report.material import Material

MOST_LISTED = 500
_MET = "How often each two levels met"


def graded(of: Material) -> Iterator[Section]:
    yield Section("agreement", "Agreement", _agreements(of))
    yield Section("habits", "Habits of graders", _habits(of))
    yield Section("disagreements", "Disagreements", _disagreements(of))
    yield Section("looks", "Looks at results", _looks(of))


def _agreements(of: Material) -> Iterator[Block]:
    found = [each for kind in of.results.kinds for each in kind.agreement]
    if not found:
        yield Paragraph("No answer was graded twice, so that nothing is known of agreement.")
    for each, told in zip(found, agreement_words.agreements(found), strict=True):
        yield Paragraph(f"{told}.")
        if each.table:
            yield _levels(each)


def _levels(of: Agreement) -> Table:
    rows = tuple(
        (level, *(f"{count:g}" for count in counts))
        for level, counts in zip(of.levels, of.table, strict=True)
    )
    caption = _MET if of.between == "graders" else f"{_MET}: a row for what the first gave"
    return Table(caption, ("", *of.levels), rows, numbers=len(of.levels))


def _habits(of: Material) -> Iterator[Block]:
    found = [each for kind in of.results.kinds for each in kind.habits]
    if not found:
        yield Paragraph("Nothing is known of habits.")
        return
    yield Bullets(tuple(agreement_words.habits(found)))
    for each in found:
        if each.habits:
            yield charts.habits(f"{each.grader}, by “{each.criterion}”; 0 is no habit", each.habits)
    same = [(each.grader, text) for each in found for text in each.same_text]
    rows: list[tuple[Cell, ...]] = [
        (grader, text.item, of.to_answer(model, id_), level)
        for grader, text in same
        for id_, model, level in text.answers
    ]
    if rows:
        columns = ("Grader", "Item", "Answer of", "Level")
        yield Table("The same text, graded differently", columns, tuple(rows))


def _disagreements(of: Material) -> Iterator[Block]:
    found: list[Disagreement] = [each for kind in of.results.kinds for each in kind.disagreements]
    if not found:
        yield Paragraph("No answer was graded differently by two graders.")
        return
    rows = tuple(
        (
            of.to_answer(f"{each.item}, {each.model}", each.response_id),
            each.criterion,
            "; ".join(f"{grader}: {level}" for grader, level in each.given),
        )
        for each in found[:MOST_LISTED]
    )
    caption = f"{len(found):,} answers that were graded differently"
    caption += f", of which the first {MOST_LISTED} are listed" if len(found) > MOST_LISTED else ""
    yield Table(caption, ("Answer", "Criterion", "Given"), rows)


def _looks(of: Material) -> Iterator[Block]:
    told = tuple(words.looks(of.results.looks))
    if not told:
        yield Paragraph("Nobody looked at results before the end of a session, as far as it is recorded.")
        return
    yield Bullets(told)
    yield Note("Whoever looks before the end may stop when they please.")
