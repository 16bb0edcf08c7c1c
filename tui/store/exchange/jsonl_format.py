"""JSON lines, the lossless form. Each line says its schema version and type: files can be cut and joined."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.store.connection import Row

SCHEMA_VERSION = 2

# Characters that JSON lets stand but that end a line for some readers, or steer a terminal.
_ESCAPED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb]")


def write_jsonl(rows: Iterable[Row], type_: str, stream: TextIO) -> int:
    """Write one object per row and return their number. Open `stream` with newline=""."""
    return write_lines(({"schema": SCHEMA_VERSION, "type": type_} | row for row in rows), stream)


def write_lines(objects: Iterable[object], stream: TextIO) -> int:
    """The same of objects that say no schema: another program's."""
    count = 0
    for each in objects:
        stream.write(_ESCAPED.sub(_escape, msgspec.json.encode(each).decode()) + "\n")
        count += 1
    return count


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found.group()):04x}"
