"""Looks: somebody sees what came of a session before its end, and may stop when they please."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec
from msgspec import Struct

from tui.errors import StoreError
from tui.store.schema.columns import LAST_SEQ
from tui.store.schema.generating import ASKED, OF_MODELS
from tui.store.schema.views import COMPLETE, DECIDED, NEWEST_FIRST, same_as
from tui.store.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tui.store.connection import Connection
    from tui.store.database import Store
    from tui.store.judgement_records import LookedInto, Mode

    JudgedBy = Callable[[str], dict[str, set[str]]]

_MOST_PAIRS: Final = 5_000
"""Of one session."""

_SESSIONS: Final = """
SELECT id, seq, grader_id, mode, selection FROM sessions
WHERE id IN (SELECT value FROM json_each(?)) ORDER BY seq, id"""

_GIVEN: Final = """
SELECT count(DISTINCT response_id) FROM standing
WHERE session_id = ? AND kind IN ('grade', 'skip') AND other_response_id IS NULL
AND response_id NOT IN (SELECT response_id FROM known_answers)"""

_SELECTED: Final = f"SELECT id FROM responses WHERE {COMPLETE} AND {OF_MODELS} AND seq < ? AND {{where}}"

_IS_JUDGED: Final = f"""EXISTS (
    SELECT 1 FROM standing AS j
    WHERE j.response_id = responses.id AND j.grader_id IN {same_as("?")} AND j.other_response_id IS NULL
    AND j.kind IN ('grade', 'skip') AND (j.occasion = 'repeat') = ? AND j.seq < ?
)"""

_LEFT: Final = f"""
SELECT count(*), coalesce(sum(judged), 0) FROM (
    SELECT {_IS_JUDGED} AS before, {_IS_JUDGED} AS judged,
        row_number() OVER (PARTITION BY {ASKED} ORDER BY seq, id) AS round
    FROM responses WHERE {COMPLETE} AND {OF_MODELS} AND seq < ? AND {{where}}
) WHERE round <= ? AND before = ?"""

_PAIRS: Final = f"""
WITH chosen AS (
    SELECT task, prompt_hash, text_sha256, row_number() OVER (PARTITION BY {ASKED} ORDER BY seq, id) AS round
    FROM responses WHERE {COMPLETE} AND {OF_MODELS} AND seq < ? AND {{where}}
), together AS (
    SELECT count(*) AS answers FROM chosen WHERE round <= ? GROUP BY task, prompt_hash, round
), alike AS (
    SELECT count(*) AS answers FROM chosen WHERE round <= ? GROUP BY task, prompt_hash, round, text_sha256
)
SELECT (SELECT coalesce(sum(answers * (answers - 1) / 2), 0) FROM together)
    - (SELECT coalesce(sum(answers * (answers - 1) / 2), 0) FROM alike)"""
"""Without pairs that say the same, which nobody is asked about."""

_PAIRED: Final = f"""
SELECT count(*) FROM (
    SELECT DISTINCT response_id, other_response_id FROM judgements
    WHERE grader_id IN {same_as("?")} AND other_response_id IS NOT NULL AND kind IN ('preference', 'skip')
    AND {DECIDED} AND occasion <> 'repeat' AND seq < ?
    AND response_id IN (SELECT id FROM responses WHERE {{where}})
)"""


_LOOKS: Final = """
SELECT
    session_id, (SELECT min(other_id) FROM same_graders WHERE same_graders.grader_id = sessions.grader_id),
    looked_into, judged, planned
FROM looks JOIN sessions ON sessions.id = session_id ORDER BY looks.seq, looks.id"""


class LookRow(NamedTuple):
    session_id: str
    grader_id: str
    looked_into: LookedInto
    judged: int
    planned: int


class Stage(NamedTuple):
    """How far a session has come."""

    session_id: str
    judged: int
    """Answers; of a session of pairs, pairs."""
    planned: int
    is_finished: bool


class _Session(NamedTuple):
    id: str
    seq: int
    grader_id: str
    mode: Mode
    selection: str


class Chosen(Struct):
    """The part of what was chosen to be judged that says which answers."""

    tasks: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    samples: int | None = None
    limit: int | None = None
    again: bool = False

    @classmethod
    def of(cls, stored: str) -> Chosen:
        """All, where it cannot be read."""
        try:
            return msgspec.json.decode(stored, type=cls)
        except msgspec.MsgspecError:
            return cls()

    @property
    def is_all(self) -> bool:
        return not (self.tasks or self.prompts or self.models or self.limit)

    def where(self) -> tuple[str, list[str]]:
        return Selection(self.tasks, self.prompts, self.models).where()


def stages(store: Store, session_ids: Iterable[str]) -> list[Stage]:
    """Those of the sessions in which anything was judged, the oldest first."""
    ids = msgspec.json.encode(sorted(session_ids)).decode()
    judged_by = cache(store.progress.judged)
    found = []
    for each in map(_Session._make, store.tuples(_SESSIONS, [ids])):
        of_pairs = each.mode == "pairs"
        found.append(_of_pairs(store, each) if of_pairs else _of_answers(store, each, judged_by))
    return [each for each in found if each.judged]


def unfinished(store: Store, session_ids: Iterable[str]) -> list[Stage]:
    """Those of the sessions that have an end and are not at it."""
    return [each for each in stages(store, session_ids) if not each.is_finished]


def look(store: Store, session_ids: Iterable[str], into: LookedInto) -> list[LookRow]:
    """All looks, once it is recorded that somebody sees figures of these sessions, as far as they are not at
    their end. Where nothing can be written those that were recorded before."""
    if open_still := unfinished(store, session_ids):
        with suppress(StoreError):
            record_looks(store, into, open_still)
    return all_looks(store)


def all_looks(store: Connection) -> list[LookRow]:
    return list(map(LookRow._make, store.tuples(_LOOKS)))


def record_looks(store: Store, into: LookedInto, at: Iterable[Stage]) -> None:
    """Record for each of the sessions that somebody saw what came of it, once for each stage. Raises
    StoreError."""
    with store.transaction():
        for each in at:
            if each.judged != _last(store, each.session_id, into):
                store.sessions.look(each.session_id, into, judged=each.judged, planned=each.planned)


def _of_answers(store: Store, session: _Session, judged_by: JudgedBy) -> Stage:
    """Of grading as one likes, which has no end, and of one over stored answers. One whose every answer is
    judged, in this session or another of its grader, is at its end."""
    judged = _count(store, _GIVEN, [session.id])
    chosen = Chosen.of(session.selection)
    where, values = chosen.where()
    free = session.mode != "grade"
    began = LAST_SEQ if free else session.seq
    selected = {id_ for (id_,) in store.tuples(_SELECTED.format(where=where), [began, *values])}
    all_given = judged >= len(selected) or not (
        chosen.again or selected - judged_by(session.grader_id).keys()
    )
    if free or all_given:
        planned = judged if not free else _limited(len(selected), judged, chosen)
        return Stage(session.id, judged, planned, True)
    of_grader = [session.grader_id, False, began, session.grader_id, chosen.again, LAST_SEQ]
    ((count, given),) = store.tuples(
        _LEFT.format(where=where), [*of_grader, began, *values, chosen.samples or LAST_SEQ, chosen.again]
    )
    planned = _limited(count, judged, chosen)
    done = judged if chosen.limit is not None else max(judged, given)
    return Stage(session.id, judged, planned, done >= planned)


def _of_pairs(store: Store, session: _Session) -> Stage:
    """Without those that were judged before it began."""
    of_session = store.pairs.of_session(session.id)
    judged = of_session["graded"] + of_session["skipped"]
    chosen = Chosen.of(session.selection)
    where, values = chosen.where()
    samples = chosen.samples or LAST_SEQ
    count = _count(store, _PAIRS.format(where=where), [session.seq, *values, samples, samples])
    count -= _count(store, _PAIRED.format(where=where), [session.grader_id, session.seq, *values])
    planned = _limited(min(count, _MOST_PAIRS), judged, chosen)
    return Stage(session.id, judged, planned, judged >= planned)


def _limited(count: int, judged: int, chosen: Chosen) -> int:
    return max(judged, count if chosen.limit is None else min(count, chosen.limit))


def _last(store: Store, session_id: str, into: LookedInto) -> int:
    sql = f"SELECT judged FROM looks WHERE session_id = ? AND looked_into = ? {NEWEST_FIRST} LIMIT 1"
    return next((int(row["judged"]) for row in store.query(sql, [session_id, into])), 0)


def _count(store: Store, sql: str, values: list[object]) -> int:
    ((count,),) = store.tuples(sql, values)
    return int(count)
