"""Import of our own JSON lines: every row as it was stored, with its id and its place in the order."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from tui.errors import UsageError
from tui.store.exchange.circumstances import is_circumstance, is_made_anywhere
from tui.store.exchange.jsonl_format import SCHEMA_VERSION
from tui.store.exchange.masking import MASKED
from tui.store.exchange.own_rows import OWN_TABLES, decode_row, schema_mistake
from tui.store.exchange.rows import keys_in
from tui.store.exchange.source import json_mistake
from tui.store.schema import BY_NAME
from tui.toml.mistakes import shown

if TYPE_CHECKING:
    from tui.store.connection import Connection
    from tui.store.database import Store
    from tui.store.exchange.progress import Progress
    from tui.store.exchange.source import Source

_NAMESAKES = """
SELECT here.id, here.name FROM graders AS new JOIN graders AS here
ON here.name_key = new.name_key AND here.kind = new.kind AND here.id <> new.id WHERE new.id = ?"""


class OwnImported(NamedTuple):
    added: int
    there: int


def import_own(
    store: Store, source: Source, progress: Progress, *, same_graders: bool | None = None
) -> OwnImported:
    """All rows, or none. A row that is there stays; RowError where it is there with other contents, or where
    what it refers to is missing.

    A new grader with the name of one here is the same person, or another, as `same_graders` says; UsageError
    where it says nothing.
    """
    added = there = 0
    graders: dict[str, bool] = {}
    with store.transaction():
        for text in source.texts():
            if text.strip():
                line = _Line(store, source, text)
                is_new = line.store()
                added, there = added + is_new, there + (not is_new)
                if line.table == "graders":
                    graders[line.id] = is_new
                progress.row(source)
        if same_graders is not False:
            _join_namesakes(store, source, graders, asked=same_graders is None)
    return OwnImported(added, there)


def _join_namesakes(store: Store, source: Source, graders: dict[str, bool], *, asked: bool) -> None:
    """`graders` are those of the file, true where they are new. Two of one file were told apart there."""
    for new in (id_ for id_, is_new in graders.items() if is_new):
        for id_, name in store.tuples(_NAMESAKES, [new]):
            if id_ in graders:
                continue
            if asked:
                raise UsageError(
                    f"{source.path} has a grader {shown(name)}, and so has {store.path}: say with"
                    " --same-graders that they are one person, or with --other-graders that they are not;"
                    " nothing was imported"
                )
            store.graders.make_same(new, id_)


class _Line:
    """A line with the row that it holds."""

    def __init__(self, store: Connection, source: Source, line: str) -> None:
        self._store = store
        self._source = source
        self._row = self._decoded(line)
        self._table = OWN_TABLES[type(self._row)]
        if keys_in(line) > self._table.keys:
            raise self._mistake("a column is there twice")
        self._values = self._table.values(self._row)

    @property
    def table(self) -> str:
        return self._table.name

    @property
    def id(self) -> str:
        return str(self._row.id)

    def store(self) -> bool:
        """True where it was not there."""
        try:
            self._store.execute(self._table.insert, self._values)
        except sqlite3.IntegrityError as error:
            for found in self._store.tuples(self._table.find, self._table.key(self._row)):
                self._require_same(found)
                return False
            raise self._refusal(error) from error
        return True

    def _decoded(self, line: str) -> Any:
        if MASKED in line:
            raise self._mistake(
                "who wrote this answer is hidden, since a session was blind when it was exported: an export"
                " of everything (--what all) as JSON lines hides nothing"
            )
        try:
            row = decode_row(line)
        except (msgspec.DecodeError, RecursionError) as error:
            words, column = json_mistake(error)
            if other := schema_mistake(line):
                words, column = other, ""
            raise self._source.mistake(words, self._source.line, column) from error
        if words := schema_mistake(line) if row.schema != SCHEMA_VERSION else "":
            raise self._mistake(words)
        return row

    def _require_same(self, found: tuple[Any, ...]) -> None:
        if found == self._values:
            return
        table = BY_NAME[self.table]
        made_anywhere = is_made_anywhere(table, str(self._table.key(self._row)[0]))
        for column, here, given in zip(self._table.columns, found, self._values, strict=True):
            if here != given and not (made_anywhere and is_circumstance(table, column)):
                raise self._mistake(
                    f"{self._store.path} has {self._name} already, with {shown(here)}"
                    f" where this line has {shown(given)}",
                    column,
                )

    def _refusal(self, error: sqlite3.IntegrityError) -> Exception:
        for column, table, value in self._missing():
            return self._mistake(
                f"it refers to {shown(value)} of {table}, which stands neither above it nor in"
                f" {self._store.path}: import an export of everything (--what all) first",
                column,
            )
        broken = str(error).removeprefix("CHECK constraint failed: ")
        for column, definition in zip(self._table.columns, BY_NAME[self._table.name].columns, strict=True):
            if f"CHECK ({broken})" in definition:
                value = self._values[self._table.columns.index(column)]
                return self._mistake(f"{shown(value)} cannot stand there ({broken})", column)
        return self._mistake(f"its columns contradict each other ({broken})")

    def _missing(self) -> list[tuple[str, str, object]]:
        """The first column, the table and the value of each reference that leads nowhere."""
        row = dict(zip(self._table.columns, self._values, strict=True))
        references: dict[int, list[dict[str, Any]]] = {}
        for each in self._store.query(f"PRAGMA foreign_key_list({self._table.name})"):
            references.setdefault(each["id"], []).append(each)
        missing = []
        for parts in references.values():
            values = [row[part["from"]] for part in parts]
            same = " AND ".join(f"{part['to']} = ?" for part in parts)
            sql = f"SELECT 1 FROM {parts[0]['table']} WHERE {same}"
            if None not in values and not self._store.tuples(sql, values):
                missing.append((parts[0]["from"], parts[0]["table"], values[0]))
        return missing

    @property
    def _name(self) -> str:
        return f"this {self._table.type.replace('_', ' ')}"

    def _mistake(self, words: str, column: str = "") -> Exception:
        exported = self._table.exported_as(column) if column else ""
        return self._source.mistake(words, self._source.line, exported)
