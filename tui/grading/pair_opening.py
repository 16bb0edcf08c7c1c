"""Opening a session of pairs: the one that was left, or a new one."""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING, Final

from tui.generation.provenance import app_version
from tui.grading.compared import Compared
from tui.grading.lot import new_seed
from tui.grading.opening import Opening, Shelf
from tui.grading.pair_answers import PairAnswers, PlannedPair
from tui.grading.pair_judge import PairJudge
from tui.grading.pair_session import PairSession
from tui.grading.pairing import schedule
from tui.store.schema.columns import LAST_SEQ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.grading.pairing import Pair
    from tui.grading.selection import Chosen, ToJudge
    from tui.store.judgement_records import SessionRecord

MOST: Final = 5_000
"""Pairs of a session. What is beyond is for the next one."""

Passed = list[tuple["Pair", Compared]]
"""Pairs whose answers say the same."""


class PairShelf(Shelf):
    """The pairs of stored answers to the same item, for one grader."""

    mode = "pairs"

    def _begun(self, selection: ToJudge) -> Opening:
        next_arrival = self._store.sessions.next_arrival()
        chosen, seed = self._chosen(selection, LAST_SEQ), new_seed()
        sheets, passed = self._sheets(chosen, selection, seed)
        count = _pairs_of(chosen)
        if not sheets and not passed:
            return Opening(None, count)
        record = self._store.sessions.begin(
            self._grader,
            mode="pairs",
            seed=seed,
            selection=selection.json,
            blind=self._blind and bool(sheets),  # one that asks nothing could not be revealed
            app_version=app_version(),
        )
        if not sheets:
            PairJudge(self._store, self._grader, record, {}).pass_by(passed)
            return Opening(None, count)
        if self._store.sessions.arrival(record) != next_arrival:  # another program wrote meanwhile
            return Opening(self._resumed(record, selection), count)
        return Opening(self._session_of(sheets, record), count)

    def _resumed(self, record: SessionRecord, selection: ToJudge) -> PairSession | None:
        chosen = self._chosen(selection, self._store.sessions.arrival(record))
        sheets, _ = self._sheets(chosen, selection, record.seed or 0, record)
        return self._session_of(sheets, record) if sheets else None

    def _session_of(self, sheets: list[PlannedPair], record: SessionRecord) -> PairSession:
        judge = PairJudge(self._store, self._grader, record, {each.subject: each.pair for each in sheets})
        return PairSession(PairAnswers(self._store, sheets, judge), store=self._store, judge=judge)

    def _sheets(
        self, chosen: Chosen, selection: ToJudge, seed: int, record: SessionRecord | None = None
    ) -> tuple[list[PlannedPair], Passed]:
        """A sheet for each pair that is asked, in the order of the schedule, and what it passes by where it
        asks about nothing."""
        items = {item.asked: Compared(*item) for item in chosen.items}
        keys = {id_: key for of in chosen.ids.values() for key, ids in of.items() for id_ in ids}
        most = MOST if selection.limit is None else selection.limit
        sheets: list[PlannedPair] = []
        passed: Passed = []
        for pair in self._left_of(schedule(chosen.ids, seed, self._store.pairs.twins()), record):
            item = items[pair.asked]
            if pair.identical:
                passed.append((pair, item))
                continue
            sheets.append(PlannedPair(pair, item, (keys[pair.left], keys[pair.right]), tuple(passed)))
            passed = []
            if len(sheets) == most:
                return sheets, []
        if sheets and passed:  # behind the last one nothing is asked any more
            sheets[-1] = sheets[-1]._replace(passed=(*sheets[-1].passed, *passed))
        return sheets, passed

    def _left_of(self, pairs: Iterator[Pair], record: SessionRecord | None) -> Iterator[Pair]:
        """Those that this grader did not judge before the session began; of those that say the same, those
        that it has not passed by."""
        began = self._store.sessions.arrival(record) if record else LAST_SEQ
        before = self._store.pairs.judged(self._grader_id, began) if self._grader_id else {}
        here = self._store.pairs.judged_in(record.id) if record else {}
        for pair in pairs:
            is_new, is_here = pair.ids not in before, pair.ids in here
            if (is_new and not is_here) if pair.identical else (is_new or is_here):
                yield pair


def _pairs_of(chosen: Chosen) -> int:
    """All that a schedule asks about, or passes by."""
    rounds = (
        sum(number < len(ids) for ids in of.values())
        for of in chosen.ids.values()
        for number in range(max(map(len, of.values())))
    )
    return sum(comb(count, 2) for count in rounds)
