"""Our own JSON lines, back into tables: the columns of each table by the names that an export gives them."""

from __future__ import annotations

from functools import reduce
from operator import attrgetter, or_
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import msgspec
from msgspec import UNSET, Meta, Raw, UnsetType, defstruct

from tui.store.exchange.export_tables import EVERY_TABLE, STORED_AS, ExportTable
from tui.store.exchange.jsonl_format import SCHEMA_VERSION
from tui.store.schema import BY_NAME
from tui.toml.mistakes import shown

if TYPE_CHECKING:
    from collections.abc import Callable

_INTEGER = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
_PYTHON: dict[str, Any] = {"TEXT": str, "INTEGER": _INTEGER, "REAL": float}
_TEXT_OF = ("note", "flag")
"""The kinds of judgements whose note is their own text, and not another's that stands beside them."""


class OwnTable(NamedTuple):
    """A table with what reads one of its rows from a line, and finds and writes it."""

    name: str
    type: str
    columns: tuple[str, ...]
    exported: tuple[str, ...]
    """The names of the same columns in an export."""
    keys: int
    """How many there are in a line, with those that are derived."""
    values: Callable[[Any], tuple[Any, ...]]
    key: Callable[[Any], tuple[Any, ...]]
    find: str
    insert: str

    def exported_as(self, column: str) -> str:
        return self.exported[self.columns.index(column)]


def _own_table(exported: ExportTable, kind: type) -> OwnTable:
    table = BY_NAME[exported.table]
    names = tuple(STORED_AS.get(exported.table, {}).get(name, name) for name in table.column_names)
    columns, places = ", ".join(table.column_names), ", ".join("?" * len(names))
    same = " AND ".join(f"{column} = ?" for column in table.key)
    values = attrgetter(*names)
    key = attrgetter(*table.key)
    return OwnTable(
        table.name,
        exported.type,
        table.column_names,
        names,
        len(exported.columns) + 2,
        _judgement_values(values, table.column_names.index("text")) if table.name == "judgements" else values,
        key if len(table.key) > 1 else lambda row: (key(row),),
        f"SELECT {columns} FROM {table.name} WHERE {same}",
        f"INSERT INTO {table.name} ({columns}) VALUES ({places})",
    )


def _judgement_values(
    values: Callable[[Any], tuple[Any, ...]], text: int
) -> Callable[[Any], tuple[Any, ...]]:
    def of(row: Any) -> tuple[Any, ...]:
        found = values(row)
        return found if row.kind in _TEXT_OF else (*found[:text], None, *found[text + 1 :])

    return of


def _kind(exported: ExportTable) -> type:
    """The type of a line. What is derived may be left out."""
    table = BY_NAME[exported.table]
    renamed = STORED_AS.get(exported.table, {})
    stored = {
        renamed.get(name, name): _type(column, is_flag=name in table.flags)
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    derived = [(name, Raw | UnsetType, UNSET) for name in exported.columns if name not in stored]
    fields: list[Any] = [("schema", int), *stored.items(), *derived]
    return defstruct(
        exported.name, fields, tag_field="type", tag=exported.type, forbid_unknown_fields=True, kw_only=True
    )


def _type(column: str, *, is_flag: bool) -> Any:
    python = bool if is_flag else _PYTHON[column.split()[1]]
    return python if "NOT NULL" in column else python | None


_KINDS = {exported.name: _kind(exported) for exported in EVERY_TABLE}
OWN_TABLES = {_KINDS[exported.name]: _own_table(exported, _KINDS[exported.name]) for exported in EVERY_TABLE}
"""By the type of their lines."""

decode_row: Callable[[str], Any] = msgspec.json.Decoder(reduce(or_, _KINDS.values())).decode
"""Raises DecodeError, or RecursionError."""


class _Marks(msgspec.Struct):
    schema: Any
    type: Any


def is_own(line: str) -> bool:
    """True of a line that says which schema it keeps, or begins as one."""
    if line.startswith('{"schema":'):
        return True
    try:
        return isinstance(msgspec.json.decode(line, type=_Marks).schema, int)
    except (msgspec.DecodeError, RecursionError):
        return False


def schema_mistake(line: str) -> str:
    """Why a line is of no schema that can be read; empty where that is not why."""
    try:
        found = msgspec.json.decode(line, type=_Marks)
    except (msgspec.DecodeError, RecursionError):
        return ""
    if found.schema != SCHEMA_VERSION:
        return (
            f"it is of schema {shown(found.schema)}, and this llm-grader reads {SCHEMA_VERSION}:"
            " export it again with the same version of llm-grader"
        )
    types = [table.type for table in OWN_TABLES.values()]
    if found.type in types:
        return ""
    return f"rows of type {shown(found.type)} are not imported: export everything (--what all)"
