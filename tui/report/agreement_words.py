"""Agreement and habits of graders in words: the same in the terminal, on the screen and in the report."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from tui.analysis.habits import BY_CHANCE
from tui.report.words import decimal, ends, signed
from tui.store.judgement_records import OVERALL
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.analysis.agreement import Agreement
    from tui.analysis.associations import HabitName
    from tui.analysis.coincidences import Coefficient
    from tui.analysis.disagreements import Disagreement
    from tui.analysis.habits import Controls, GraderHabits, Guesses, Habit
    from tui.analysis.same_text import SameText

SHOWN: Final[dict[HabitName, str]] = {
    "longer answers": "longer answers were graded {}",
    "shown first": "the first on the screen were graded {}",
    "later": "the second half was graded {}",
    "quick": "what was judged quickly was graded {}",
    "names itself": "answers that name their model were graded {}",
    "rows unread": "answers with rows unread were graded {}",
    "left of a pair": "the answer on the left was rated {}",
}
"""What an interval above 0 shows of a habit, or with `lower` one below."""
NOTHING_SHOWN: Final = "nothing shown"


def agreements(of: Sequence[Agreement]) -> Iterator[str]:
    """A line for each; criterion and levels stand in front where they tell lines apart."""
    criteria = {each.criterion for each in of}
    times = Counter((each.between, each.graders, each.criterion) for each in of)
    for each in of:
        by = each.criterion if criteria != {OVERALL} else ""
        if times[each.between, each.graders, each.criterion] > 1:
            by += f" ({', '.join(each.levels)})"
        yield f"{by.strip()}: {agreement(each)}" if by else agreement(each)


def agreement(of: Agreement) -> str:
    """`mei and Jürgen agree on 75 of 90 answers: 0.83 [0.74, 0.90]; alpha 0.71 [0.52, 0.84]`."""
    return f"{_who(of)}: {decimal(of.raw)} {ends(of.low, of.high)}{_beyond(of)}"


def coefficient(of: Coefficient) -> str:
    """`alpha 0.71 [0.52, 0.84], tentative`."""
    tentative = ", tentative" if of.is_tentative else ""
    return f"{of.name} {decimal(of.estimate)} {ends(of.low, of.high)}{tentative}"


def disagreement(of: Disagreement) -> str:
    """`code/1, tiny: mei pass, Jürgen fail`."""
    by = f" by {of.criterion}" if of.criterion != OVERALL else ""
    return f"{of.item}, {of.model}{by}: " + ", ".join(f"{grader} {level}" for grader, level in of.given)


def habits(of: Sequence[GraderHabits], *, in_short: bool = False) -> Iterator[str]:
    """All that is said of graders, and what to think of it; in short without intervals that show nothing."""
    told: set[str] = set()
    if any(each.habits for each in of):
        yield BY_CHANCE
    for each in of:
        yield from _of_grader(each, with_guesses=each.grader not in told, in_short=in_short)
        told.add(each.grader)


def habit(of: Habit) -> str:
    """`longer answers +0.12 [+0.03, +0.20], 9 items: longer answers were graded higher`."""
    shown = SHOWN[of.name].format("higher" if of.low > 0 else "lower") if of.shows else NOTHING_SHOWN
    return f"{of.name} {signed(of)}, {counted(of.items, 'item')}: {shown}"


def same_text(of: SameText) -> str:
    """`code/1: the same text, tiny pass, other fail`."""
    return f"{of.item}: the same text, " + ", ".join(f"{model} {level}" for _, model, level in of.answers)


def guesses(of: Guesses) -> str:
    """`guessed who wrote 5 answers, 3 of them right: 0.60 [0.23, 0.88]; by chance it would be 1.2`."""
    share = f"{decimal(of.right / of.asked)} {ends(of.low, of.high)}"
    guessed = f"guessed who wrote {counted(of.asked, 'answer')}, {of.right} of them right"
    return f"{guessed}: {share}; by chance it would be {of.by_chance:.1f}"


def controls(of: Controls) -> str:
    return f"{of.right} of {counted(of.judged, 'control')} as the task says"


def _who(of: Agreement) -> str:
    *others, last = of.graders
    answers = f"{of.same} of {counted(of.answers, 'answer')}"
    match of.between:
        case "oneself":
            return f"{last}, asked once more, gave the same level to {answers}"
        case "graders" if len(others) > 1:
            all_agree = f"{', '.join(others)} and {last} all agree on {answers}"
            return f"{all_agree}; of each two grades of an answer the same"
        case _:
            return f"{others[0]} and {last} agree on {answers}"


def _beyond(of: Agreement) -> str:
    if of.coefficient:
        return f"; {coefficient(of.coefficient)}"
    return f"; no coefficient: {of.why_none}" if of.why_none else ""


def _of_grader(of: GraderHabits, *, with_guesses: bool, in_short: bool) -> Iterator[str]:
    who = of.grader if of.criterion == OVERALL else f"{of.grader}, by {of.criterion}"
    if of.median_seconds is not None:
        yield f"{who}: {counted(of.judgements, 'judgement')}, median {of.median_seconds:.1f} s"
    shown = [each for each in of.habits if each.shows or not in_short]
    yield from (f"{who}: {habit(each)}" for each in shown)
    if not shown and of.habits:
        yield f"{who}: none of {counted(len(of.habits), 'interval')} shows anything"
    elif hidden := len(of.habits) - len(shown):
        yield f"{who}: {hidden} of {counted(len(of.habits), 'interval')} show nothing"
    if of.same_text:
        yield f"{who}: {counted(len(of.same_text), 'text')} that came more than once had different levels"
    if of.guesses and with_guesses:
        yield f"{of.grader}: {guesses(of.guesses)}"
    if of.controls:
        yield f"{who}: {controls(of.controls)}"
