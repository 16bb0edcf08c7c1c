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

GRADERS: Final = Table(
    "graders",
    (ID, time("created_at"), words("name"), words("name_key"), one_of("kind", ("person", "model", "report"))),
    indexes=("name_key, kind, id", "kind, id"),
)
"""`name_key` is the name in NFC and case-folded, by which a person is found."""

# Two databases may have the same person under two ids: an alias, and no edit, makes them one. It has neither
# time nor place, and the id of its two graders, so that whoever states it writes the same row.
GRADER_ALIASES: Final = Table(
    "grader_aliases",
    (ID, uuid("grader_id", refers="graders (id)"), uuid("same_as", refers="graders (id)")),
    rules=("CHECK (same_as < grader_id)",),
)

SAME_GRADERS: Final = Table(
    "same_graders",
    (uuid("grader_id", refers="graders (id)"), uuid("other_id", refers="graders (id)")),
    key=("grader_id", "other_id"),
)
"""All that follows from the aliases: a grader, and each that is the same one, itself among them. Triggers
write it, so it is no part of an export or a merge."""

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
