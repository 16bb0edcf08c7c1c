"""Sessions of graders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import asdict

from tui.store.ids import new_id, now
from tui.store.judgement_records import SessionRecord
from tui.store.schema.views import NEWEST_FIRST, same_as

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.store.connection import Connection
    from tui.store.graders import Graders
    from tui.store.judgement_records import Mode

_COLUMNS = ", ".join(SessionRecord.__struct_fields__)


class Sessions:
    def __init__(self, connection: Connection, graders: Graders) -> None:
        self._connection = connection
        self._graders = graders

    def begin(
        self, grader: str, *, mode: Mode, app_version: str, seed: int | None = None, selection: str = "{}"
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
                app_version=app_version,
            )
            self._connection.insert("sessions", asdict(session))
        return session

    def newest(self, grader_id: str, mode: Mode, selection: str) -> SessionRecord | None:
        """This grader's last one of that mode and selection."""
        where = f"grader_id IN {same_as('?')} AND mode = ? AND selection = ? {NEWEST_FIRST} LIMIT 1"
        return next(self._read(where, [grader_id, mode, selection]), None)

    def starting_with(self, id_: str) -> list[SessionRecord]:
        """The sessions whose id begins so: a person types a few characters of it."""
        return list(self._read("substr(id, 1, length(?)) = ?", [id_, id_]))

    def arrival(self, session: SessionRecord) -> int:
        """The place of a session in the order of arrival: what is later came after it began."""
        (row,) = self._connection.query("SELECT seq FROM sessions WHERE id = ?", [session.id])
        return int(row["seq"])

    def _read(self, where: str, parameters: list[str]) -> Iterator[SessionRecord]:
        rows = self._connection.query(f"SELECT {_COLUMNS} FROM sessions WHERE {where}", parameters)
        return self._connection.read(rows, SessionRecord, "sessions")
