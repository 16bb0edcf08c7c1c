"""A seal: what was judged, as hashes, for a file that is kept or published elsewhere."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, TextIO

import msgspec
from msgspec import Struct

from tui.errors import StoreError, UsageError
from tui.explain import reason_of
from tui.files import read_small
from tui.store.exchange.sealing.rows import PARTS, SHORT, digest, sealed_rows
from tui.store.ids import now

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tui.store.connection import Connection
    from tui.store.exchange.sealing.rows import Part

VERSION: Final = 1
_LARGEST: Final = 1_000_000_000
_HOW: Final = (
    "Each row: the sha256 of its columns, by the names and values of `llm-grader export --what all"
    " --format jsonl`, as Python's json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(',',"
    " ':')) writes them; of a row whose id is a UUIDv5 without seq, app_version and what ends in _at; the"
    " note of what is neither a note nor a flag is null. Each part: the sha256 of those of its rows in the"
    " order of their ids, a line each. All: the sha256 of those of the parts, a line each. In `rows` stand"
    " 16 digits of the sha256 of a row's id and 16 of its own. What is not in it came later."
)


class SealedPart(Struct, kw_only=True, forbid_unknown_fields=True):
    """What a seal says of one table."""

    type: str
    key: str
    columns: list[str]
    count: int
    last: tuple[int, str] | None
    """The seq and the sign of the last row in the order of arrival."""
    sha256: str
    rows: list[str]


class Seal(Struct, kw_only=True, forbid_unknown_fields=True):
    llm_grader_seal: int
    made_at: str
    app_version: str
    how: str
    sha256: str
    parts: dict[str, SealedPart]


def seal(connection: Connection, *, app_version: str) -> Seal:
    """Of the database as it is now."""
    with connection.snapshot():
        parts = {part.table: _sealed(connection, part) for part in PARTS}
    return Seal(
        llm_grader_seal=VERSION,
        made_at=now(),
        app_version=app_version,
        how=_HOW,
        sha256=_of_all(parts.values()),
        parts=parts,
    )


def write_seal(made: Seal, stream: TextIO) -> None:
    stream.write(msgspec.json.format(msgspec.json.encode(made), indent=1).decode() + "\n")


def read_seal(path: Path) -> Seal:
    """Raises UsageError for what is no seal, StoreError if it cannot be read or contradicts itself."""
    try:
        found = msgspec.json.decode(read_small(path, _LARGEST), type=Seal)
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {reason_of(error)}") from error
    except (msgspec.MsgspecError, RecursionError) as error:
        raise UsageError(f"{path} is no seal of llm-grader export --seal: {error}") from error
    if found.llm_grader_seal != VERSION or not _is_ours(found):
        raise UsageError(f"{path} was made by another version of llm-grader, {found.app_version}.")
    if not _is_consistent(found):
        raise StoreError(f"{path} is not as it was made: its own hashes contradict each other.")
    return found


def line_of(sha256: str) -> bytes:
    return f"{sha256}\n".encode()


def _sealed(connection: Connection, part: Part) -> SealedPart:
    together, rows, last = hashlib.sha256(), [], None
    for row in sealed_rows(connection, part):
        together.update(line_of(row.sha256))
        rows.append(f"{row.sign} {row.sha256[:SHORT]}")
        if row.seq and (last is None or (row.seq, row.id) > last):
            last = (row.seq, row.id)
    return SealedPart(
        type=part.type,
        key=part.key,
        columns=list(part.columns),
        count=len(rows),
        last=(last[0], digest(last[1])[:SHORT]) if last else None,
        sha256=together.hexdigest(),
        rows=rows,
    )


def _of_all(parts: Iterable[SealedPart]) -> str:
    return hashlib.sha256(b"".join(line_of(part.sha256) for part in parts)).hexdigest()


def _is_ours(found: Seal) -> bool:
    ours = [(part.table, part.type, part.key, list(part.columns)) for part in PARTS]
    return ours == [(name, part.type, part.key, part.columns) for name, part in found.parts.items()]


def _is_consistent(found: Seal) -> bool:
    counts = all(part.count == len(part.rows) for part in found.parts.values())
    return counts and found.sha256 == _of_all(found.parts.values())
