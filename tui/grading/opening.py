"""Opening a session over stored answers: the one that was left, or a new one."""

from __future__ import annotations

import gc
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from tui.catalogue.item import items_of
from tui.errors import UsageError
from tui.generation.provenance import app_version
from tui.grading.judge import Judge
from tui.grading.selection import ToJudge, choose
from tui.grading.session import Session
from tui.grading.stored_answers import StoredAnswers
from tui.store.graders import same_graders
from tui.store.schema.columns import LAST_SEQ

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tui.catalogue.item import Item
    from tui.catalogue.task import Task
    from tui.grading.selection import Chosen
    from tui.store.database import Store
    from tui.store.judgement_records import SessionRecord

SEEDS = 2**32


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector: to look through 100,000 short rows again and again, while they are read,
    takes longer than to read them, and none of them is garbage."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Opening(NamedTuple):
    """`session` is None where nothing is left to judge of the `stored` answers that were chosen; `last` is
    then the id of the newest session over them, empty where there is none."""

    session: Session | None
    stored: int
    last: str = ""


class Shelf:
    """The stored answers, for one grader. Items are shown as the catalogue has them now; those that it does
    not have, as they were asked."""

    def __init__(self, store: Store, tasks: Iterable[Task], grader: str) -> None:
        self._store = store
        self._grader = grader
        self._catalogue: Mapping[tuple[str, str], Item] = {
            item.asked: item for task in tasks for item in items_of(task)
        }
        known = store.graders.find(grader)
        self._grader_id = known.id if known else ""

    @_uncollected()
    def open(self, selection: ToJudge) -> Opening:
        """The newest unfinished session of this selection, else a new one. Raises UsageError, StoreError."""
        record = self._newest(selection)
        session = self._resumed(record, selection) if record else None
        if session and session.next() is not None:
            return Opening(session, 0)
        return self.begin(selection)._replace(last=record.id if record else "")

    @_uncollected()
    def last(self, selection: ToJudge) -> Session | None:
        """The newest session of this selection, in which all may be judged. Raises UsageError, StoreError."""
        record = self._newest(selection)
        return self._resumed(record, selection) if record else None

    @_uncollected()
    def begin(self, selection: ToJudge) -> Opening:
        """A new session over what was not judged yet. Raises UsageError, StoreError."""
        chosen = self._chosen(selection, LAST_SEQ)
        judged = self._store.progress.judged(self._grader_id) if self._grader_id else {}
        left = _left(chosen, judged, {})
        if not left.items:
            return Opening(None, chosen.count)
        seed = secrets.randbelow(SEEDS)
        answers = self._answers(left, judged, seed, selection.limit)
        record = self._store.sessions.begin(
            self._grader, mode="grade", seed=seed, selection=selection.json, app_version=app_version()
        )
        return Opening(self._session(answers, record), chosen.count)

    @_uncollected()
    def resume(self, id_: str) -> Opening:
        """The session whose id begins so. Raises UsageError, StoreError."""
        mine = [
            record
            for record in self._store.sessions.starting_with(id_)
            if record.mode == "grade" and record.grader_id in same_graders(self._store, self._grader_id)
        ]
        if len(mine) != 1:
            which = "several sessions begin" if mine else "no session of yours begins"
            raise UsageError(f"{which} with {id_!r}")
        selection = ToJudge.of(mine[0].selection)
        return Opening(self._resumed(mine[0], selection), 0)

    def _newest(self, selection: ToJudge) -> SessionRecord | None:
        return self._store.sessions.newest(self._grader_id, "grade", selection.json)

    def _resumed(self, record: SessionRecord, selection: ToJudge) -> Session | None:
        """None where the database has none of its answers any more."""
        chosen = self._chosen(selection, self._store.sessions.arrival(record))
        judged = self._store.progress.judged(self._grader_id)
        left = _left(chosen, judged, self._store.progress.judged_in(record.id))
        answers = self._answers(left, judged, record.seed or 0, selection.limit)
        return self._session(answers, record) if left.items else None

    def _answers(
        self, left: Chosen, judged: Mapping[str, set[str]], seed: int, limit: int | None
    ) -> StoredAnswers:
        answers = StoredAnswers(self._store, left, judged, seed)
        if limit is None or left.count <= limit:
            return answers
        first = answers.first(limit)
        return StoredAnswers(self._store, left.only(lambda _, id_: id_ in first), judged, seed)

    def _session(self, answers: StoredAnswers, record: SessionRecord) -> Session:
        judge = Judge(self._store, self._grader, record)
        return Session(answers, store=self._store, judge=judge)

    def _chosen(self, selection: ToJudge, before: int) -> Chosen:
        selection.require_known(self._store)
        listed = self._store.progress.all(before, selection)
        return choose(listed, selection.samples, self._item)

    def _item(self, asked: tuple[str, str]) -> Item | None:
        return self._catalogue.get(asked) or self._store.items.asked(*asked)


def _left(chosen: Chosen, judged: Mapping[str, set[str]], here: Mapping[str, set[str]]) -> Chosen:
    """What was not judged before the session began: in other ones it counts once all criteria are given."""
    criteria = {item.asked: item.criteria for item in chosen.items}
    return chosen.only(lambda asked, id_: id_ in here or not criteria[asked] <= judged.get(id_, set()))
