"""Joining another database into this one: each of its rows, with its id and its place, once."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any, Self

from tui.errors import StoreError
from tui.store.connection import Connection
from tui.store.database import DEFAULT_TIMEOUT
from tui.store.exchange.circumstances import is_circumstance, is_made_anywhere
from tui.store.opening import connect_to_read, state
from tui.store.schema import TABLES
from tui.store.schema.triggers import append_only

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tui.store.database import Store
    from tui.store.opening import Opened
    from tui.store.schema.columns import Table

Values = tuple[Any, ...]


class Other(Connection):
    """A database to be merged, in which nothing is changed."""

    def __init__(self, opened: Opened, path: Path, before: list[tuple[int, int]]) -> None:
        super().__init__(opened, path)
        self._before = before if opened.unlocked else None

    @classmethod
    @contextmanager
    def open(cls, path: Path, *, timeout: float = DEFAULT_TIMEOUT) -> Iterator[Self]:
        """StoreError for what is no database of this version."""
        before = []
        with suppress(OSError, ValueError):
            before = state(path)
        with closing(cls(connect_to_read(path, timeout=timeout), path, before)) as other:
            yield other

    def require_whole(self) -> None:
        """After everything was read: StoreError where some of it was read wrong."""
        for unread in self.remarks.take():
            raise _refusal(unread)
        if self._before and state(self.path) != self._before:
            raise StoreError(f"{self.path} is being written by another program: try again.")


def merge(store: Store, other: Other, same: Iterable[tuple[str, str]] = ()) -> dict[str, int]:
    """Add all that `other` holds and this one does not, or nothing where that cannot be; returns the number
    of added rows by table. `same` are ids of graders, of either, who are one person.

    The result is the same in whatever order databases are joined, and however often.
    """
    with other.snapshot(), store.transaction():
        tables = [table for table in TABLES if table.append_only]
        added = {table.name: _Joining(store, other, table).join() for table in tables}
        for one, another in same:
            store.graders.make_same(one, another)
        other.require_whole()
    return added


class _Joining:
    """The rows of one table, on their way into it. Inside a transaction."""

    def __init__(self, store: Store, other: Other, table: Table) -> None:
        self._store = store
        self._other = other
        self._table = table
        names = table.column_names
        columns, places = ", ".join(names), ", ".join("?" * len(names))
        self._insert = f"INSERT INTO {table.name} ({columns}) VALUES ({places})"
        self._own = " AND ".join(f"{column} = ?" for column in table.key)
        self._select = f"SELECT {columns} FROM {table.name}"
        self._key = [names.index(column) for column in table.key]
        self._circumstances = [place for place, name in enumerate(names) if is_circumstance(table, name)]
        self._may_change = False

    def join(self) -> int:
        order = "seq, id" if self._table.is_ordered else ", ".join(self._table.key)
        added = 0
        for row in self._other.query(f"{self._select} ORDER BY {order}"):
            there = tuple(row.values())
            here = self._store.tuples(f"{self._select} WHERE {self._own}", self._id(there))
            if not here:
                self._write(self._insert, there, there)
                added += 1
            elif here[0] != there:
                self._settle(here[0], there)
        if self._may_change:
            self._store.execute(append_only(self._table)[0])
        return added

    def _settle(self, here: Values, there: Values) -> None:
        """Two databases may make one row each by themselves, as by importing the same file: the one with the
        smaller circumstances stands in both, whichever is joined into the other."""
        made_anywhere = is_made_anywhere(self._table, here[self._key[0]])
        if not (made_anywhere and self._without(here) == self._without(there)):
            names = zip(self._table.column_names, here, there, strict=True)
            differing = ", ".join(name for name, one, another in names if one != another)
            raise _refusal(f"{self._named(there)} differs from the one here: {differing}")
        if self._order(there) < self._order(here):
            self._replace(there)

    def _replace(self, there: Values) -> None:
        if not self._may_change:
            self._store.execute(f"DROP TRIGGER {self._table.name}_refuse_update")
            self._may_change = True
        names = [self._table.column_names[place] for place in self._circumstances]
        changes = ", ".join(f"{name} = ?" for name in names)
        values = (*(there[place] for place in self._circumstances), *self._id(there))
        self._write(f"UPDATE {self._table.name} SET {changes} WHERE {self._own}", values, there)

    def _write(self, sql: str, values: Values, row: Values) -> None:
        try:
            self._store.execute(sql, values)
        except sqlite3.IntegrityError as error:
            raise _refusal(f"{self._named(row)} cannot be: {error}") from error

    def _id(self, row: Values) -> Values:
        return tuple(row[place] for place in self._key)

    def _without(self, row: Values) -> Values:
        return tuple(value for place, value in enumerate(row) if place not in self._circumstances)

    def _order(self, row: Values) -> list[tuple[bool, Any]]:
        return [(row[place] is not None, row[place]) for place in self._circumstances]

    def _named(self, row: Values) -> str:
        return f"{self._other.path}: the row {' '.join(map(str, self._id(row)))} of {self._table.name}"


def _refusal(what: str) -> StoreError:
    return StoreError(f"{what}. Nothing was merged.")
