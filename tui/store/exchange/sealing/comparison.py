"""Comparison of a database with a seal that was made of it earlier."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from tui.store.exchange.sealing.rows import PARTS, SHORT, sealed_rows
from tui.store.exchange.sealing.seal import line_of

if TYPE_CHECKING:
    from tui.store.connection import Connection
    from tui.store.exchange.sealing.rows import Part
    from tui.store.exchange.sealing.seal import Seal, SealedPart


class Compared(NamedTuple):
    """A part of the database beside what its seal says."""

    table: str
    sealed: int
    as_sealed: int
    changed: tuple[str, ...]
    """Ids."""
    missing: tuple[str, ...]
    """First digits of the sha256 of ids."""
    came: int
    """Rows that are not in the seal."""
    came_between: tuple[str, ...]
    """The ids of those among them whose place is not after the last that is sealed: a merge or an import
    brings such."""
    is_whole: bool


def compare(connection: Connection, seal: Seal) -> list[Compared]:
    """Part by part, as the database is now."""
    with connection.snapshot():
        return [_compared(connection, part, seal.parts[part.table]) for part in PARTS]


def _compared(connection: Connection, part: Part, sealed: SealedPart) -> Compared:
    expected = dict(entry.split(" ", 1) for entry in sealed.rows if " " in entry)
    last = sealed.last[0] if sealed.last else 0
    together = hashlib.sha256()
    same, came = 0, 0
    changed: list[str] = []
    between: list[str] = []
    for row in sealed_rows(connection, part):
        short = expected.pop(row.sign, None)
        if short is None:
            came += 1
            between += [row.id] if 0 < row.seq <= last else []
        elif short == row.sha256[:SHORT]:
            same += 1
            together.update(line_of(row.sha256))
        else:
            changed.append(row.id)
    return Compared(
        part.table,
        sealed.count,
        same,
        tuple(changed),
        tuple(expected),
        came,
        tuple(between),
        same == sealed.count and together.hexdigest() == sealed.sha256,
    )
