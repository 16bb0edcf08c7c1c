"""Whether one of two models is better, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.analysis.planning import least_items
from tui.report.phrases import KINDS
from tui.report.preference_words import win_share
from tui.report.words import p_value, signed
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.analysis.changes import Change, Changes

DRIFT: Final = "what a grader asks of an answer drifts with time, and would be taken for a change"
TOGETHER: Final = (
    "`llm-grader grade --pairs` asks of two answers at a time which is better;"
    " `llm-grader grade --again` asks for both once more in one sitting."
)


def headline(of: Changes) -> str:
    """The verdict, of people where any judged."""
    verdict = of.changes[0].verdict if of.changes else "CANNOT TELL"
    return f"{of.first} against {of.second}: {verdict}"


def same_bytes(of: Changes) -> str:
    if not of.pairs:
        return "No answer of one has its like of the other: to the same item, with the same number of sample."
    if not of.identical:
        return f"Both have {counted(of.pairs, 'answer')} to the same items; none are the same bytes."
    return f"{of.identical} of {counted(of.pairs, 'answer')} are the same bytes, and count as equal."


def change(of: Change) -> str:
    """One verdict with its figures."""
    size = f"strict {signed(of)}, {counted(of.items, 'item')}"
    planned = " if it is this comparison that was planned"
    p = f", {p_value(of.p)}{planned}" if of.items else ""
    told = size if of.items else "nothing to compare"
    return f"{KINDS[of.kind]}, {of.criterion}: {of.verdict} ({told}{p})"


def change_notes(of: Change) -> Iterator[str]:
    """What was compared, and what was left out."""
    differ = f"The two differ on {counted(of.differing, 'item')}"
    least = least_items(2)
    if of.differing < least:
        yield f"{differ}; fewer than {least} can tell nothing."
    else:
        yield f"{differ}."
    yield f"{counted(of.compared, 'pair')} of different answers were judged in one sitting."
    if of.apart:
        yield f"{of.apart} more were judged in different sittings, and are left out: {DRIFT}."


def notes(of: Changes) -> Iterator[str]:
    left = of.pairs - of.identical - max((each.compared for each in of.changes), default=0)
    if left:
        yield f"{counted(left, 'pair')} of different answers say nothing yet. {TOGETHER}"
    for wins in of.preferences:
        yield f"Pairs, {KINDS[wins.kind].lower()}, {wins.criterion}. {win_share(wins.share)}"
    yield f"Seed of the intervals: {of.seed}."
