"""The tensors of a file written by torch.save, read without torch, and without running anything in it.

Such a file is a ZIP archive: a pickle that describes the tensors, and their bytes beside it. A pickle is a
program. This one may call two functions and nothing else, both of them ours: what any other file asks for is
refused by name before it is called (Python's documentation of pickle, "Restricting Globals").
"""

from __future__ import annotations

import io
import pickle
import pickletools
import zipfile
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_LARGEST_PICKLE = 8 << 20
"""Bytes; an adapter's has some thousand."""
_MOST_GIVEN, _MOST_SHARING = 64 << 20, 4
"""The limit of all tensors together: so many bytes, and so many times what the file stores. They become
32 bits wide, and some share their numbers."""


class RefusedError(ValueError):
    """The file is refused, for a reason in a few words."""


class _Storage(NamedTuple):
    dtype: str
    key: str


_STORAGES = {
    "FloatStorage": "<f4",
    "DoubleStorage": "<f8",
    "HalfStorage": "<f2",
    "BFloat16Storage": "bfloat16",
}


def read_torch_file(path: Path) -> dict[str, np.ndarray]:
    """Every tensor by its name, as float32 whatever it was. Raises RefusedError, OSError."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _Archive(archive).tensors()
    except zipfile.BadZipFile:
        raise RefusedError("not a file of torch.save, or one from before PyTorch 1.6") from None


class _Archive:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._zip = archive
        self._stored_bytes = sum(entry.file_size for entry in archive.infolist())
        self._given = 0
        self._storages: dict[_Storage, np.ndarray] = {}
        pickles = [name for name in archive.namelist() if name.rpartition("/")[2] == "data.pkl"]
        if len(pickles) != 1:
            raise RefusedError("not a file of torch.save")
        self._pickle = pickles[0]
        self._folder = self._pickle.removesuffix("data.pkl")

    def tensors(self) -> dict[str, np.ndarray]:
        if self._zip.getinfo(self._pickle).file_size > _LARGEST_PICKLE:
            raise RefusedError("its description of the tensors is too large to be one")
        self._refuse_big_endian()
        try:
            pickled = self._zip.read(self._pickle)
            _refuse_bombs(pickled)
            found = _Unpickler(io.BytesIO(pickled), self._stored).load()
        except RefusedError:
            raise
        except Exception as error:  # whatever a broken pickle makes the machine stumble over
            raise RefusedError(f"its description of the tensors is broken ({type(error).__name__})") from None
        if not isinstance(found, dict) or not all(isinstance(each, np.ndarray) for each in found.values()):
            raise RefusedError("it holds something else than named tensors")
        return {str(name): tensor for name, tensor in found.items()}

    def _refuse_big_endian(self) -> None:
        name = f"{self._folder}byteorder"
        if name not in self._zip.namelist():
            return
        if self._zip.getinfo(name).file_size > len(b"little") or self._zip.read(name) != b"little":
            raise RefusedError("its numbers are big-endian")

    def _stored(self, storage: _Storage) -> np.ndarray:
        """Read once, however many tensors lie in it."""
        if storage not in self._storages:
            self._storages[storage] = self._read(storage)
        numbers = self._storages[storage]
        self._given += numbers.nbytes
        if self._given > _MOST_GIVEN + _MOST_SHARING * self._stored_bytes:
            raise RefusedError("its tensors are larger than what is in it")
        return numbers

    def _read(self, storage: _Storage) -> np.ndarray:
        entry = self._zip.getinfo(f"{self._folder}data/{storage.key}")
        if entry.compress_type != zipfile.ZIP_STORED:  # torch never does; a bomb would
            raise RefusedError("its tensors are compressed")
        data = self._zip.read(entry)
        if storage.dtype == "bfloat16":
            return (np.frombuffer(data, "<u2").astype(np.uint32) << 16).view(np.float32)
        return np.frombuffer(data, storage.dtype).astype(np.float32)


def _refuse_bombs(pickled: bytes) -> None:
    """A number of a memo entry makes the machine allocate room for all smaller ones."""
    for opcode, argument, _ in pickletools.genops(pickled):
        if "PUT" in opcode.name and isinstance(argument, int) and argument > len(pickled):
            raise RefusedError("its description of the tensors asks for memory it does not need")


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: Any, stored: Any) -> None:
        super().__init__(file)
        self._stored = stored

    def find_class(self, module: str, name: str) -> Any:
        match module, name:
            case "torch._utils", "_rebuild_tensor_v2":
                return self._tensor
            case "collections", "OrderedDict":
                return dict
            case "torch", _ if name in _STORAGES:
                return _STORAGES[name]
        raise RefusedError(f"it asks to run {module}.{name}, which no adapter needs: do not trust it")

    def persistent_load(self, pid: Any) -> _Storage:
        kind, dtype, key, _location, _count = pid
        if kind != "storage" or dtype not in _STORAGES.values() or not isinstance(key, str):
            raise RefusedError("its tensors are described in an unknown way")
        return _Storage(dtype, key)

    def _tensor(
        self, storage: _Storage, offset: int, shape: Sequence[int], strides: Sequence[int], *_: object
    ) -> np.ndarray:
        """The same as torch._utils._rebuild_tensor_v2; offset and strides count numbers, not bytes."""
        numbers = self._stored(storage)
        steps = [step * (size - 1) for size, step in zip(shape, strides, strict=True)]
        if (
            min([offset, *shape, *strides]) < 0
            or prod(shape) > len(numbers)
            or offset + sum(steps) >= len(numbers)
        ):
            raise RefusedError("a tensor reaches beyond its numbers")
        view = np.lib.stride_tricks.as_strided(
            numbers[offset:], shape, [step * numbers.itemsize for step in strides], writeable=False
        )
        return np.ascontiguousarray(view)
