"""Export: plain rows in a fixed column order. docs/export.md describes each column."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct, defstruct

from tui.store.connection import with_truths
from tui.store.judgement_records import JudgementRecord
from tui.store.records import FinishReason, ResponseRecord
from tui.store.schema import TABLES
from tui.store.selection import ALL, Selection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.store.connection import Connection, Row
    from tui.store.schema.columns import Table

Kind = type[Struct]


@dataclass(frozen=True)
class ExportTable:
    name: str
    """The name of its file."""
    type: str
    """The name of one row in JSON lines."""
    columns: tuple[str, ...]
    view: str
    """The view or table that it is read from."""
    order: str
    holds: tuple[Kind, ...]
    """The types of a row that can be read, each of them with some of its columns."""
    table: str
    """The table that its rows are from."""
    models: tuple[str, ...] = ("model",)
    """The columns of its view that name a model."""


class _Arrived(Struct):
    seq: int


class _Asked(Struct):
    prompt_title: str
    prompt: str
    input: str


class _Answered(Struct):
    run_id: str | None
    task: str
    prompt_number: int
    prompt_hash: str
    model: str
    model_config_hash: str
    weights_sha256: str | None
    adapter_sha256: str | None
    sample: int
    seed: int | None
    finish_reason: FinishReason
    response: str
    grader: str
    mode: str
    rubric_hash: str


_PROMPT_COLUMNS = ("prompt_title", "prompt", "input")

_GRADE_COLUMNS = {
    name: name
    for name in (
        "id", "seq", "response_id", "run_id", "task", "prompt_number", "prompt_hash", *_PROMPT_COLUMNS,
        "model", "model_config_hash", "weights_sha256", "adapter_sha256", "sample", "seed", "finish_reason",
        "response", "grader", "kind",
    )
} | {
    "undoes": "names",
    "label": "level",
    "value": "value",
    "note": "note",
    "blind": "blind",
    "position": "place",
    "shuffle_seed": "shuffle_seed",
    "shown_at": "shown_at",
    "graded_at": "decided_at",
    "grading_seconds": "active_seconds",
    "in_force": "in_force",
    "undone": "undone",
    "superseded": "superseded",
} | {
    name: name
    for name in (
        "rubric_hash", "app_version", "session_id", "mode", "grader_id", "grader_kind", "person_id",
        "other_response_id", "side", "item_hash", "sheet_hash", "criterion", "occasion", "in_view",
        "saw_expected", "saw_check", "saw_peers", "rows_unread", "names_itself", "practice", "control",
        "origin", "origin_class", "turn", "lost_in_print", "asked_otherwise",
    )
}  # fmt: skip
"""Each column with its name in the view."""

STORED_AS = {"judgements": {stored: name for name, stored in _GRADE_COLUMNS.items()} | {"text": "note"}}
"""The name in an export of each stored column that has another there, by table."""

RESPONSES = ExportTable(
    "responses",
    "response",
    ("id", "seq", *ResponseRecord.__struct_fields__[1:], *_PROMPT_COLUMNS),
    "tidy_responses",
    "seq, id",
    (ResponseRecord, _Arrived, _Asked),
    "responses",
)
"""Those of models."""
_STORED_RESPONSES = replace(RESPONSES, view="stored_responses")
"""Known answers among them."""
HISTORY = ExportTable(
    "grades",
    "grade",
    tuple(_GRADE_COLUMNS),
    "tidy_events",
    "seq, id",
    (JudgementRecord, _Arrived, _Answered, _Asked),
    "judgements",
)
"""Everything that graders did."""
GRADES = replace(HISTORY, view="tidy_judgements")
"""What counts: the grades and skips in force that were not given for practice."""

_TYPES = {
    "weights": "weights",
    "models": "model",
    "rubrics": "rubric",
    "items": "item",
    "own_items": "own_item",
    "known_answers": "known_answer",
    "runs": "run",
    "imports": "import",
    "checks": "check",
    "graders": "grader",
    "grader_aliases": "grader_alias",
    "studies": "study",
    "assignments": "assignment",
    "amendments": "amendment",
    "sessions": "session",
    "reveals": "reveal",
    "looks": "look",
    "guesses": "guess",
}
"""The name of one row of each other table. Claims are of the moment, and no part of an export."""

_PYTHON: dict[str, Any] = {"TEXT": str, "INTEGER": int, "REAL": float}


def _whole(table: Table) -> ExportTable:
    order = "seq, id" if table.is_ordered else ", ".join(table.key)
    return ExportTable(
        table.name, _TYPES[table.name], table.column_names, table.name, order, (kind_of(table),), table.name
    )


def kind_of(table: Table) -> Kind:
    """The type of a row that can be read, by its columns' types."""
    fields: list[tuple[str, Any]] = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        python = bool if name in table.flags else _PYTHON[column.split()[1]]
        fields.append((name, python if "NOT NULL" in column else python | None))
    return defstruct(table.name, fields)


EVERY_TABLE = tuple(
    {"responses": _STORED_RESPONSES, "judgements": HISTORY}.get(table.name) or _whole(table)
    for table in TABLES
    if table.name != "claims"
)
"""The tables, in an order in which each row comes after those it refers to."""


def export_rows(store: Connection, table: ExportTable, selection: Selection = ALL) -> Iterator[Row]:
    """The rows of one table, oldest first, with exactly its columns in their order; without those that cannot
    be read."""
    return rows_where(store, table, *selection.where(table.models))


def rows_where(store: Connection, table: ExportTable, where: str, values: list[str]) -> Iterator[Row]:
    """The same of a condition and its values."""
    sql = f"SELECT * FROM {table.view} WHERE {where} ORDER BY {table.order}"
    for stored in store.query(sql, values):
        row = with_truths(stored, table.table)
        try:
            for each in table.holds:
                msgspec.convert(row, each)
        except msgspec.ValidationError as error:
            store.pass_over(table.name, row, error)
        else:
            told = _told(row) if table.table == "judgements" else row
            yield {name: told[name] for name in table.columns}


def export_responses(store: Connection) -> Iterator[Row]:
    """One row per response, of every finish reason."""
    return export_rows(store, RESPONSES)


def export_grades(store: Connection) -> Iterator[Row]:
    """One row per grade or skip in force, with the response and the prompt it is about."""
    return export_rows(store, GRADES)


def export_history(store: Connection) -> Iterator[Row]:
    """The same of every judgement event, undone ones too."""
    return export_rows(store, HISTORY)


def _told(row: Row) -> Row:
    """A row about a judgement, with what is worked out, by the names of the columns of an export."""
    truths = {name: bool(row[name]) for name in ("in_force", "undone", "control", "identical") if name in row}
    passed = truths["undone"] or truths["in_force"]
    superseded = row["kind"] not in ("undo", "redo") and not passed
    row = row | truths | {"superseded": superseded, "note": row["note"] or ""}
    return row | {name: row[source] for name, source in _GRADE_COLUMNS.items()}
