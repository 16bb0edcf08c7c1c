"""Tables of judging: judgements, and the reveals, looks and guesses of a session."""

from __future__ import annotations

from typing import Final

from tui.store.schema.columns import (
    ID,
    SEQ,
    Table,
    flag,
    number,
    one_of,
    sha256,
    text,
    time,
    uuid,
    whole,
    words,
)

OCCASIONS: Final = ("first", "repeat", "after_check", "after_others", "after_reveal", "adjudication")
KINDS: Final = ("grade", "preference", "skip", "flag", "note", "undo", "redo")

# One table of events for grades and preferences, so that undo, history and notes are the same for both.
JUDGEMENTS: Final = Table(
    "judgements",
    (
        ID,
        SEQ,
        uuid("session_id"),
        uuid("grader_id"),
        uuid("response_id", refers="responses (id)"),
        uuid("other_response_id", known=False, refers="responses (id)"),
        sha256("item_hash", refers="items (hash)"),
        words("criterion", known=False),
        one_of("occasion", OCCASIONS),
        one_of("kind", KINDS),
        uuid("names", known=False, refers="judgements (id)"),
        words("level", known=False),
        number("value", most=1),
        one_of("side", ("response", "other", "equal", "both bad"), known=False),
        text("text", known=False),
        whole("place", least=1, known=False),
        time("shown_at", known=False),
        time("decided_at"),
        number("active_seconds"),
        flag("blind"),
        whole("in_view", least=1, known=False),
        flag("saw_expected", known=False),
        flag("saw_check", known=False),
        flag("saw_peers", known=False),
        whole("rows_unread", least=0, known=False),
        flag("names_itself", known=False),
        flag("practice"),
        text("app_version"),
    ),
    rules=(
        "FOREIGN KEY (session_id, grader_id) REFERENCES sessions (id, grader_id)",
        # A pair has one order, whichever of the two stood first: `place` says where `response_id` stood.
        "CHECK (response_id < other_response_id)",
        "CHECK (criterion IS NOT NULL OR kind NOT IN ('grade', 'preference', 'skip'))",
        "CHECK ((names IS NOT NULL) = (kind IN ('undo', 'redo')))",
        "CHECK ((level IS NOT NULL) = (kind = 'grade') AND (level IS NULL) = (value IS NULL))",
        "CHECK ((side IS NOT NULL) = (kind = 'preference'))",
        "CHECK (other_response_id IS NOT NULL OR kind <> 'preference')",
        "CHECK (other_response_id IS NULL OR kind <> 'grade')",
        "CHECK ((text IS NOT NULL) = (kind IN ('note', 'flag')))",
    ),
    indexes=(
        "response_id, grader_id, seq, id",
        "other_response_id, response_id",
        "grader_id, seq, id",
        "grader_id, kind, level, seq, id",
        "session_id, seq, id",
        "names, seq, id, kind",
    ),
)
"""`item_hash` is the item as the sheet showed it. `active_seconds` is time spent, without idle time."""

REVEALS: Final = Table(
    "reveals",
    (ID, SEQ, uuid("session_id", refers="sessions (id)"), time("revealed_at")),
    indexes=("session_id, seq, id",),
)

LOOKS: Final = Table(
    "looks",
    (
        ID,
        SEQ,
        uuid("session_id", refers="sessions (id)"),
        time("looked_at"),
        one_of("looked_into", ("results", "report", "export", "others")),
        whole("judged", least=0),
        whole("planned", least=0),
    ),
    indexes=("session_id, seq, id",),
)

GUESSES: Final = Table(
    "guesses",
    (
        ID,
        SEQ,
        uuid("session_id", refers="sessions (id)"),
        uuid("response_id", refers="responses (id)"),
        words("model"),
        time("guessed_at"),
    ),
    indexes=("session_id, response_id, seq, id",),
)
