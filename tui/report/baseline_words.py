"""A printed report beside today's judgements, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.analysis.planning import least_items
from tui.report.phrases import listed
from tui.report.words import decimal, signed
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.analysis.baseline import Against, Baseline, Beside
    from tui.analysis.conclusions import Claim, Conclusion

BRIDGE: Final = (
    "Only printed answers that are judged again compare a verdict with a verdict. Today's answers are others,"
    " of other weights and settings, and another grader judges them: any of these may be why they differ."
)

_ANSWERS: Final = {
    "printed": "the printed answers, judged again (as they were asked there)",
    "today": "the answers of the models that run here",
}


def answers_of(against: Against) -> str:
    return _ANSWERS[against.answers]


def bridge(of: Baseline) -> Iterator[str]:
    """What became of the verdicts on the same answers."""
    again = [each for each in of.verdicts if each.again]
    printed = sum(each.is_printed for each in of.verdicts)
    yield f"{of.name} has {counted(len(of.verdicts), 'verdict')}, and prints {printed} of the answers."
    if not again:
        yield f"Nobody has judged them again yet: `llm-grader import {of.name}`, then `llm-grader grade`."
        return
    same = sum(each.changed == "same" for each in again)
    yield f"Of {counted(len(again), 'printed answer')} judged again {same} got the verdict of the report."
    if of.seen_before:
        many = f"{of.seen_before} more {'was' if of.seen_before == 1 else 'were'} judged"
        yield f"{many} after others' verdicts were seen, and left out."
    for each in again:
        if each.changed != "same":
            yield changed(each)
    yield from _asked_otherwise(of)


def _asked_otherwise(of: Baseline) -> Iterator[str]:
    """Answers to another question than their item's, in one line where it was the same."""
    found: dict[tuple[str, str], list[str]] = {}
    for each in of.verdicts:
        if each.asked_otherwise:
            found.setdefault((each.model, each.asked_otherwise), []).append(each.item)
    for (model, how), items in found.items():
        yield f"Asked otherwise than the item: {model}, {how} ({', '.join(items)})."


def changed(of: Beside) -> str:
    """How a verdict changed: `code-generation/2, falcon-40b-instruct: then pass, now fail (the note)`."""
    given = listed(of.again.levels) if of.again else ""
    note = f" ({of.note})" if of.note else ""
    return f"{of.item}, {of.model}: then {of.verdict}, now {given}{note}"


def conclusion(of: Conclusion) -> str:
    return f"({of.number}) {of.text}: {of.status}"


def claim(of: Claim) -> str:
    """A claim with the figure that decides it."""
    figures = [
        f"{each.first} less {each.second} {signed(each)} on {counted(each.items, 'item')}"
        for each in of.compared
    ]
    figures += [f"{model} {decimal(share)}" for model, share in of.shares]
    told = "; ".join(figures)
    small = f"; too few items to say: each needs {least_items(2)} at least" if of.is_small else ""
    return f"{of.text}: {of.status}" + (f" ({told}{small})" if told else "")


def own(of: Baseline) -> Iterator[str]:
    """Which conclusions do not follow from the report's own verdicts."""
    for each in of.own:
        if each.status != "holds":
            wrong = "; ".join(part.text for part in each.claims if part.status != "holds")
            yield f"({each.number}) {each.text}: its own verdicts do not say so ({wrong})"
