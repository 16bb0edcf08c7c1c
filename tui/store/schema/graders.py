"""Tables of graders and their promises: graders, studies, assignments, amendments and sessions."""

from __future__ import annotations

from typing import Final

from tui.store.schema.columns import (
    ID,
    SEQ,
    Table,
    flag,
    json,
    number,
    one_of,
    text,
    time,
    uuid,
    whole,
    words,
)

# Two databases may have the same person under two ids: an alias, and no edit, makes them one.
GRADERS: Final = Table(
    "graders",
    (ID, time("created_at"), words("name"), words("name_key"), one_of("kind", ("person", "model", "report"))),
    indexes=("name_key, kind, id",),
)
"""`name_key` is the name in NFC and case-folded, by which a person is found."""

GRADER_ALIASES: Final = Table(
    "grader_aliases",
    (
        ID,
        SEQ,
        time("stated_at"),
        uuid("grader_id", refers="graders (id)"),
        uuid("same_as", refers="graders (id)"),
    ),
    rules=("CHECK (grader_id <> same_as)",),
    indexes=("grader_id, seq, id, same_as",),
)

STUDIES: Final = Table(
    "studies",
    (ID, SEQ, time("created_at"), words("name"), json("protocol", "object")),
)

ASSIGNMENTS: Final = Table(
    "assignments",
    (
        ID,
        SEQ,
        time("created_at"),
        uuid("study_id", refers="studies (id)"),
        uuid("grader_id", refers="graders (id)"),
        json("selection", "object"),
    ),
    indexes=("study_id, grader_id",),
)

AMENDMENTS: Final = Table(
    "amendments",
    (
        ID,
        SEQ,
        time("created_at"),
        uuid("study_id", refers="studies (id)"),
        words("reason"),
        json("changes", "object"),
    ),
    indexes=("study_id, seq, id",),
)

SESSIONS: Final = Table(
    "sessions",
    (
        ID,
        SEQ,
        time("started_at"),
        uuid("grader_id", refers="graders (id)"),
        uuid("study_id", known=False, refers="studies (id)"),
        one_of("mode", ("free", "grade", "pairs", "practice", "adjudicate", "import")),
        whole("seed", known=False),
        json("selection", "object"),
        flag("blind"),
        flag("shows_reasoning"),
        number("repeat_rate", most=1, known=True),
        text("app_version"),
    ),
    rules=("UNIQUE (id, grader_id)",),
    indexes=("grader_id, mode, seq, id",),
)
