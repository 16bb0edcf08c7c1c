"""Why weights do not load, in one readable line that names the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui.errors import EngineError, WeightsError
from tui.memory.gguf_header import read_header
from tui.memory.purpose import other_purpose
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MAGIC = b"GGUF"
_SMALLEST = 24
"""Bytes of a GGUF header: magic, version, tensor count, key count."""

_KNOWN = (
    (r"unknown model architecture: '([^']*)'", "its architecture '{0}' is not known to this llama.cpp"),
    (r"not within the file bounds", "the file is cut short or corrupt; download it again"),
    (r"failed to read (?:key-value|tensor|magic)", "the file is cut short or corrupt; download it again"),
    (r"unknown pre-tokenizer type: '([^']*)'", "its pre-tokenizer '{0}' is not known to this llama.cpp"),
    (r"(?:failed|unable) to allocate|out of memory|bad_alloc", "there is not enough memory for it"),
)  # fmt: skip


def check_file(path: Path) -> None:
    """Raise EngineError for what can be seen without llama.cpp, which explains these badly."""
    try:
        with path.open("rb") as file:
            header = file.read(_SMALLEST)
    except OSError as error:
        raise EngineError(f"{safe_line(path.name)}: {unreadable(path, error)}") from None
    fault = _header_fault(header)
    if fault:
        raise EngineError(f"{safe_line(path.name)}: {fault}")


def check_purpose(path: Path) -> None:
    """Raise EngineError for a file that holds something else than a model that writes text."""
    try:
        purpose = other_purpose(read_header(path))
    except WeightsError:  # llama.cpp says better what is wrong with it
        return
    if purpose:
        raise EngineError(f"{safe_line(path.name)}: {purpose}")


def unreadable(path: Path, error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return f"there is no such file in {safe_line(str(path.parent))}"
        case IsADirectoryError():
            return "this is a folder, not a GGUF file"
        case PermissionError() if path.is_dir():  # what Windows says of a folder
            return "this is a folder, not a GGUF file"
        case PermissionError():
            return "you have no permission to read it"
        case _:
            return f"it cannot be read: {error.strerror or error}"


def _header_fault(header: bytes) -> str:
    if not header.startswith(_MAGIC):
        return "not a GGUF file" if header else "the file is empty"
    if len(header) < _SMALLEST:
        return "the file is cut short; download it again"
    version = int.from_bytes(header[4:8], "little")
    if version == 1:
        return "a GGUF file of version 1, which llama.cpp no longer reads; look for a newer conversion"
    if version & 0xFFFF == 0:
        return "a GGUF file for big-endian machines"
    return ""


def explain(path: Path, errors: Sequence[str]) -> str:
    """One line from llama.cpp's own error lines, oldest first."""
    text = "\n".join(errors)
    for pattern, meaning in _KNOWN:
        if found := re.search(pattern, text):
            return f"{safe_line(path.name)}: {safe_line(meaning.format(*found.groups()))}"
    # The first line is the cause; those after it say only that loading failed.
    cause = safe_line(errors[0]) if errors else "llama.cpp could not load it and did not say why"
    return f"{safe_line(path.name)}: {cause}"
