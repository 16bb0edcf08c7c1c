"""What leaves the database: plain rows in a fixed column order. docs/export.md describes each column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from tui.store.grades import IN_FORCE
from tui.store.records import (
    FinishReason,
    GradeRecord,
    ModelRecord,
    OwnPrompt,
    PromptRecord,
    ResponseRecord,
    RubricRecord,
    RunRecord,
    WeightsRecord,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.store.connection import Connection, Row


Kind = type[Struct]


@dataclass(frozen=True)
class ExportTable:
    name: str
    type: str
    """Of one row, as JSON lines name it."""
    columns: tuple[str, ...]
    sql: str
    holds: tuple[Kind, ...]
    """What a row that can be read is, each of them with some of its columns."""


class _Arrived(Struct):
    seq: int


class _Asked(Struct):
    prompt_title: str
    prompt: str
    input: str


class _Answered(Struct):
    run_id: str
    task: str
    prompt_number: int
    prompt_hash: str
    model: str
    model_config_hash: str
    weights_sha256: str
    adapter_sha256: str
    sample: int
    seed: int
    finish_reason: FinishReason
    response: str


def _whole(name: str, type_: str, record: type[Struct], order: str = "rowid") -> ExportTable:
    columns = record.__struct_fields__
    sql = f"SELECT {', '.join(columns)} FROM {name} ORDER BY {order}"
    return ExportTable(name, type_, columns, sql, (record,))


_PROMPT_COLUMNS = {
    "prompt_title": "prompts.title",
    "prompt": "prompts.text",
    "input": "prompts.input",
}
# Outer joins: a row without what it refers to, in a damaged file, is named instead of missing.
_JOIN_PROMPTS = (
    "LEFT JOIN prompts ON prompts.content_hash = responses.prompt_hash"
    " AND prompts.task = responses.task AND prompts.number = responses.prompt_number"
)

_RESPONSE_COLUMNS = (
    {"id": "responses.id", "seq": "responses.seq"}
    | {name: f"responses.{name}" for name in ResponseRecord.__struct_fields__}
    | _PROMPT_COLUMNS
)

_GRADE_COLUMNS = {
    "id": "grades.id",
    "seq": "grades.seq",
    "response_id": "grades.response_id",
    "run_id": "responses.run_id",
    "task": "responses.task",
    "prompt_number": "responses.prompt_number",
    "prompt_hash": "responses.prompt_hash",
    **_PROMPT_COLUMNS,
    "model": "responses.model",
    "model_config_hash": "responses.model_config_hash",
    "weights_sha256": "responses.weights_sha256",
    "adapter_sha256": "responses.adapter_sha256",
    "sample": "responses.sample",
    "seed": "responses.seed",
    "finish_reason": "responses.finish_reason",
    "response": "responses.text",
    "grader": "grades.grader",
    "kind": "grades.kind",
    "undoes": "grades.undoes",
    "label": "grades.label",
    "value": "grades.value",
    "note": "grades.note",
    "blind": "grades.blind",
    "position": "grades.position",
    "shuffle_seed": "grades.shuffle_seed",
    "shown_at": "grades.shown_at",
    "graded_at": "grades.graded_at",
    "grading_seconds": "grades.grading_seconds",
    "in_force": IN_FORCE,
    "undone": "EXISTS (SELECT 1 FROM grades AS later WHERE later.undoes = grades.id)",
    "superseded": "NULL",
    "rubric_hash": "grades.rubric_hash",
    "app_version": "grades.app_version",
}


def _select(columns: dict[str, str]) -> str:
    return "SELECT " + ", ".join(f"{source} AS {name}" for name, source in columns.items())


RESPONSES = ExportTable(
    "responses",
    "response",
    tuple(_RESPONSE_COLUMNS),
    f"{_select(_RESPONSE_COLUMNS)} FROM responses {_JOIN_PROMPTS} ORDER BY responses.seq, responses.id",
    (ResponseRecord, _Arrived, _Asked),
)
GRADES = ExportTable(
    "grades",
    "grade",
    tuple(_GRADE_COLUMNS),
    f"{_select(_GRADE_COLUMNS)} FROM grades"
    f" LEFT JOIN responses ON responses.id = grades.response_id {_JOIN_PROMPTS}"
    " ORDER BY grades.seq, grades.id",
    (GradeRecord, _Arrived, _Answered, _Asked),
)

EVERY_TABLE = (
    _whole("weights", "weights", WeightsRecord),
    _whole("models", "model", ModelRecord),
    _whole("prompts", "prompt", PromptRecord),
    _whole("rubrics", "rubric", RubricRecord),
    _whole("runs", "run", RunRecord, order="id"),
    RESPONSES,
    GRADES,
    _whole("own_prompts", "own_prompt", OwnPrompt),
)
"""In an order in which each row comes after those it refers to."""


def export_rows(store: Connection, table: ExportTable) -> Iterator[Row]:
    """The rows of one table, oldest first, with exactly its columns in their order; without those that cannot
    be read."""
    completed = _COMPLETE.get(table)
    for row in store.query(table.sql):
        complete = completed(row) if completed else row
        try:
            for each in table.holds:
                msgspec.convert(complete, each)
        except msgspec.ValidationError as error:
            store.pass_over(table.name, row, error)
        else:
            yield complete


def export_responses(store: Connection) -> Iterator[Row]:
    """One row per response, of every finish reason."""
    return export_rows(store, RESPONSES)


def export_grades(store: Connection) -> Iterator[Row]:
    """One row per grade event, undone ones too, with the response and the prompt it is about."""
    return export_rows(store, GRADES)


def _complete_grade(row: Row) -> Row:
    in_force, undone = bool(row["in_force"]), bool(row["undone"])
    return row | {
        "blind": bool(row["blind"]),
        "in_force": in_force,
        "undone": undone,
        "superseded": row["kind"] != "undo" and not undone and not in_force,
        "rubric_hash": row["rubric_hash"] or "",
    }


_COMPLETE = {GRADES: _complete_grade}
