"""The sha256 of a file, computed once and remembered while its size and modification time stay the same."""

from __future__ import annotations

import contextlib
import hashlib
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from tui import paths
from tui.errors import WeightsError
from tui.explain import reason_of
from tui.files import LARGEST_STATE, read_small, replace_whole

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

_CHUNK = 2 << 20


class ReadingStoppedError(Exception):
    """Whoever asked for the digest wants it no more. Never reaches a person."""


class _Remembered(Struct, frozen=True):
    size: int
    mtime_ns: int
    sha256: str

    def describes(self, stat: os.stat_result) -> bool:
        return (self.size, self.mtime_ns) == (stat.st_size, stat.st_mtime_ns)


# Where the state folder cannot be written, this is all there is.
_in_this_process: dict[str, _Remembered] = {}


def _never() -> bool:
    return False


def sha256_of(path: Path, stop: Callable[[], bool] = _never) -> str:
    """Lower-case hex digest. Reads the whole file the first time (about a second per gigabyte or more), so
    call it off the event loop; `stop` is asked every few milliseconds whether to give up.

    Raises WeightsError where the file cannot be read, ReadingStoppedError when stopped.
    """
    if known := remembered_sha256(path):
        return known
    for _ in read_sha256(path):
        if stop():
            raise ReadingStoppedError
    return _in_this_process[str(path.resolve())].sha256


def read_sha256(path: Path) -> Iterator[int]:
    """Reads the file even where its digest is known, and remembers what it finds; gives the number of bytes
    read so far, every few milliseconds. Raises WeightsError."""
    try:
        stat = path.stat()
        digest = yield from digest_of(path)
    except OSError as error:
        raise WeightsError(f"{path}: cannot be read: {reason_of(error)}") from error
    _remember(str(path.resolve()), _Remembered(stat.st_size, stat.st_mtime_ns, digest))


def remember_sha256(path: Path, sha256: str) -> None:
    """Note the sha256 of a file that was hashed while it was written."""
    stat = path.stat()
    _remember(str(path.resolve()), _Remembered(stat.st_size, stat.st_mtime_ns, sha256))


def remembered_sha256(path: Path) -> str | None:
    """The digest if it is known without reading the file."""
    try:
        stat = path.stat()
        key = str(path.resolve())
    except OSError:
        return None
    if (known := _in_this_process.get(key)) and known.describes(stat):
        return known.sha256
    known = _load().get(key)
    return known.sha256 if known and known.describes(stat) else None


def digest_of(path: Path) -> Generator[int, None, str]:
    """Gives the number of bytes read so far, returns the sha256. Remembers nothing; raises OSError."""
    digest, done = hashlib.sha256(), 0
    buffer = memoryview(bytearray(_CHUNK))
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(buffer):
            digest.update(buffer[:count])
            done += count
            yield done
    return digest.hexdigest()


def _memory_file() -> Path:
    return paths.state_dir() / "fingerprints.json"


def _load() -> dict[str, _Remembered]:
    try:
        return msgspec.json.decode(read_small(_memory_file(), LARGEST_STATE), type=dict[str, _Remembered])
    except (OSError, ValueError, RecursionError):
        return {}


def _remember(key: str, entry: _Remembered) -> None:
    """Forgetting costs one more reading of the file; that is why a failure to write is not an error."""
    _in_this_process[key] = entry
    memory = _load() | {key: entry}
    with contextlib.suppress(OSError, UnicodeEncodeError):  # a path may be no text
        file = _memory_file()
        paths.make_folder(file.parent)
        replace_whole(file, msgspec.json.encode(memory))
