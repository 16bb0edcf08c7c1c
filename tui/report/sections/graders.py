"""Who judged, how they were prepared, and what they saw."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tui.report import phrases
from tui.report.document import Facts, Paragraph, Title
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tui.report.document import Block
    from tui.report.material import Material
    from tui.store.report_rows import Given, SessionFacts


def graders(of: Material) -> Iterator[Block]:
    by_grader: dict[str, list[Given]] = {}
    for each in of.all_given():
        by_grader.setdefault(each.grader_id, []).append(each)
    sessions, practiced = of.rows.sessions(), of.rows.practiced()
    if not by_grader:
        yield Paragraph("Nobody judged anything yet.")
    for id_, given in sorted(by_grader.items(), key=lambda each: (each[1][0].grader, each[0])):
        own = [each for each in sessions if each.grader_id == id_]
        yield Title(f"{given[0].grader} ({KIND[given[0].grader_kind]})")
        yield Facts(tuple(_facts(of, given, own, practiced.get(id_, 0))))


KIND = {"person": "a person", "model": "a model", "report": "a printed report"}


def _facts(
    of: Material, given: Sequence[Given], sessions: Sequence[SessionFacts], practiced: int
) -> Iterator[tuple[str, str]]:
    yield "Judgements", counts(given)
    yield "Blind", _blind(given)
    if judging := [each for each in sessions if each.mode not in ("practice", "import")]:
        yield "Sessions", _sessions(judging)
        yield "Order", order(judging, given)
    if given[0].grader_kind == "person":
        yield "Practice", f"{counted(practiced, 'answer')} before" if practiced else "none"
        yield "In view together", in_view(given)
        yield "Correct answer in view", share(given, "saw_expected")
    if controls := _controls(of, given[0].grader):
        yield "Controls", controls


def counts(given: Sequence[Given]) -> str:
    """By kind and occasion."""
    kinds = Counter(each.kind for each in given)
    told = [f"{counted(number, kind)}" for kind, number in sorted(kinds.items())]
    later = Counter(each.occasion for each in given if each.occasion != "first")
    told += [f"{number} {phrases.OCCASIONS.get(name, name)}" for name, number in sorted(later.items())]
    return ", ".join(told)


def _blind(given: Sequence[Given]) -> str:
    blind = sum(bool(each.blind) for each in given)
    if blind == len(given):
        return "all: no name, speed, length or order of arrival was shown"
    return "none: the names were known" if not blind else f"{blind:,} of {len(given):,}"


def _sessions(of: Sequence[SessionFacts]) -> str:
    modes = Counter("in pairs" if each.mode == "pairs" else "one answer after another" for each in of)
    return ", ".join(f"{number} {how}" for how, number in sorted(modes.items()))


def order(of: Sequence[SessionFacts], given: Iterable[Given]) -> str:
    shuffled = sum(each.shuffled for each in of)
    repeats = "; a part came twice, unmarked" if any(each.occasion == "repeat" for each in given) else ""
    if shuffled == len(of):
        return f"by lot: tasks, their items, and the models of each{repeats}"
    return f"by lot in {shuffled} of {len(of)} sessions, else as they came{repeats}"


def in_view(given: Iterable[Given]) -> str:
    """How many answers were in view together."""
    measured = [each.in_view for each in given if each.in_view is not None]
    if not measured:
        return "not measured"
    few, many = min(measured), max(measured)
    return f"{few}" if few == many else f"{few} to {many}"


def share(given: Sequence[Given], name: str) -> str:
    """Of how many judgements something is true."""
    measured = [getattr(each, name) for each in given if getattr(each, name) is not None]
    if not measured:
        return "not measured"
    return f"{sum(map(bool, measured)):,} of {len(measured):,}"


def _controls(of: Material, grader: str) -> str:
    found = [
        each.controls
        for kind in of.results.kinds
        for each in kind.habits
        if each.grader == grader and each.controls
    ]
    judged = sum(each.judged for each in found)
    return f"{sum(each.right for each in found)} of {judged} as their task says" if judged else ""
