"""One grader's judgements of pairs, each in the database before it is returned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from tui.grading.compared import Compared, side_of
from tui.grading.decisions import Grade
from tui.grading.judge import Judge, new_event, said_by, viewed
from tui.grading.judged import Judged, judged
from tui.grading.self_naming import names_itself
from tui.store.items import item_record, rubric_record
from tui.store.judgement_records import OVERALL, subject_of
from tui.store.schema.judging import OCCASIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui.grading.decisions import Decision, Seen
    from tui.grading.ending import Ending
    from tui.grading.overview import Progress
    from tui.grading.pairing import Pair
    from tui.grading.samples import Samples
    from tui.store.database import Store
    from tui.store.judgement_records import JudgementRecord, Occasion, SessionRecord
    from tui.store.pairs import Ids
    from tui.store.records import ResponseRecord


class PairJudge(Judge):
    """`pairs` are those of the session, by what they are named by."""

    def __init__(self, store: Store, grader: str, session: SessionRecord, pairs: Mapping[str, Pair]) -> None:
        super().__init__(store, grader, session)
        self._pairs = pairs

    def judged(self, subject: str, *, repeated: bool = False) -> Judged:
        """What stands of a pair, with left and right as it stands here."""
        return self.judged_of([subject]).get(subject, Judged())

    def judged_of(self, subjects: Sequence[str]) -> dict[str, Judged]:
        """The same of several."""
        ids = [_ids(subject) for subject in subjects]
        return judged(map(self._as_here, self._store.pairs.in_force(ids, self.id)))

    def pairs_judged(self) -> set[str]:
        """Every pair that this grader ever judged. Reads all of their preferences."""
        return {subject_of(*ids) for ids in self._store.pairs.judged(self.id)}

    def prefer(
        self,
        pair: Pair,
        two: Sequence[Samples],
        decision: Decision,
        seen: Seen,
        passed: Sequence[tuple[Pair, Compared]] = (),
    ) -> JudgementRecord:
        """Write a decision about `two` answers, and before it those `passed` in the schedule, which say the
        same."""
        item = two[0].item
        assert isinstance(item, Compared)
        said = said_by(decision, item) | viewed(seen._replace(place=pair.place))
        if isinstance(decision, Grade):
            side = side_of(decision.level, pair.place)
            said |= {"kind": "preference", "level": None, "value": None, "side": side}
        said["names_itself"] = any(map(_names_itself, two))
        responses = [samples.response for samples in two if samples.response]
        with self._store.transaction():
            written = self._pass_by(passed)
            judgement = self._add(pair, item, occasion=self._occasion_of(responses), **said)
        self._written |= {*written, judgement.item_hash}
        return judgement

    def pass_by(self, passed: Sequence[tuple[Pair, Compared]]) -> None:
        """Write that pairs say the same, where nobody is asked about another after them."""
        with self._store.transaction():
            self._pass_by(passed)

    def ending(self, progress: Progress | None) -> Ending:
        counts = self._store.pairs.of_session(self.only_session)
        alone = super().ending(progress)
        assert alone is not None
        return alone._replace(
            graded=counts["graded"],
            skipped=counts["skipped"],
            flagged=counts["flagged"],
            noted=counts["noted"],
            same=counts["same"],
        )

    def _pass_by(self, passed: Sequence[tuple[Pair, Compared]]) -> list[str]:
        """The hashes of their items. Inside a transaction."""
        occasion: Occasion = "after_reveal" if self._revealed else "first"
        equal: dict[str, Any] = {"kind": "preference", "criterion": OVERALL, "side": "equal"}
        return [self._add(pair, item, occasion=occasion, **equal).item_hash for pair, item in passed]

    def _add(self, pair: Pair, item: Compared, **said: Any) -> JudgementRecord:
        """Inside a transaction."""
        rubric = rubric_record(item.alone)
        record = item_record(item.alone, rubric)
        is_new = record.hash not in self._written
        response_id, other_response_id = pair.ids
        judgement = new_event(
            self._in_session(),
            response_id=response_id,
            other_response_id=other_response_id,
            item_hash=record.hash,
            blind=self.blind,
            **said,
        )
        self._store.judgements.add(
            judgement, item=record if is_new else None, rubric=rubric if is_new else None
        )
        return judgement

    def _occasion_of(self, responses: Sequence[ResponseRecord]) -> Occasion:
        """What a grader knows of one answer counts for the pair."""
        of_each = (self._occasion(response, repeats=False) for response in responses)
        return max(of_each, key=OCCASIONS.index)

    def _as_here(self, event: JudgementRecord) -> JudgementRecord:
        pair = self._pairs.get(event.subject)
        return replace(event, place=pair.place) if pair else event


def _names_itself(samples: Samples) -> bool:
    response = samples.response
    return response is not None and names_itself(response.text, (response.model, samples.author.title))


def _ids(subject: str) -> Ids:
    first, second = subject.split()
    return first, second
