"""The bytes of a file that are here so far, beside the place of the whole one."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from msgspec.structs import replace

from tui.errors import WeightsError
from tui.paths import make_shared_folder
from tui.weights.errors import disk_failures
from tui.weights.files.layout import ORIGIN, PART, beside
from tui.weights.files.provenance import Provenance, read_provenance, write_provenance

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.weights.hub.metadata import RemoteFile

_READ = 16 * 1024 * 1024
_LINK = "a link to another file, which is not written through: remove it and start it again"
_NO_FILE = "not a regular file: remove it and start it again"


class PartialFile:
    """Its length is the only record of how far it is, so that a kill at any moment leaves a true one. Whoever
    works on it holds the lock. All methods raise WeightsError when the disk is full or cannot be written."""

    def __init__(self, target: Path, origin: Provenance, file: IO[bytes]) -> None:
        self.target = target
        self.origin = origin
        self.size = os.fstat(file.fileno()).st_size
        self._file = file
        self._hash = hashlib.sha256()

    @classmethod
    @contextmanager
    def opened(cls, target: Path, remote: RemoteFile) -> Iterator[PartialFile]:
        """The part of the very same file that is here, or an empty one."""
        path = beside(target, PART)
        with disk_failures(target):
            make_shared_folder(target.parent)
            origin = read_provenance(target)
            if origin is None or not _is_of(origin, remote) or _length(path) > remote.size:
                path.unlink(missing_ok=True)
                origin = Provenance(remote.url, remote.size, remote.etag, remote.sha256)
                write_provenance(target, origin)
            file = _opened(path)
        with file:
            yield cls(target, origin, file)

    @property
    def sha256(self) -> str:
        """The sha256 of the bytes appended and those read again."""
        return self._hash.hexdigest()

    def read_again(self) -> Iterator[int]:
        """Hashes what is here from before; gives the number of bytes read so far."""
        self._hash = hashlib.sha256()
        self._file.seek(0)
        done = 0
        while data := self._file.read(_READ):
            self._hash.update(data)
            done += len(data)
            yield done

    def append(self, data: bytes) -> None:
        rest = memoryview(data)
        with disk_failures(self.target):
            while rest:
                written = self._file.write(rest)
                self._hash.update(rest[:written])
                self.size += written
                rest = rest[written:]

    def start_over(self) -> None:
        with disk_failures(self.target):
            self._file.truncate(0)
            self.note_served_etag("")
        self.size = 0
        self._hash = hashlib.sha256()

    def note_served_etag(self, etag: str) -> None:
        self.origin = replace(self.origin, served_etag=etag)
        with disk_failures(self.target):
            write_provenance(self.target, self.origin)

    def finish(self) -> None:
        """The part becomes the file, whole or not at all."""
        with disk_failures(self.target):
            os.fsync(self._file.fileno())
            self._file.close()
            beside(self.target, PART).replace(self.target)

    def discard(self) -> None:
        with disk_failures(self.target):
            self._file.close()
            beside(self.target, PART).unlink(missing_ok=True)
            if not self.target.exists():
                beside(self.target, ORIGIN).unlink(missing_ok=True)


def _is_of(origin: Provenance, remote: RemoteFile) -> bool:
    return (origin.size, origin.etag) == (remote.size, remote.etag)


def _opened(path: Path) -> IO[bytes]:
    """Open for appending. A link would lead to a file that is not ours, and so would a second name of one."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, name, 0)
    if path.is_symlink():  # where O_NOFOLLOW is not to be had
        raise WeightsError(f"{path}: {_LINK}")
    try:
        file = os.fdopen(os.open(path, flags, 0o666), "a+b", buffering=0)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise WeightsError(f"{path}: {_LINK}") from error
        raise
    found = os.fstat(file.fileno())
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        file.close()
        raise WeightsError(f"{path}: {_LINK if stat.S_ISREG(found.st_mode) else _NO_FILE}")
    return file


def _length(path: Path) -> int:
    return path.lstat().st_size if path.is_file() and not path.is_symlink() else 0
