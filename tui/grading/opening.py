"""Opening a session over stored answers: the one that was left, or a new one."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from tui.catalogue.item import items_of
from tui.errors import UsageError
from tui.generation.provenance import app_version
from tui.grading.controls import controls_left, with_controls
from tui.grading.judge import Judge
from tui.grading.lot import new_seed
from tui.grading.planned import first_of, planned
from tui.grading.repeats import again, with_repeats
from tui.grading.selection import ToJudge, choose
from tui.grading.session import Session
from tui.grading.stored_answers import StoredAnswers
from tui.store.exchange.masking import Mask
from tui.store.graders import same_graders
from tui.store.schema.columns import LAST_SEQ

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tui.catalogue.item import Item
    from tui.catalogue.task import Task
    from tui.grading.planned import Planned
    from tui.grading.selection import Chosen
    from tui.store.database import Store
    from tui.store.judgement_records import Mode, SessionRecord
    from tui.store.progress import Listed


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
    """The stored answers, for one grader. New sessions are `blind` or open, and repeat that part of their
    decisions. Items are shown as the catalogue has them now; those that it does not have, as they were
    asked. With `unrelated` no other session is about the same answers, and none can be told by these."""

    mode: Mode = "grade"

    def __init__(
        self,
        store: Store,
        tasks: Iterable[Task],
        grader: str,
        *,
        blind: bool = False,
        repeat_rate: float = 0.0,
        unrelated: bool = False,
    ) -> None:
        self._store = store
        self._unrelated = unrelated
        self._blind = blind
        self._repeat_rate = repeat_rate
        self._grader = grader
        self._catalogue: Mapping[tuple[str, str], Item] = {
            item.asked: item for task in tasks for item in items_of(task)
        }
        known = store.graders.find(grader)
        self._grader_id = known.id if known else ""

    def _refuse_open(self) -> None:
        """Raises UsageError where names would be shown while another session hides them."""
        if not self._blind and (hidden := self._store.sessions.blind(self._grader_id)):
            raise UsageError(
                f"session {hidden[0].id} of yours is blind: reveal it first (B in it), or leave --open away."
            )

    def _refuse_names(self, record: SessionRecord, selection: ToJudge) -> None:
        """Raises UsageError where going on with this session would show what another one hides."""
        sessions = self._store.sessions
        mine = {each.id for each in sessions.blind(self._grader_id)}
        if self._unrelated or not mine or record.id in mine:
            return
        concerned = {each.id for each in Mask(self._store).concerned(selection)} if record.blind else mine
        if hidden := sorted(mine & concerned):
            raise UsageError(
                f"session {record.id} shows who wrote its answers, and session {hidden[0]} of yours is blind:"
                " reveal that first (B in it), or begin another with --new."
            )

    def _refuse_telling(self, selection: ToJudge) -> None:
        """Raises UsageError where the choice of models would tell who wrote what another session hides."""
        mine = {record.id: record for record in self._store.sessions.blind(self._grader_id)}
        by_models = selection.models and not self._unrelated
        for session in Mask(self._store).concerned(selection) if by_models and mine else ():
            hidden = mine.get(session.id)
            if hidden and {*ToJudge.of(hidden.selection).models} != {*selection.models}:
                raise UsageError(
                    f"session {hidden.id} of yours is blind, and -m would tell who wrote its answers:"
                    " reveal it first (B in it), or leave -m away."
                )

    @_uncollected()
    def open(self, selection: ToJudge) -> Opening:
        """The newest unfinished session of this selection, else a new one. Raises UsageError, StoreError."""
        self._refuse_open()
        record = self._newest(selection)
        if record:
            self._refuse_names(record, selection)
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
        self._refuse_open()
        self._refuse_telling(selection)
        return self._begun(selection)

    def _begun(self, selection: ToJudge) -> Opening:
        next_arrival = self._store.sessions.next_arrival()
        chosen = self._chosen(selection, LAST_SEQ)
        left = self._left(chosen, selection)
        if not left.items:
            return Opening(None, chosen.count)
        record = self._store.sessions.begin(
            self._grader,
            mode=self.mode,
            seed=new_seed(),
            selection=selection.json,
            blind=self._blind,
            repeat_rate=0.0 if selection.again else self._repeat_rate,
            app_version=app_version(),
        )
        if self._store.sessions.arrival(record) != next_arrival:  # another program wrote meanwhile
            return Opening(self._resumed(record, selection), chosen.count)
        return Opening(self._session(left, record, selection), chosen.count)

    @_uncollected()
    def resume(self, id_: str) -> Opening:
        """The session whose id begins so. Raises UsageError, StoreError."""
        found = [each for each in self._store.sessions.starting_with(id_) if each.mode == self.mode]
        me = same_graders(self._store, self._grader_id)
        mine = [each for each in found if each.grader_id in me]
        if len(mine) != 1:
            which = "several sessions begin" if mine else "no session of yours begins"
            raise UsageError(f"{which} with {id_!r}{self._whose(found) if not mine else ''}")
        selection = ToJudge.of(mine[0].selection)
        self._refuse_names(mine[0], selection)
        return Opening(self._resumed(mine[0], selection), 0)

    def _whose(self, sessions: Sequence[SessionRecord]) -> str:
        """Who has the only one, for whoever left --grader away."""
        grader = self._store.graders.find(sessions[0].grader_id) if len(sessions) == 1 else None
        return f"; the one that does is of {grader.name}: --grader says who you are" if grader else ""

    def _newest(self, selection: ToJudge) -> SessionRecord | None:
        return self._store.sessions.newest(self._grader_id, self.mode, selection.json, blind=self._blind)

    def _resumed(self, record: SessionRecord, selection: ToJudge) -> Session | None:
        """None where the database has none of its answers any more."""
        chosen = self._chosen(selection, self._store.sessions.arrival(record))
        left = self._left(chosen, selection, record)
        return self._session(left, record, selection) if left.items else None

    def _session(self, left: Chosen, record: SessionRecord, selection: ToJudge) -> Session:
        seed, limit = record.seed or 0, selection.limit
        sheets = planned(left, seed, apart=record.blind)
        if limit is not None and left.count > limit:
            first = first_of(sheets, limit)
            sheets = planned(left.only(lambda _, id_: id_ in first), seed, apart=record.blind)
        if selection.again:
            sheets = [again(sheet, seed) for sheet in sheets]
        else:
            sheets = with_repeats(sheets, seed, record.repeat_rate)
        if record.blind and not selection.again:
            sheets = with_controls(sheets, self._controls(sheets, record), seed)
        judge = Judge(self._store, self._grader, record)
        return Session(StoredAnswers(self._store, sheets, judge), store=self._store, judge=judge)

    def _chosen(self, selection: ToJudge, before: int) -> Chosen:
        selection.require_known(self._store)
        listed = self._store.progress.all(before, selection)
        return choose(listed, selection.samples, self._item)

    def _item(self, asked: tuple[str, str]) -> Item | None:
        return self._catalogue.get(asked) or self._store.items.asked(*asked)

    def _left(self, chosen: Chosen, selection: ToJudge, record: SessionRecord | None = None) -> Chosen:
        """What was not judged before the session began, or not once more; in other sessions it counts once
        all criteria are given. What is judged elsewhere afterwards stays on its sheet, so that the order and
        the repeats stay, too."""
        judged_in = self._store.progress.judged_in
        here = judged_in(record.id, repeated=selection.again) if record else {}
        judged = self._judged(record, repeated=selection.again)
        before = self._judged(record) if selection.again else None
        criteria = {item.asked: item.criteria for item in chosen.items}

        def is_left(asked: tuple[str, str], id_: str) -> bool:
            if id_ in here:
                return True
            is_asked = before is None or criteria[asked] <= before.get(id_, set())
            return is_asked and not criteria[asked] <= judged.get(id_, set())

        return chosen.only(is_left)

    def _controls(self, sheets: Sequence[Planned], record: SessionRecord) -> list[Listed]:
        if not any(sheet.item.prompt.controls for sheet in sheets):
            return []
        here = self._store.progress.judged_in(record.id)
        return controls_left(self._store, sheets, self._judged(record), here)

    def _judged(self, record: SessionRecord | None, *, repeated: bool = False) -> Mapping[str, set[str]]:
        """By the grader, before this session began."""
        if not self._grader_id:
            return {}
        before = self._store.sessions.arrival(record) if record else LAST_SEQ
        return self._store.progress.judged(self._grader_id, repeated=repeated, before=before)
