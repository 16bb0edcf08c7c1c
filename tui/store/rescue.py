"""Answers that the database would not take before the program had to end: kept in the state folder, and taken
in the next time the database is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tui import paths
from tui.errors import StoreBlockedError, StoreBusyError, StoreError
from tui.store.ids import new_id
from tui.store.records import Recorded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tui.store.database import Store


class _Header(msgspec.Struct):
    database: str


def keep(recorded: Sequence[Recorded], database: Path) -> Path:
    """JSON lines: the database they belong to, then the answers. Raises OSError."""
    file = paths.make_folder(_folder()) / f"{new_id()}.jsonl"
    lines = [msgspec.json.encode(each) for each in (_Header(_name(database)), *recorded)]
    try:
        with open(file, "xb", opener=paths.private) as stream:
            stream.write(b"\n".join(lines) + b"\n")
    except OSError:
        file.unlink(missing_ok=True)  # a torn one would be in the way at each start
        raise
    return file


def take_in(store: Store) -> None:
    """Store what was kept for this database; a remark says so, or what is in the way."""
    for file in sorted(_folder().glob("*.jsonl")):
        try:
            header, *lines = file.read_bytes().splitlines()
            if msgspec.json.decode(header, type=_Header).database != _name(store.path):
                continue
            _take(store, lines)
            file.unlink(missing_ok=True)
        except StoreBusyError:
            store.remarks.add(f"{file} holds answers that the next start will take into the database.")
        except (OSError, ValueError, msgspec.MsgspecError, StoreError) as error:
            store.remarks.add(f"{file} holds answers that cannot be taken into the database: {error}")


def _take(store: Store, lines: Sequence[bytes]) -> None:
    """All that the database does not refuse; then raises what was wrong with one of the others."""
    taken, refusal = 0, None
    for line in lines:
        try:
            taken += _store(store, msgspec.json.decode(line, type=Recorded))
        except (StoreBusyError, StoreBlockedError):
            raise
        except (msgspec.MsgspecError, StoreError) as error:
            refusal = error
    if taken or refusal is None:
        store.remarks.add(f"Answers kept when they could not be saved are in now: {taken}.")
    if refusal is not None:
        raise refusal


def _store(store: Store, recorded: Recorded) -> bool:
    if store.responses.get(recorded.response.id) is not None:
        return False
    with store.without_waiting():
        store.responses.add(recorded)
    return True


def _folder() -> Path:
    return paths.state_dir() / "unsaved"


def _name(database: Path) -> str:
    """The file's name as text: its bytes need not be any."""
    return str(database.absolute().resolve()).encode(errors="backslashreplace").decode()
