"""A session in which pairs of answers are judged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.grading.compared import SIDES
from tui.grading.decisions import Seen
from tui.grading.judged import ItemState
from tui.grading.pair_history import PairHistory
from tui.grading.queue import Target
from tui.grading.session import LAST, Session

if TYPE_CHECKING:
    from tui.grading.agreement import Beside
    from tui.grading.decisions import Decision
    from tui.grading.pair_answers import PairAnswers
    from tui.grading.pair_judge import PairJudge
    from tui.grading.samples import Samples
    from tui.grading.sheet import Slot
    from tui.store.database import Store
    from tui.store.judgement_records import JudgementRecord
    from tui.store.records import ResponseRecord


class PairSession(Session):
    """Each sheet has two slots. Whatever is decided in one of them is about both."""

    compares = True

    def __init__(self, answers: PairAnswers, *, store: Store, judge: PairJudge) -> None:
        self._answers: PairAnswers
        self._judge: PairJudge
        super().__init__(answers, store=store, judge=judge)
        self._history = PairHistory(store, judge, answers)
        self._written: set[int] = set()
        """The places before which identical pairs are in the database."""

    def next_open(self, *, after: int) -> Target | None:
        place = self._route.next_open(self.place)
        if place is not None:
            return Target(place)
        return self.next(after=after)

    def agreement(self) -> list[Beside]:
        """Reports give grades and no preferences."""
        return []

    @property
    def seconds_left(self) -> float | None:
        progress = self.progress()
        return None if progress is None else self.times.left(progress, 1)

    def _write(
        self, samples: Samples, response: ResponseRecord, decision: Decision, seen: Seen | None
    ) -> JudgementRecord:
        place = self._answers.place_of_pair(samples.subject(response.id))
        assert place is not None
        sheet = self._answers.sheets[place]
        passed = () if place in self._written else sheet.passed
        is_here = bool(self._shown) and place == self.place and not self._visits
        two = self._shown if is_here else self._answers.samples(place, self._state(place))
        judgement = self._judge.prefer(sheet.pair, two, decision, seen or Seen(), passed)
        self._written.add(place)
        return judgement

    def _alone(self, judgement: JudgementRecord) -> Samples | None:
        place = self._answers.place_of_pair(judgement.subject)
        if place is None:
            return None
        left, *_ = self._answers.samples(place, self._state(place)) or (None,)
        return left and replace(left, id=LAST)

    def _state(self, place: int) -> ItemState:
        return ItemState({}, self._judge.judged_of([self._answers.sheets[place].subject]))

    def _place_of(self, subject: str, repeated: bool) -> int | None:
        return self._answers.place_of_pair(subject)

    def _name(self, position: int) -> str:
        return _name(SIDES[position])

    def _slot(self, samples: Samples) -> Slot:
        slot = super()._slot(samples)
        shown = [each.id for each in self._shown]
        if samples.id not in shown:
            return slot
        return replace(slot, label=f"{_name(SIDES[shown.index(samples.id)])}: {slot.label}")


def _name(side: str) -> str:
    return f"{side.capitalize()} answer"
