"""Export to a stream, a file or a folder."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal, TextIO

from tui.errors import StoreError, UsageError
from tui.store.exchange.csv_format import Written, write_csv
from tui.store.exchange.export_tables import EVERY_TABLE, GRADES, RESPONSES, ExportTable, export_rows
from tui.store.exchange.jsonl_format import write_jsonl
from tui.store.files import refuse_existing, write_file_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from tui.store.database import Store

What = Literal["grades", "responses", "all"]
Format = Literal["csv", "jsonl"]

_TABLES: dict[What, tuple[ExportTable, ...]] = {
    "grades": (GRADES,),
    "responses": (RESPONSES,),
    "all": EVERY_TABLE,
}


def export_to_stream(
    store: Store, stream: TextIO, *, what: What = "grades", file_format: Format = "csv", excel: bool = False
) -> Written:
    """Write the database as it is now. Tables of different columns fit in one stream as JSON lines only."""
    tables = _TABLES[what]
    if file_format == "csv" and len(tables) > 1:
        raise UsageError(
            "CSV of everything is one file per table: name a folder with -o, or use --format jsonl."
        )
    written = Written()
    with store.snapshot():
        for table in tables:
            if file_format == "csv":
                written = written.plus(_write_table(store, table, excel, stream))
            else:
                written = written.plus(Written(write_jsonl(export_rows(store, table), table.type, stream)))
    return written


def export_to_path(
    store: Store,
    path: Path,
    *,
    what: What = "grades",
    file_format: Format = "csv",
    excel: bool = False,
    overwrite: bool = False,
) -> Written:
    """Write a file, or for CSV of everything a folder with one file per table."""
    if file_format == "csv" and what == "all":
        return _export_to_folder(store, path, excel=excel, overwrite=overwrite)
    return write_file_atomically(
        path,
        lambda stream: export_to_stream(store, stream, what=what, file_format=file_format, excel=excel),
        overwrite=overwrite,
    )


def _export_to_folder(store: Store, folder: Path, *, excel: bool, overwrite: bool) -> Written:
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder} is a file: CSV of everything needs a folder.")
    files = {table: folder / f"{table.name}.csv" for table in EVERY_TABLE}
    for file in files.values():
        refuse_existing(file, overwrite=overwrite)
    written = Written()
    with store.snapshot():
        for table, file in files.items():
            write = partial(_write_table, store, table, excel)
            written = written.plus(write_file_atomically(file, write, overwrite=overwrite))
    return written


def _write_table(store: Store, table: ExportTable, excel: bool, stream: TextIO) -> Written:
    return write_csv(export_rows(store, table), table.columns, stream, excel=excel)
