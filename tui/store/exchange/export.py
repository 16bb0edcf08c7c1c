"""Export to a stream, a file or a folder."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal, TextIO

from tui.errors import StoreError, UsageError
from tui.store.exchange.csv_format import Written, write_csv
from tui.store.exchange.export_tables import EVERY_TABLE, GRADES, HISTORY, RESPONSES, ExportTable, export_rows
from tui.store.exchange.jsonl_format import write_jsonl
from tui.store.exchange.masking import Mask
from tui.store.exchange.pair_table import PAIRS
from tui.store.files import refuse_existing, write_file_atomically
from tui.store.selection import ALL, Selection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.store.connection import Row
    from tui.store.database import Store

What = Literal["grades", "history", "pairs", "responses", "all"]
Format = Literal["csv", "jsonl"]

_TABLES: dict[What, tuple[ExportTable, ...]] = {
    "grades": (GRADES,),
    "history": (HISTORY,),
    "pairs": (PAIRS,),
    "responses": (RESPONSES,),
    "all": EVERY_TABLE,
}


def export_to_stream(
    store: Store,
    stream: TextIO,
    *,
    what: What = "grades",
    file_format: Format = "csv",
    excel: bool = False,
    selection: Selection = ALL,
) -> Written:
    """Write the database as it is now. Tables of different columns fit in one stream as JSON lines only.

    While a session is blind, who wrote its answers is hidden in all but JSON lines of everything. UsageError
    for a selection of everything, of graders who would judge nothing that is written, of models that are
    hidden, or by a name that nothing stored has.
    """
    tables = _TABLES[what]
    _refuse_idle(selection, what)
    if file_format == "csv" and len(tables) > 1:
        raise UsageError(
            "CSV of everything is one file per table: name a folder with -o, or use --format jsonl."
        )
    with store.snapshot():
        mask = Mask(store)
        mask.refuse_models(selection)
        selection.require_known(store)
        is_copy = what == "all" and file_format == "jsonl"
        written = Written(blind=mask.concerned(selection))
        for table in tables:
            rows = _rows(store, table, selection, None if is_copy else mask)
            if file_format == "csv":
                written = written.plus(write_csv(rows, table.columns, stream, excel=excel))
            else:
                written = written.plus(Written(write_jsonl(rows, table.type, stream)))
    return written


def _rows(store: Store, table: ExportTable, selection: Selection, mask: Mask | None) -> Iterator[Row]:
    if mask:
        return mask.rows(table, selection)
    return export_rows(store, table, selection)


def _refuse_idle(selection: Selection, what: What) -> None:
    if what == "all" and selection:
        raise UsageError("--what all is the whole database: take tasks, prompts, models and graders away.")
    if what == "responses" and selection.graders:
        raise UsageError("--grader is for judgements: a response is nobody's.")


def export_to_path(
    store: Store,
    path: Path,
    *,
    what: What = "grades",
    file_format: Format = "csv",
    excel: bool = False,
    selection: Selection = ALL,
    overwrite: bool = False,
) -> Written:
    """Write a file, or for CSV of everything a folder with one file per table."""
    if file_format == "csv" and what == "all":
        _refuse_idle(selection, what)
        return _export_to_folder(store, path, excel=excel, overwrite=overwrite)
    return write_file_atomically(
        path,
        lambda stream: export_to_stream(
            store, stream, what=what, file_format=file_format, excel=excel, selection=selection
        ),
        overwrite=overwrite,
    )


def _export_to_folder(store: Store, folder: Path, *, excel: bool, overwrite: bool) -> Written:
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder} is a file: CSV of everything needs a folder.")
    files = {table: folder / f"{table.name}.csv" for table in EVERY_TABLE}
    for file in files.values():
        refuse_existing(file, overwrite=overwrite)
    with store.snapshot():
        mask = Mask(store)
        written = Written(blind=mask.concerned(ALL))
        for table, file in files.items():
            write = partial(_write_table, store, table, excel, mask)
            written = written.plus(write_file_atomically(file, write, overwrite=overwrite))
    return written


def _write_table(store: Store, table: ExportTable, excel: bool, mask: Mask, stream: TextIO) -> Written:
    return write_csv(_rows(store, table, ALL, mask), table.columns, stream, excel=excel)
