"""Phrases of a report that are no figures: names of kinds, occasions and origins, and lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tui.analysis.results import CriterionFigures
    from tui.store.exchange.masking import BlindSession

KINDS: Final = {"person": "People", "model": "Models as graders", "report": "Printed reports"}
OCCASIONS: Final = {
    "first": "",
    "repeat": "given once more",
    "after_check": "after a check's verdict",
    "after_others": "after others' judgements",
    "after_reveal": "after the names were shown",
    "adjudication": "to settle a disagreement",
}
"""Why a judgement was given, where it is not the first."""
ORIGINS: Final = {
    "verified": "verified: weights that this program read",
    "claimed": "claimed: a server says so",
    "unknown": "unknown: imported, as it was found",
}
ENDED: Final = {
    "length": "It ran to its limit.",
    "cancelled": "It was stopped: no figure has it.",
    "failed": "It failed: no figure has it.",
    "unknown": "",
    "stop": "",
}


def later(of: Mapping[str, int]) -> Iterator[str]:
    """How many judgements, by their occasion, are in no figure of models."""
    for occasion, count in of.items():
        yield f"{counted(count, 'judgement')} {OCCASIONS[occasion]}: figures of models are of first ones."


def listed(names: Iterable[str]) -> str:
    """`one, two and three`."""
    *before, last = list(names) or [""]
    return f"{', '.join(before)} and {last}" if before else last


def primary_first(of: Sequence[CriterionFigures]) -> list[CriterionFigures]:
    return sorted(of, key=lambda each: (not each.is_primary, each.criterion))


def hidden(blind: Sequence[BlindSession]) -> str:
    """What is not said while sessions are blind."""
    who = listed(dict.fromkeys(each.grader for each in blind))
    sessions = f"{counted(len(blind), 'session')} of {who} {'is' if len(blind) == 1 else 'are'}"
    return (
        f"{sessions} blind and not revealed:"
        " who wrote the answers to what is asked there is hidden here, and no figure has them."
    )
