"""Graders, who are known by name."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from tui.store.connection import storable
from tui.store.ids import new_id, now
from tui.store.judgement_records import GraderRecord

if TYPE_CHECKING:
    from tui.store.connection import Connection
    from tui.store.judgement_records import GraderKind

_COLUMNS = ", ".join(GraderRecord.__struct_fields__)


class Graders:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, name: str, kind: GraderKind = "person") -> GraderRecord | None:
        """The grader of that name, in whatever case it was written."""
        sql = f"SELECT {_COLUMNS} FROM graders WHERE name_key = ? AND kind = ? ORDER BY id LIMIT 1"
        rows = self._connection.query(sql, [name_key(name), kind])
        return next(self._connection.read(rows, GraderRecord, "graders"), None)

    def found_or_added(self, name: str, kind: GraderKind = "person", *, new: str = "") -> GraderRecord:
        """The grader of that name; where there is none one with the id `new`, or with a fresh one. Inside a
        transaction."""
        if found := self.find(name, kind):
            return found
        grader = GraderRecord(
            id=new or new_id(), created_at=now(), name=name, name_key=name_key(name), kind=kind
        )
        self._connection.insert("graders", asdict(grader))
        return grader


def name_key(name: str) -> str:
    """What a grader is found by."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", storable(name)).casefold())
