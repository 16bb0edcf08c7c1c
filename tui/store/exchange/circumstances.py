"""Circumstances of a row: what two databases may have otherwise of one and the same thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.store.schema.columns import Table

_VERSION = slice(14, 15)
"""The place of a UUID's version: 5 is one that is made of names or contents."""

_NAMED_HERE = {
    "weights": ("file", "files", "architecture", "description", "parameters"),
    "models": ("title",),
    "imports": ("file",),
    "checks": ("verdict", "evidence", "build"),
}
"""What one machine calls, or found out about, the same thing as another does."""


def is_made_anywhere(table: Table, key: str) -> bool:
    """True where the key, of which this is the first part, follows from what the row is: so another database
    may have made the same row by itself, as by importing the same file."""
    return table.key != ("id",) or key[_VERSION] == "5"


def is_circumstance(table: Table, column: str) -> bool:
    """True of when and by whom a row was written, and of what it is called here; not of what it is."""
    of_writing = column in ("seq", "app_version") or column.endswith("_at")
    return of_writing or column in _NAMED_HERE.get(table.name, ())
