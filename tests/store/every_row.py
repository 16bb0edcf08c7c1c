"""One row of every kind that the database holds, as plain SQL inserts it, in an order that is possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui.store.schema import BY_NAME, STATEMENTS

if TYPE_CHECKING:
    import sqlite3

AT = "2026-01-02T03:04:05.000000+00:00"
Row = dict[str, Any]


def uuid(number: int) -> str:
    return f"01990000-0000-7000-8000-{number:012d}"


def sha256(letter: str) -> str:
    return letter * 64


LEVELS = (
    '[{"label": "no", "value": 0.0, "anchor": "says nothing"},'
    ' {"label": "yes", "value": 1.0, "anchor": "says it"}]'
)
RESPONSE: Row = {
    "created_at": AT,
    "item_hash": sha256("a"),
    "prompt_number": 1,
    "task": "code",
    "prompt_hash": sha256("b"),
    "model": "tiny",
    "model_config_hash": sha256("c"),
    "origin": f"sha256:{sha256('d')}",
    "origin_class": "verified",
    "weights_sha256": sha256("d"),
    "adapter_sha256": "",
    "sample": 1,
    "turn": 1,
    "finish_reason": "stop",
    "error": "",
    "warnings": "",
    "text_sha256": sha256("e"),
    "text": "a + b",
}
KNOWN: Row = {
    "run_id": uuid(1),
    "seed": 0,
    "prompt_tokens": 12,
    "tokens": 3,
    "first_token_seconds": 0.5,
    "seconds": 1.5,
    "tokens_per_second": 3.0,
    "engine_build": "b1",
    "threads": 2,
    "gpu_layers": -1,
    "extra_layouts": 0,
    "parallel": 1,
    "sampling": "{}",
    "template_sha256": sha256("f"),
    "template": "{{ instruction }}",
    "rendered_prompt": "Add two numbers.",
    "reasoning_start": 0,
    "reasoning_end": 1,
}
IMPORTED: Row = {
    "run_id": None,
    "import_id": uuid(2),
    "origin": "import:report",
    "origin_class": "unknown",
    "weights_sha256": None,
    "adapter_sha256": None,
    "finish_reason": "unknown",
    "lost_in_print": "line breaks",
    "asked_otherwise": "as the input of another instruction",
}
ENDPOINT: Row = {
    "run_id": uuid(1),
    "origin": "endpoint:local",
    "origin_class": "claimed",
    "weights_sha256": None,
    "adapter_sha256": None,
    "service": '{"server": "vllm"}',
}
JUDGEMENT: Row = {
    "session_id": uuid(20),
    "grader_id": uuid(10),
    "response_id": uuid(3),
    "item_hash": sha256("a"),
    "criterion": "overall",
    "occasion": "first",
    "kind": "grade",
    "decided_at": AT,
    "blind": 1,
    "practice": 0,
    "app_version": "0.1.0",
}
GRADE: Row = {
    "level": "pass",
    "value": 1.0,
    "place": 1,
    "shown_at": AT,
    "active_seconds": 2.5,
    "in_view": 4,
    "saw_expected": 1,
    "saw_check": 0,
    "saw_peers": 0,
    "rows_unread": 0,
    "names_itself": 0,
}
PAIR: Row = {"other_response_id": uuid(4)}
FOR_ALL: Row = {"criterion": None}

ROWS: list[tuple[str, str, Row]] = [
    ("weights", "weights", {
        "sha256": sha256("d"), "adapter_sha256": "", "file": "tiny.gguf", "size": 1000,
        "architecture": "llama", "description": "", "parameters": 10, "files": "[]",
    }),
    ("model", "models", {
        "name": "tiny", "config_hash": sha256("c"), "title": "Tiny", "config": "{}",
    }),
    ("rubric", "rubrics", {"hash": sha256("9"), "criteria": '[{"name": "overall"}]'}),
    ("item", "items", {
        "hash": sha256("a"), "source": "catalogue", "task": "code", "task_title": "Code", "number": 1,
        "title": "sum", "guidelines": "", "instruction": "Add two numbers.", "input": "", "expected": "",
        "checks": "[]", "rubric_hash": sha256("9"), "prompt_hash": sha256("b"), "sheet_hash": sha256("8"),
    }),
    ("item of messages", "items", {
        "hash": sha256("7"), "source": "import", "task": "talk", "task_title": "", "number": 1,
        "title": "", "guidelines": "", "messages": '[{"role": "user", "content": "Hello."}]', "input": "",
        "expected": "", "checks": "[]", "rubric_hash": sha256("9"), "prompt_hash": sha256("6"),
        "sheet_hash": sha256("5"),
    }),
    ("own item", "own_items", {
        "id": uuid(5), "created_at": AT, "own_id": uuid(6), "number": 1, "title": "mine",
        "instruction": "Say hello.", "input": "", "levels": '[]', "removed": 0,
    }),
    ("edit of an own item", "own_items", {
        "id": uuid(7), "created_at": AT, "own_id": uuid(6), "number": 1, "title": "mine",
        "instruction": "Say goodbye.", "input": "", "levels": LEVELS, "removed": 0,
    }),
    ("removal of an own item", "own_items", {
        "id": uuid(8), "created_at": AT, "own_id": uuid(6), "number": 1, "title": "mine",
        "instruction": "Say goodbye.", "input": "", "levels": '[]', "removed": 1,
    }),
    ("run", "runs", {"id": uuid(1), "started_at": AT, "app_version": "0", "machine": "{}", "settings": "{}"}),
    ("import", "imports", {
        "id": uuid(2), "imported_at": AT, "file": "report.jsonl", "sha256": sha256("4"), "format": "jsonl",
        "app_version": "0",
    }),
    ("response", "responses", RESPONSE | KNOWN | {"id": uuid(3)}),
    ("second turn", "responses", RESPONSE | KNOWN | {"id": uuid(4), "turn": 2, "follows": uuid(3)}),
    ("imported response", "responses", RESPONSE | IMPORTED | {"id": uuid(9)}),
    ("endpoint's response", "responses", RESPONSE | ENDPOINT | {"id": uuid(19)}),
    ("known answer", "known_answers", {
        "response_id": uuid(9), "criterion": "overall", "level": "fail", "value": 0.0, "reason": "None.",
    }),
    ("claim", "claims", {
        "id": uuid(11), "owner": "0" * 32, "claimed_at": AT, "task": "code", "prompt_hash": sha256("b"),
        "model": "tiny", "model_config_hash": sha256("c"), "origin": "endpoint:local", "sample": 2, "seed": 1,
    }),
    ("check", "checks", {
        "response_id": uuid(3), "check_hash": sha256("3"), "checked_at": AT, "verdict": "not decided",
        "evidence": "{}", "build": "0.1.0",
    }),
    ("person", "graders", {
        "id": uuid(10), "created_at": AT, "name": "Mei", "name_key": "mei", "kind": "person",
    }),
    ("model that grades", "graders", {
        "id": uuid(12), "created_at": AT, "name": "tiny", "name_key": "tiny", "kind": "model",
    }),
    ("report", "graders", {
        "id": uuid(13), "created_at": AT, "name": "2023", "name_key": "2023", "kind": "report",
    }),
    ("the same person", "graders", {
        "id": uuid(18), "created_at": AT, "name": "Mei Lin", "name_key": "mei lin", "kind": "person",
    }),
    ("alias", "grader_aliases", {"id": uuid(14), "grader_id": uuid(18), "same_as": uuid(10)}),
    ("study", "studies", {"id": uuid(15), "created_at": AT, "name": "pilot", "protocol": "{}"}),
    ("assignment", "assignments", {
        "id": uuid(16), "created_at": AT, "study_id": uuid(15), "grader_id": uuid(10), "selection": "{}",
    }),
    ("amendment", "amendments", {
        "id": uuid(17), "created_at": AT, "study_id": uuid(15), "reason": "unclear level", "changes": "{}",
    }),
    *((f"session of mode {mode}", "sessions", {
        "id": uuid(number), "started_at": AT, "grader_id": uuid(10), "study_id": uuid(15), "mode": mode,
        "seed": 7, "selection": "{}", "blind": 1, "shows_reasoning": 0, "repeat_rate": 0.1,
        "app_version": "0",
    }) for number, mode in enumerate(("free", "grade", "pairs", "adjudicate", "import", "practice"), 20)),
    ("grade", "judgements", JUDGEMENT | GRADE | {"id": uuid(30)}),
    *((occasion, "judgements", JUDGEMENT | GRADE | {"id": uuid(number), "occasion": occasion})
      for number, occasion in enumerate(
          ("repeat", "after_check", "after_others", "after_reveal", "adjudication"), 31)),
    ("skip", "judgements", JUDGEMENT | {"id": uuid(40), "kind": "skip", "criterion": "style"}),
    *((f"preference {side}", "judgements",
       JUDGEMENT | PAIR | {"id": uuid(number), "kind": "preference", "side": side, "place": 2})
      for number, side in enumerate(("response", "other", "equal", "both bad"), 41)),
    ("skipped pair", "judgements", JUDGEMENT | PAIR | {"id": uuid(45), "kind": "skip", "criterion": "style"}),
    ("note", "judgements", JUDGEMENT | FOR_ALL | {"id": uuid(46), "kind": "note", "text": "close"}),
    ("flag", "judgements", JUDGEMENT | FOR_ALL | {"id": uuid(47), "kind": "flag", "text": ""}),
    ("undo", "judgements", JUDGEMENT | {"id": uuid(48), "kind": "undo", "names": uuid(30)}),
    ("redo", "judgements", JUDGEMENT | {"id": uuid(49), "kind": "redo", "names": uuid(30)}),
    ("reveal", "reveals", {"id": uuid(50), "session_id": uuid(20), "revealed_at": AT}),
    ("look", "looks", {
        "id": uuid(51), "session_id": uuid(20), "looked_at": AT, "looked_into": "results", "judged": 40,
        "planned": 120,
    }),
    ("guess", "guesses", {
        "id": uuid(52), "session_id": uuid(20), "response_id": uuid(3), "model": "tiny", "guessed_at": AT,
    }),
]  # fmt: skip


def make_tables(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    for statement in STATEMENTS:
        connection.execute(statement)
    return connection


def insert(connection: sqlite3.Connection, table: str, row: Row) -> None:
    columns, values = ", ".join(row), ", ".join("?" * len(row))
    if BY_NAME[table].is_ordered and "seq" not in row:
        columns, values = f"{columns}, seq", f"{values}, (SELECT next FROM arrivals)"
    connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({values})", list(row.values()))


def fill(connection: sqlite3.Connection) -> None:
    for _, table, row in ROWS:
        insert(connection, table, row)


def merge(into: sqlite3.Connection, of: sqlite3.Connection) -> None:
    """Bring over every row that is not there, with its seq."""
    for table in BY_NAME.values():
        names = table.column_names
        order = "seq, id" if table.is_ordered else ", ".join(table.key)
        for values in of.execute(f"SELECT {', '.join(names)} FROM {table.name} ORDER BY {order}").fetchall():
            row = dict(zip(names, values, strict=True))
            same = " AND ".join(f"{column} = :{column}" for column in table.key)
            if into.execute(f"SELECT 1 FROM {table.name} WHERE {same}", row).fetchone() is None:
                insert(into, table.name, row)
