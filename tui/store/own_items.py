"""Items that a person writes in the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.store.ids import new_id, now
from tui.store.records import OwnItem
from tui.store.schema.columns import LAST_SEQ, MOST

if TYPE_CHECKING:
    from tui.store.connection import Connection

_COLUMNS = ", ".join(OwnItem.__struct_fields__)
_STANDING = f"""
SELECT {_COLUMNS} FROM own_items AS item WHERE NOT removed AND id = (
    SELECT id FROM own_items WHERE own_id = item.own_id AND seq < {LAST_SEQ}
    ORDER BY seq DESC, id DESC LIMIT 1
) ORDER BY number, seq, id"""


class OwnItems:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, title: str, instruction: str) -> int:
        """Returns the item's number, which is never given again."""
        with self._connection.transaction():
            sql = f"SELECT coalesce(max(number), 0) + 1 AS next FROM own_items WHERE number < {MOST}"
            (row,) = self._connection.query(sql)
            fresh = {"id": new_id(), "own_id": new_id(), "created_at": now(), "removed": 0}
            asked = {"number": row["next"], "title": title, "instruction": instruction}
            self._connection.insert("own_items", fresh | asked)
        return int(row["next"])

    def all(self) -> list[OwnItem]:
        """As they were last edited, in the order they were first written."""
        return list(self._connection.read(self._connection.query(_STANDING), OwnItem, "own_items"))
