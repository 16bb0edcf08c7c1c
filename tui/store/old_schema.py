"""The SQL of the first migration, which sqlite-utils' create() cannot say. Never edited after a release."""

from __future__ import annotations

import re
from typing import Final

APPLICATION_ID: Final = 0x4C4C4D47
"""Marks the file as ours in its header: "LLMG"."""

SCHEMA_VERSION: Final = 4
"""Of the first migration, in the header as user_version. Without it the file is of an earlier one."""

APPEND_ONLY: Final = ("weights", "models", "prompts", "rubrics", "runs", "responses", "grades")
"""What a grade stands on must not change under it, so the rows it leads to are frozen too."""

LAST_SEQ: Final = 1 << 53
"""No order of arrival comes near it, and one more than it is still an integer."""

_DIGIT, _HEX = "[0-9]", "[0-9a-f]"
_UUID = "GLOB '" + "-".join(_HEX * length for length in (8, 4, 4, 4, 12)) + "'"
_DAY, _CLOCK = f"{_DIGIT * 4}-{_DIGIT * 2}-{_DIGIT * 2}", ":".join([_DIGIT * 2] * 3)
_TIME = f"GLOB '{_DAY}T{_CLOCK}*[+-]{_DIGIT * 2}:{_DIGIT * 2}'"
"""With its offset: without one it is a time nobody knows where."""
_SEQ = f"""seq INTEGER NOT NULL CHECK (typeof(seq) = 'integer' AND seq BETWEEN 1 AND {LAST_SEQ})"""
"""Order of arrival: one more than the largest in the database, taken inside the INSERT. No clock decides
what stands, since another machine has another, and each can be set back."""
_COUNT = "BETWEEN 1 AND 1000000000"

_WEIGHTS = """
CREATE TABLE weights (
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    adapter_sha256 TEXT NOT NULL DEFAULT '' CHECK (length(adapter_sha256) IN (0, 64)),
    file TEXT NOT NULL,
    size INTEGER NOT NULL CHECK (typeof(size) = 'integer' AND size >= 0),
    architecture TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '',
    parameters INTEGER NOT NULL DEFAULT 0 CHECK (typeof(parameters) = 'integer' AND parameters >= 0),
    files TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (sha256, adapter_sha256)
)"""

_MODELS = """
CREATE TABLE models (
    name TEXT NOT NULL CHECK (name <> ''),
    config_hash TEXT NOT NULL CHECK (length(config_hash) = 64),
    title TEXT NOT NULL,
    config TEXT NOT NULL CHECK (json_valid(config)),
    PRIMARY KEY (name, config_hash)
)"""

# The same text asked in two tasks is two rows: each task grades it by its own rubric.
_PROMPTS = f"""
CREATE TABLE prompts (
    content_hash TEXT NOT NULL CHECK (length(content_hash) = 64),
    task TEXT NOT NULL CHECK (task <> ''),
    number INTEGER NOT NULL CHECK (typeof(number) = 'integer' AND number {_COUNT}),
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    input TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (content_hash, task, number)
)"""

_RUBRICS = """
CREATE TABLE rubrics (
    hash TEXT NOT NULL PRIMARY KEY CHECK (length(hash) = 64),
    levels TEXT NOT NULL CHECK (json_valid(levels))
)"""

_RUNS = f"""
CREATE TABLE runs (
    id TEXT NOT NULL PRIMARY KEY CHECK (id {_UUID}),
    started_at TEXT NOT NULL CHECK (started_at {_TIME}),
    app_version TEXT NOT NULL,
    machine TEXT NOT NULL CHECK (json_valid(machine)),
    settings TEXT NOT NULL DEFAULT '{{}}' CHECK (json_valid(settings))
)"""

# The long texts stand last, so that reading the other columns need not walk through their pages.
_RESPONSES = f"""
CREATE TABLE responses (
    id TEXT NOT NULL PRIMARY KEY CHECK (id {_UUID}),
    {_SEQ},
    run_id TEXT NOT NULL REFERENCES runs (id),
    created_at TEXT NOT NULL CHECK (created_at {_TIME}),
    task TEXT NOT NULL,
    prompt_number INTEGER NOT NULL,
    prompt_hash TEXT NOT NULL,
    model TEXT NOT NULL,
    model_config_hash TEXT NOT NULL,
    weights_sha256 TEXT NOT NULL,
    adapter_sha256 TEXT NOT NULL DEFAULT '',
    sample INTEGER NOT NULL CHECK (typeof(sample) = 'integer' AND sample {_COUNT}),
    seed INTEGER NOT NULL CHECK (typeof(seed) = 'integer'),
    finish_reason TEXT NOT NULL CHECK (finish_reason IN ('stop', 'length', 'cancelled', 'failed')),
    prompt_tokens INTEGER NOT NULL CHECK (typeof(prompt_tokens) = 'integer' AND prompt_tokens >= 0),
    tokens INTEGER NOT NULL CHECK (typeof(tokens) = 'integer' AND tokens >= 0),
    first_token_seconds REAL
        CHECK (typeof(first_token_seconds) IN ('real', 'null') AND first_token_seconds >= 0),
    seconds REAL NOT NULL CHECK (typeof(seconds) = 'real' AND seconds >= 0),
    tokens_per_second REAL CHECK (typeof(tokens_per_second) IN ('real', 'null') AND tokens_per_second >= 0),
    engine_build TEXT NOT NULL DEFAULT '',
    threads INTEGER NOT NULL CHECK (typeof(threads) = 'integer' AND threads >= 0),
    gpu_layers INTEGER NOT NULL CHECK (typeof(gpu_layers) = 'integer'),
    extra_layouts INTEGER NOT NULL CHECK (extra_layouts IN (0, 1)),
    parallel INTEGER NOT NULL CHECK (typeof(parallel) = 'integer' AND parallel >= 1),
    sampling TEXT NOT NULL CHECK (json_valid(sampling)),
    template_sha256 TEXT NOT NULL DEFAULT '' CHECK (length(template_sha256) IN (0, 64)),
    error TEXT NOT NULL DEFAULT '',
    warnings TEXT NOT NULL DEFAULT '',
    text TEXT NOT NULL,
    rendered_prompt TEXT NOT NULL DEFAULT '',
    template TEXT NOT NULL DEFAULT '',
    FOREIGN KEY (weights_sha256, adapter_sha256) REFERENCES weights (sha256, adapter_sha256),
    FOREIGN KEY (model, model_config_hash) REFERENCES models (name, config_hash),
    FOREIGN KEY (prompt_hash, task, prompt_number) REFERENCES prompts (content_hash, task, number)
)"""

_GRADES = f"""
CREATE TABLE grades (
    id TEXT NOT NULL PRIMARY KEY CHECK (id {_UUID}),
    {_SEQ},
    response_id TEXT NOT NULL REFERENCES responses (id),
    grader TEXT NOT NULL CHECK (grader <> ''),
    kind TEXT NOT NULL CHECK (kind IN ('grade', 'skip', 'undo')),
    undoes TEXT UNIQUE REFERENCES grades (id) CHECK ((undoes IS NOT NULL) = (kind = 'undo')),
    label TEXT CHECK (label IS NULL OR (label <> '' AND kind = 'grade')),
    value REAL CHECK (typeof(value) IN ('real', 'null') AND value BETWEEN 0 AND 1),
    note TEXT NOT NULL DEFAULT '',
    rubric_hash TEXT REFERENCES rubrics (hash),
    blind INTEGER NOT NULL CHECK (blind IN (0, 1)),
    position INTEGER CHECK (typeof(position) IN ('integer', 'null') AND position >= 1),
    shuffle_seed INTEGER CHECK (typeof(shuffle_seed) IN ('integer', 'null')),
    shown_at TEXT CHECK (shown_at {_TIME}),
    graded_at TEXT NOT NULL CHECK (graded_at {_TIME}),
    grading_seconds REAL CHECK (typeof(grading_seconds) IN ('real', 'null') AND grading_seconds >= 0),
    app_version TEXT NOT NULL,
    CHECK ((label IS NULL) = (value IS NULL))
)"""

_OWN_PROMPTS = f"""
CREATE TABLE own_prompts (
    number INTEGER PRIMARY KEY AUTOINCREMENT CHECK (number {_COUNT}),
    title TEXT NOT NULL,
    text TEXT NOT NULL CHECK (text <> ''),
    created_at TEXT NOT NULL CHECK (created_at {_TIME})
)"""

# Who is about to write which response; the row goes when it is stored. `owner` is a lock of a living process.
_CLAIMS = f"""
CREATE TABLE claims (
    id TEXT NOT NULL PRIMARY KEY CHECK (id {_UUID}),
    owner TEXT NOT NULL,
    claimed_at TEXT NOT NULL CHECK (claimed_at {_TIME}),
    task TEXT NOT NULL,
    prompt_hash TEXT NOT NULL,
    model TEXT NOT NULL,
    model_config_hash TEXT NOT NULL,
    weights_sha256 TEXT NOT NULL,
    adapter_sha256 TEXT NOT NULL,
    sample INTEGER NOT NULL CHECK (typeof(sample) = 'integer' AND sample {_COUNT}),
    seed INTEGER NOT NULL CHECK (typeof(seed) = 'integer'),
    UNIQUE (task, prompt_hash, model, model_config_hash, weights_sha256, adapter_sha256, sample, seed)
)"""

_NEVER_IN_UTF8 = ("c0", "c1", "fe", "ff")


def _kept_as_text(table: str) -> str:
    """The table with CHECKs that each TEXT column holds text: SQLite lets a BLOB into it, and bytes that are
    no UTF-8. More than that they are not, SQLite cannot tell."""
    columns = re.findall(r"^    (\w+) TEXT\b", table, re.MULTILINE)
    checks = [f"CHECK (typeof({column}) IN ('text', 'null'))" for column in columns]
    for byte in _NEVER_IN_UTF8:
        checks += [f"CHECK (coalesce(instr(CAST({column} AS BLOB), x'{byte}'), 0) = 0)" for column in columns]
    return table.removesuffix("\n)") + ",\n    " + ",\n    ".join(checks) + "\n)"


_INDEXES = (
    # The newest response of each model to a prompt, from the index alone.
    "CREATE INDEX responses_by_model ON responses"
    " (task, prompt_hash, model, model_config_hash, weights_sha256, adapter_sha256, seq, id, finish_reason)",
    "CREATE INDEX responses_by_prompt ON responses (task, prompt_number, seq, id)",
    "CREATE INDEX responses_by_run ON responses (run_id)",
    # What need not be generated again, from the index alone.
    "CREATE INDEX responses_complete ON responses"
    " (task, prompt_hash, model, model_config_hash, weights_sha256, adapter_sha256, sample, seed,"
    " finish_reason)"
    " WHERE finish_reason IN ('stop', 'length')",
    "CREATE INDEX grades_by_response ON grades (response_id, grader, seq, id)",
    "CREATE INDEX grades_by_grader ON grades (grader, seq, id)",
    "CREATE INDEX grades_by_arrival ON grades (seq, id)",
    "CREATE INDEX responses_by_arrival ON responses (seq, id)",
)

TABLES: Final = (
    *map(
        _kept_as_text,
        (_WEIGHTS, _MODELS, _PROMPTS, _RUBRICS, _RUNS, _RESPONSES, _GRADES, _OWN_PROMPTS, _CLAIMS),
    ),
    *_INDEXES,
)

TRIGGERS: Final = (
    """
CREATE TRIGGER grades_undo_a_judgement BEFORE INSERT ON grades
WHEN NEW.kind = 'undo' AND NOT EXISTS (
    SELECT 1 FROM grades
    WHERE id = NEW.undoes AND kind <> 'undo' AND grader = NEW.grader AND response_id = NEW.response_id
)
BEGIN SELECT RAISE(ABORT, 'an undo takes back a grade or a skip of the same grader and response'); END""",
    # INSERT OR REPLACE deletes the row in its way without asking a DELETE trigger.
    """
CREATE TRIGGER grades_refuse_replace BEFORE INSERT ON grades
WHEN EXISTS (SELECT 1 FROM grades WHERE id = NEW.id OR undoes = NEW.undoes)
BEGIN SELECT RAISE(ABORT, 'this grade is there already, or taken back already'); END""",
    """
CREATE TRIGGER responses_refuse_replace BEFORE INSERT ON responses
WHEN EXISTS (SELECT 1 FROM responses WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'this response is there already'); END""",
)
