"""The standing judgements of one grader on a response, and what the database holds of an item."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from tui.store.schema.judging import OCCASIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tui.catalogue.rubric import Rubric
    from tui.store.judgement_records import JudgementRecord
    from tui.store.progress import Listed
    from tui.store.records import ModelKey


class Given(NamedTuple):
    """A judgement in force: a level with its value, which of two answers is better, without a value, or a
    skip, which has neither."""

    level: str | None = None
    value: float | None = None


def summary(givens: Iterable[Given | None]) -> Given | None:
    """One for all criteria, once each has its judgement: of several, the levels and their mean value."""
    given = list(givens)
    found = [each for each in given if each is not None]
    if len(found) < len(given) or len(found) == 1:
        return found[0] if len(found) == len(given) else None
    values = [each.value for each in found if each.value is not None]
    if not values:
        return Given()
    return Given(" · ".join(each.level or "–" for each in found), sum(values) / len(values))


class Judged(NamedTuple):
    """One grader's judgements of a response by criterion, with its note and flag; empty texts for none."""

    given: Mapping[str, Given] = {}
    note: str = ""
    flag: str = ""

    def after(self, event: JudgementRecord) -> Judged:
        """The same with one more event."""
        if event.kind == "note":
            return self._replace(note=event.text or "")
        if event.kind == "flag":
            return self._replace(flag=event.text or "")
        return self._replace(given={**self.given, event.criterion or "": Given(event.given, event.value)})

    def by(self, rubric: Rubric) -> tuple[Given | None, ...]:
        """What was given for each criterion, in their order."""
        return tuple(self.given.get(criterion.name) for criterion in rubric.criteria)

    def is_whole(self, rubric: Rubric) -> bool:
        """True if every criterion has its judgement."""
        return None not in self.by(rubric)


def judged(events: Iterable[JudgementRecord]) -> dict[str, Judged]:
    """By response, or by pair, from events in force. What was thought of it later is what is told."""
    found: dict[str, Judged] = {}
    for event in sorted(events, key=lambda each: OCCASIONS.index(each.occasion)):
        found[event.subject] = found.get(event.subject, Judged()).after(event)
    return found


def shown(listed: Iterable[Listed]) -> tuple[str, ...]:
    """The ids of one model's responses, oldest first, that are there to be judged: the complete ones; where
    there is none, the newest that was stopped."""
    responses = list(listed)
    complete = tuple(each.id for each in responses if each.complete)
    stopped = [each.id for each in responses if each.finish_reason == "cancelled"]
    return complete or tuple(stopped[-1:])


class ItemState(NamedTuple):
    """What the database holds of one item: by model the ids of the responses to be judged, empty where all
    have failed, and what was judged of them."""

    ids: Mapping[ModelKey, tuple[str, ...]]
    judged: Mapping[str, Judged]

    @classmethod
    def of(cls, listed: Iterable[Listed], events: Iterable[JudgementRecord]) -> ItemState:
        """`listed` has each model's together, as the store gives them."""
        return cls({key: shown(of) for key, of in groupby(listed, lambda each: each.key)}, judged(events))
