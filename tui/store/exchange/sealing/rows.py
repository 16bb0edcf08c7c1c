"""The rows that a seal is of, in the one form in which they are hashed. docs/export.md has the recipe."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from tui.store.connection import with_truths
from tui.store.exchange.circumstances import is_circumstance, is_made_anywhere
from tui.store.exchange.export_tables import EVERY_TABLE, STORED_AS, kind_of
from tui.store.schema import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.store.connection import Connection

SHORT: Final = 16
"""Hexadecimal digits of a hash that are enough to find a row by."""

# A session's seed is too short to hide in a hash, and with it one could work out who wrote what.
_UNSEALED: Final = {"sessions": ("seed",)}


class Part(NamedTuple):
    """A table that is sealed."""

    table: str
    type: str
    """The type of its rows in JSON lines."""
    key: str
    columns: tuple[str, ...]
    """By the names that an export gives them."""


class SealedRow(NamedTuple):
    id: str
    seq: int
    """0 in a part without an order."""
    sha256: str

    @property
    def sign(self) -> str:
        """What stands for the id. Ids sort by time, and so would tell which model came first."""
        return digest(self.id)[:SHORT]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _exported(table: str, column: str) -> str:
    return STORED_AS.get(table, {}).get(column, column)


def _part(name: str) -> Part:
    table = BY_NAME[name]
    (type_,) = (exported.type for exported in EVERY_TABLE if exported.table == name)
    left_out = _UNSEALED.get(name, ())
    columns = (_exported(name, column) for column in table.column_names if column not in left_out)
    return Part(name, type_, table.key[0], tuple(sorted(columns)))


PARTS: Final = tuple(map(_part, ("rubrics", "items", "responses", "judgements", "sessions")))


def sealed_rows(connection: Connection, part: Part) -> Iterator[SealedRow]:
    """The rows of a part, in the order of their ids, without those that cannot be read.

    What a merge may change of a row that another database has made too is no part of its hash.
    """
    table = BY_NAME[part.table]
    kind = kind_of(table)
    names = {column: _exported(table.name, column) for column in table.column_names}
    sealed = [column for column, name in names.items() if name in part.columns]
    lasting = [column for column in sealed if not is_circumstance(table, column)]
    for stored in connection.query(f"SELECT {', '.join(names)} FROM {table.name} ORDER BY {part.key}"):
        row = with_truths(stored, table.name)
        try:
            msgspec.convert(row, kind)
        except msgspec.ValidationError as error:
            connection.pass_over(table.name, row, error)
            continue
        id_ = row[part.key]
        columns = lasting if is_made_anywhere(table, id_) else sealed
        yield SealedRow(id_, row.get("seq", 0), _hash({names[column]: row[column] for column in columns}))


def _hash(row: dict[str, object]) -> str:
    return digest(json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
