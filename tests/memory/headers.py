"""GGUF headers written by hand, as bad as need be."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

STRING, ARRAY, UINT32, FLOAT32, INT32 = 8, 9, 4, 6, 5
ALIGNMENT = 32

TensorRow = tuple[str, tuple[int, ...], int, int]
"""Name, dimensions, type and bytes."""


def text(value: str | bytes) -> bytes:
    encoded = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(encoded)) + encoded


def number(key: str, value: int) -> bytes:
    return text(key) + struct.pack("<II", UINT32, value)


def numbers(key: str, values: Sequence[int]) -> bytes:
    return (
        text(key) + struct.pack("<IIQ", ARRAY, INT32, len(values)) + struct.pack(f"<{len(values)}i", *values)
    )


def texts(key: str, values: Sequence[str]) -> bytes:
    return text(key) + struct.pack("<IIQ", ARRAY, STRING, len(values)) + b"".join(map(text, values))


def beginning(keys: int, tensors: int, version: int = 3) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", version, tensors, keys)


def write(
    path: Path,
    architecture: str,
    values: Mapping[str, int | Sequence[int]],
    tensors: Sequence[TensorRow] = (),
    *,
    vocabulary: int = 0,
) -> Path:
    """A file with these keys of the architecture and tensors of no content."""
    pairs = [text("general.architecture") + struct.pack("<I", STRING) + text(architecture)]
    for key, value in values.items():
        full = f"{architecture}.{key}"
        pairs.append(number(full, value) if isinstance(value, int) else numbers(full, value))
    pairs.append(texts("tokenizer.ggml.tokens", [f"<{index}>" for index in range(vocabulary)]))
    rows, offset = [], 0
    for name, dimensions, kind, size in tensors:
        shape = struct.pack(f"<I{len(dimensions)}Q", len(dimensions), *dimensions)
        rows.append(text(name) + shape + struct.pack("<IQ", kind, offset))
        offset += -(-size // ALIGNMENT) * ALIGNMENT
    header = beginning(len(pairs), len(rows)) + b"".join(pairs) + b"".join(rows)
    with path.open("wb") as file:
        file.write(header)
        file.truncate(-(-len(header) // ALIGNMENT) * ALIGNMENT + offset)
    return path
