"""The grading itself: agreement, habits of graders, disagreements, and looks at results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.analysis.habits import BY_CHANCE
from tui.report import charts, phrases, words
from tui.report.document import Bullets, Note, Paragraph, Section, Table, Title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.analysis.agreement import Agreement
    from tui.analysis.disagreements import Disagreement
    from tui.analysis.habits import GraderHabits
    from tui.report.document import Block, Cell
    from tui.report.material import Material

MOST_LISTED = 500
BETWEEN = {
    "graders": "Between",
    "pair": "Between",
    "oneself": "With oneself:",
    "report": "With a printed report:",
}


def graded(of: Material) -> Iterator[Section]:
    yield Section("agreement", "Agreement", _agreements(of))
    yield Section("habits", "Habits of graders", _habits(of))
    yield Section("disagreements", "Disagreements", _disagreements(of))
    yield Section("looks", "Looks at results", _looks(of))


def _agreements(of: Material) -> Iterator[Block]:
    found = [each for kind in of.results.kinds for each in kind.agreement]
    if not found:
        yield Paragraph("No answer was graded twice, so that nothing is known of agreement.")
    for each in found:
        yield Title(f"{BETWEEN[each.between]} {phrases.listed(each.graders)}, “{each.criterion}”")
        yield from _agreement(each)


def _agreement(of: Agreement) -> Iterator[Block]:
    yield Paragraph(agreement(of))
    if of.table:
        rows = tuple(
            (level, *(f"{count:g}" for count in counts))
            for level, counts in zip(of.levels, of.table, strict=False)
        )
        yield Table("How often each two levels met", ("", *of.levels), rows, numbers=len(of.levels))


def agreement(of: Agreement) -> str:
    """An agreement in words."""
    told = f"Raw agreement {words.decimal(of.raw)} {words.ends(of.low, of.high)} on {of.answers:,} answers"
    found = of.coefficient
    if found is None:
        return f"{told}. {of.why_none}"
    tentative = ", tentative" if found.is_tentative else ""
    figure = f"{words.decimal(found.estimate)} {words.ends(found.low, found.high)}"
    return f"{told}; {found.name} {figure}{tentative}."


def _habits(of: Material) -> Iterator[Block]:
    found = [each for kind in of.results.kinds for each in kind.habits]
    if not found:
        yield Paragraph("Nothing is known of habits.")
        return
    yield Note(BY_CHANCE)
    for each in found:
        yield Title(f"{each.grader}, “{each.criterion}”")
        yield from _habit(of, each)


def _habit(of: Material, habits: GraderHabits) -> Iterator[Block]:
    if habits.habits:
        yield charts.habits(f"Habits of {habits.grader}: 0 is none", habits.habits)
    if habits.median_seconds is not None:
        yield Paragraph(f"Median time of a decision: {habits.median_seconds:.1f} s.")
    if habits.guesses:
        guesses = habits.guesses
        yield Paragraph(
            f"Of {guesses.asked} guesses of who wrote an answer {guesses.right} were right"
            f" {words.ends(guesses.low, guesses.high)}; by lot it would be {guesses.by_chance:.1f}."
        )
    rows: list[tuple[Cell, ...]] = [
        (same.item, of.to_answer(model, id_), level)
        for same in habits.same_text
        for id_, model, level in same.answers
    ]
    if rows:
        yield Table("The same text, graded differently", ("Item", "Answer of", "Level"), tuple(rows))


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
    looks = of.results.looks
    if not looks:
        yield Paragraph("Nobody looked at results before the end of a session, as far as it is recorded.")
        return
    yield Bullets(
        tuple(
            f"{each.grader} looked at {each.into} when {each.judged} of {each.planned} were judged."
            for each in looks
        )
    )
    yield Note("Whoever looks before the end may stop when they please.")
