"""Import of a file: our own JSON lines, or what another program wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.errors import UsageError
from tui.store.exchange.own_rows import is_own

if TYPE_CHECKING:
    from tui.store.exchange.foreign import Format
    from tui.store.exchange.source import Source

_ENDINGS: dict[str, Format] = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}


def file_format(source: Source) -> Format | None:
    """None for our own JSON lines; by the first line, and by the file's name where that may be either.

    RowError where there is no text, UsageError for a format that cannot be read.
    """
    first = source.first_line().lstrip()
    if is_own(first):
        return None
    if source.path.suffix.lower() in _ENDINGS:
        return _ENDINGS[source.path.suffix.lower()]
    if first.startswith("["):
        raise UsageError(
            f"{source.path} is one list of JSON: write each of its objects on a line of its own (.jsonl)"
        )
    return "jsonl" if first.startswith("{") else "csv"
