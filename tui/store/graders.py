"""Graders, who are known by name."""

from __future__ import annotations

import re
import unicodedata
from itertools import product
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from tui.store.connection import storable
from tui.store.ids import id_of, new_id, now
from tui.store.judgement_records import GraderRecord

if TYPE_CHECKING:
    from tui.store.connection import Connection
    from tui.store.judgement_records import GraderKind

ID_SHOWN = 13
"""Characters of the id of a grader or a session by which it can be named: its time of beginning, to the
millisecond."""

_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_COLUMNS = ", ".join(GraderRecord.__struct_fields__)


class Graders:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, name: str, kind: GraderKind = "person") -> GraderRecord | None:
        """The grader of that name, in whatever case it was written, or of that id."""
        is_id = _ID.fullmatch(name)
        where, values = ("id = ?", [name]) if is_id else ("name_key = ? AND kind = ?", [name_key(name), kind])
        sql = f"SELECT {_COLUMNS} FROM graders WHERE {where} ORDER BY id LIMIT 1"
        rows = self._connection.query(sql, values)
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

    def make_same(self, one: str, other: str) -> None:
        """From now on the two, and all that each was the same as, are one. Inside a transaction.

        A row for each two of them, so that the rows are the same in whatever order they are joined.
        """
        for pair in product(same_graders(self._connection, one), same_graders(self._connection, other)):
            first, later = sorted(pair)
            if first != later:
                alias = {"id": id_of("same grader", first, later), "grader_id": later, "same_as": first}
                self._connection.insert("grader_aliases", alias, keep_existing=True)


def same_graders(connection: Connection, grader_id: str) -> list[str]:
    """The ids of whoever that grader is."""
    rows = connection.query("SELECT other_id FROM same_graders WHERE grader_id = ?", [grader_id])
    return [row["other_id"] for row in rows]


def name_key(name: str) -> str:
    """What a grader is found by."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", storable(name)).casefold())
