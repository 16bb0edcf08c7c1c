"""Claims: each names a response that a process is about to write, so that no two write the same."""

from __future__ import annotations

import re
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from filelock import Timeout
from msgspec.structs import asdict

from tui.errors import StoreError
from tui.processes.locks import system_lock
from tui.store.ids import now
from tui.store.records import ResponseKey
from tui.store.responses import WAS_ASKED
from tui.store.schema.columns import MOST
from tui.store.schema.views import COMPLETE

if TYPE_CHECKING:
    from pathlib import Path

    from filelock import FileLock

    from tui.store.connection import Connection
    from tui.store.records import ModelKey

Claim = Literal["ours", "answered", "elsewhere"]

_OWNER = re.compile(r"[0-9a-f]{32}")
_SAME = " AND ".join(f"{column} = :{column}" for column in ResponseKey.__struct_fields__)
_NEXT = f"""
SELECT coalesce(max(sample), 0) + 1 AS next FROM (
    SELECT sample FROM responses WHERE {COMPLETE} AND {WAS_ASKED} AND sample < {MOST}
    UNION ALL SELECT sample FROM claims WHERE {WAS_ASKED} AND sample < {MOST}
)"""


class Claims:
    """A claim ends when its response is stored, and with the process that made it: that holds a lock beside
    the database, which the operating system lets go however it ends."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock: FileLock | None = None
        self._owner = ""
        self._over: tuple[str, ...] = ()
        """Our own claims that are still to be ended."""

    def take(self, response_id: str, key: ResponseKey) -> Claim:
        """Claim the response, unless it is there, or somebody else is about to write it."""
        with self._connection.transaction():
            self._end_those_of_the_dead()
            self._end_those_that_are_over()
            if any(
                self._connection.query(
                    f"SELECT 1 FROM responses WHERE {COMPLETE} AND {_SAME} LIMIT 1", asdict(key)
                )
            ):
                return "answered"
            if any(self._connection.query(f"SELECT 1 FROM claims WHERE {_SAME}", asdict(key))):
                return "elsewhere"
            self._store(response_id, key)
            return "ours"

    def take_next(
        self, response_id: str, task: str, prompt_hash: str, model: ModelKey, base_seed: int
    ) -> int:
        """Claim the first sample of a model that nobody has or is about to write; its number."""
        asked = [task, prompt_hash, *model]
        with self._connection.transaction():
            self._end_those_of_the_dead()
            self._end_those_that_are_over()
            (row,) = self._connection.query(_NEXT, [*asked, *asked])
            sample = int(row["next"])
            key = ResponseKey(
                task=task,
                prompt_hash=prompt_hash,
                model=model.name,
                model_config_hash=model.config_hash,
                origin=model.origin,
                sample=sample,
                seed=base_seed + sample - 1,
            )
            self._store(response_id, key)
        return sample

    def end(self, response_id: str) -> None:
        """There will be no such response. One that cannot be ended now ends with the next claim, or with this
        process."""
        self._over += (response_id,)
        with suppress(StoreError):
            with self._connection.without_waiting(), self._connection.transaction():
                self._end_those_that_are_over()
            self._over = ()

    def close(self) -> None:
        """Let go of the lock: what is claimed here is free."""
        if self._lock is not None:
            _let_go(self._lock)

    def _store(self, response_id: str, key: ResponseKey) -> None:
        if self._lock is None:
            self._hold_lock()
        self._connection.insert(
            "claims", {"id": response_id, "owner": self._owner, "claimed_at": now()} | asdict(key)
        )

    def _hold_lock(self) -> None:
        owner = uuid.uuid4().hex
        lock = _lock_of(self._connection.path, owner)
        # Where no file can be locked, claims end at once, and processes do not know of each other.
        with suppress(OSError, Timeout, NotImplementedError):
            lock.acquire(timeout=0)
            self._lock, self._owner = lock, owner

    def _end_those_that_are_over(self) -> None:
        for response_id in self._over:
            self._connection.execute("DELETE FROM claims WHERE id = ?", [response_id])

    def _end_those_of_the_dead(self) -> None:
        for row in list(self._connection.query("SELECT DISTINCT owner FROM claims")):
            owner = str(row["owner"])
            ours = self._lock is not None and owner == self._owner
            if not ours and not _lives(self._connection.path, owner):
                self._connection.execute("DELETE FROM claims WHERE owner = ?", [row["owner"]])


def _lock_of(database: Path, owner: str) -> FileLock:
    return system_lock(database.absolute().with_name(f"{database.name}-claims-{owner}"))


def _lives(database: Path, owner: str) -> bool:
    if not _OWNER.fullmatch(owner):
        return False
    lock = _lock_of(database, owner)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except (OSError, NotImplementedError):
        return False
    _let_go(lock)
    return False


def _let_go(lock: FileLock) -> None:
    from pathlib import Path

    with suppress(OSError):
        Path(lock.lock_file).unlink()  # before it is free: nobody may lock a file that is about to go
    with suppress(OSError):
        lock.release()
    with suppress(OSError):
        Path(lock.lock_file).unlink(missing_ok=True)  # Windows keeps a file that is open
