"""Sessions of graders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import asdict

from tui.store.ids import new_id, now
from tui.store.judgement_records import SessionRecord

if TYPE_CHECKING:
    from tui.store.connection import Connection
    from tui.store.graders import Graders
    from tui.store.judgement_records import Mode


class Sessions:
    def __init__(self, connection: Connection, graders: Graders) -> None:
        self._connection = connection
        self._graders = graders

    def begin(self, grader: str, *, mode: Mode, app_version: str) -> SessionRecord:
        """A new session of the grader of that name. On disk on return."""
        with self._connection.transaction():
            session = SessionRecord(
                id=new_id(),
                started_at=now(),
                grader_id=self._graders.found_or_added(grader).id,
                mode=mode,
                app_version=app_version,
            )
            self._connection.insert("sessions", asdict(session))
        return session
