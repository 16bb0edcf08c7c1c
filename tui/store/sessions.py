"""Sessions of graders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec.structs import asdict

from tui.store.ids import new_id, now
from tui.store.judgement_records import SessionRecord
from tui.store.schema.generating import ASKED
from tui.store.schema.views import COMPLETE, NEWEST_FIRST, same_as

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.store.connection import Connection
    from tui.store.graders import Graders
    from tui.store.judgement_records import LookedInto, Mode
    from tui.store.selection import Selection

_COLUMNS = ", ".join(SessionRecord.__struct_fields__)

UNREVEALED: Final = "blind AND NOT EXISTS (SELECT 1 FROM reveals WHERE reveals.session_id = sessions.id)"
"""True of a session whose grader is not to know who wrote what."""

_ON_SHEETS = """
SELECT 1 FROM responses CROSS JOIN sessions ON sessions.id = ?
WHERE responses.id = ? AND responses.seq < CASE mode
    WHEN 'free' THEN (SELECT max(seq) FROM reveals WHERE session_id = sessions.id) ELSE sessions.seq
END"""

# CROSS JOIN keeps SQLite from beginning with all that was judged in the session.
_BESIDE = """EXISTS (
    SELECT 1 FROM responses AS beside
    CROSS JOIN judgements ON judgements.response_id = beside.id AND +session_id = sessions.id
    WHERE beside.task = responses.task AND beside.prompt_hash = responses.prompt_hash
)"""

_SAME_AUTHOR = " AND ".join(f"older.{column} = responses.{column}" for column in ASKED.split(", "))
_IS_OF_FIRST = f"""(
    SELECT count(*) FROM responses AS older
    WHERE {_SAME_AUTHOR} AND {COMPLETE} AND (older.seq, older.id) < (responses.seq, responses.id)
) < ?"""


class Shown(NamedTuple):
    """Which answers a session shows: those selected, of each model's to an item so many at most, and with
    `only_judged` of the items on which something was judged."""

    selection: Selection
    samples: int | None
    only_judged: bool


class Sessions:
    def __init__(self, connection: Connection, graders: Graders) -> None:
        self._connection = connection
        self._graders = graders

    def begin(
        self,
        grader: str,
        *,
        mode: Mode,
        app_version: str,
        seed: int | None = None,
        selection: str = "{}",
        blind: bool = False,
        repeat_rate: float = 0.0,
    ) -> SessionRecord:
        """A new session of the grader of that name. On disk on return."""
        with self._connection.transaction():
            session = SessionRecord(
                id=new_id(),
                started_at=now(),
                grader_id=self._graders.found_or_added(grader).id,
                mode=mode,
                seed=seed,
                selection=selection,
                blind=blind,
                repeat_rate=repeat_rate,
                app_version=app_version,
            )
            self._connection.insert("sessions", asdict(session))
        return session

    def newest(self, grader_id: str, mode: Mode, selection: str, *, blind: bool) -> SessionRecord | None:
        """This grader's last one of that mode and selection, blind or open."""
        where = f"grader_id IN {same_as('?')} AND mode = ? AND selection = ? AND blind = ?"
        return next(self._read(f"{where} {NEWEST_FIRST} LIMIT 1", [grader_id, mode, selection, blind]), None)

    def has_begun(self, grader_id: str, mode: Mode) -> bool:
        """True if this grader ever began one of that mode."""
        sql = f"SELECT 1 FROM sessions WHERE grader_id IN {same_as('?')} AND mode = ? LIMIT 1"
        return any(self._connection.query(sql, [grader_id, mode]))

    def blind(self, grader_id: str) -> list[SessionRecord]:
        """This grader's sessions that are not revealed, newest first."""
        where = f"grader_id IN {same_as('?')} AND {UNREVEALED} {NEWEST_FIRST}"
        return list(self._read(where, [grader_id]))

    def revealed(self, grader_id: str) -> list[SessionRecord]:
        """This grader's sessions that were blind, newest first."""
        where = f"grader_id IN {same_as('?')} AND blind AND NOT ({UNREVEALED}) {NEWEST_FIRST}"
        return list(self._read(where, [grader_id]))

    def shows(self, session: SessionRecord, response_id: str, answers: Shown) -> bool:
        """True if a response was on one of its sheets when the session was revealed."""
        where, chosen = answers.selection.where()
        values: list[object] = [session.id, response_id, *chosen]
        conditions = [where, *([_BESIDE] if answers.only_judged else [])]
        if answers.samples is not None:
            conditions.append(_IS_OF_FIRST)
            values.append(answers.samples)
        sql = f"{_ON_SHEETS} AND {' AND '.join(conditions)}"
        return any(self._connection.query(sql, values))

    def newest_reveal(self) -> int:
        """Its place in the order of arrival, whosever session it ended; 0 before the first."""
        (row,) = self._connection.query("SELECT coalesce(max(seq), 0) AS seq FROM reveals")
        return int(row["seq"])

    def is_revealed(self, session_id: str) -> bool:
        return any(self._connection.query("SELECT 1 FROM reveals WHERE session_id = ?", [session_id]))

    def reveal(self, session_id: str) -> None:
        """End its blinding, for good. On disk on return."""
        with self._connection.transaction():
            row = {"id": new_id(), "session_id": session_id, "revealed_at": now()}
            self._connection.insert("reveals", row)

    def look(self, session_id: str, into: LookedInto, *, judged: int, planned: int) -> None:
        """Record that its grader looked at what came of so many judged answers. On disk on return."""
        row = {"id": new_id(), "session_id": session_id, "looked_at": now(), "looked_into": into}
        with self._connection.transaction():
            self._connection.insert("looks", row | {"judged": judged, "planned": planned})

    def guess(self, session_id: str, response_id: str, model: str) -> None:
        """Record which model its grader took for the author. On disk on return."""
        row = {"id": new_id(), "session_id": session_id, "response_id": response_id, "model": model}
        with self._connection.transaction():
            self._connection.insert("guesses", row | {"guessed_at": now()})

    def guesses(self, session_id: str) -> dict[str, str]:
        """The newest guess of each response."""
        sql = "SELECT response_id, model FROM guesses WHERE session_id = ? ORDER BY seq, id"
        return {row["response_id"]: row["model"] for row in self._connection.query(sql, [session_id])}

    def starting_with(self, id_: str) -> list[SessionRecord]:
        """The sessions whose id begins so: a person types a few characters of it."""
        return list(self._read("substr(id, 1, length(?)) = ?", [id_, id_]))

    def arrival(self, session: SessionRecord) -> int:
        """The place of a session in the order of arrival: what is later came after it began."""
        (row,) = self._connection.query("SELECT seq FROM sessions WHERE id = ?", [session.id])
        return int(row["seq"])

    def next_arrival(self) -> int:
        """The place of the next event, unless another program writes one before."""
        (row,) = self._connection.query("SELECT next FROM arrivals")
        return int(row["next"])

    def _read(self, where: str, parameters: list[object]) -> Iterator[SessionRecord]:
        rows = self._connection.query(f"SELECT {_COLUMNS} FROM sessions WHERE {where}", parameters)
        return self._connection.read(rows, SessionRecord, "sessions")
