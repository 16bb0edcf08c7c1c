"""The sha256 of a file, computed once and remembered while its size and modification time stay the same."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

import msgspec
from msgspec import Struct

from tui import paths
from tui.errors import WeightsError


class _Remembered(Struct, frozen=True):
    size: int
    mtime_ns: int
    sha256: str

    def describes(self, stat: os.stat_result) -> bool:
        return (self.size, self.mtime_ns) == (stat.st_size, stat.st_mtime_ns)


def sha256_of(path: Path) -> str:
    """Lower-case hex digest. Reads the whole file the first time (about a second per gigabyte or more), so
    call it off the event loop. Raises WeightsError where the file cannot be read."""
    try:
        if known := remembered_sha256(path):
            return known
        stat = path.stat()
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise WeightsError(f"{path}: cannot be read: {error.strerror or error}") from error
    _remember(str(path.resolve()), _Remembered(stat.st_size, stat.st_mtime_ns, digest))
    return digest


def remembered_sha256(path: Path) -> str | None:
    """The digest if it is known without reading the file."""
    try:
        stat = path.stat()
        known = _load().get(str(path.resolve()))
    except OSError:
        return None
    return known.sha256 if known and known.describes(stat) else None


def _memory_file() -> Path:
    return paths.state_dir() / "fingerprints.json"


def _load() -> dict[str, _Remembered]:
    try:
        return msgspec.json.decode(_memory_file().read_bytes(), type=dict[str, _Remembered])
    except (OSError, msgspec.DecodeError):
        return {}


def _remember(key: str, entry: _Remembered) -> None:
    """Forgetting costs one more reading of the file; that is why a failure to write is not an error."""
    memory = _load() | {key: entry}
    with contextlib.suppress(OSError):
        file = _memory_file()
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=file.name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(msgspec.json.encode(memory))
        Path(temporary).replace(file)
