"""Tables of what is asked: rubrics, items as a sheet shows them, and the items that a person wrote."""

from __future__ import annotations

from typing import Final

from tui.store.schema.columns import (
    ID,
    MOST,
    SEQ,
    Table,
    flag,
    json,
    one_of,
    sha256,
    text,
    time,
    uuid,
    whole,
    words,
)

RUBRICS: Final = Table(
    "rubrics",
    (sha256("hash"), json("criteria", "array")),
    key=("hash",),
)
"""Content-addressed. A criterion has a name, a question, shows_expected and levels; a level has key, label,
ordinal, value and anchor."""

# Content-addressed: an item that is edited is another row. The same text asked in two tasks is two rows, for
# each task grades it by its own rubric.
ITEMS: Final = Table(
    "items",
    (
        sha256("hash"),
        one_of("source", ("catalogue", "own", "import")),
        words("task"),
        text("task_title"),
        whole("number", least=1, most=MOST),
        text("title"),
        text("guidelines"),
        text("instruction", known=False),
        json("messages", "array", known=False),
        text("input"),
        text("expected"),
        json("checks", "array"),
        sha256("rubric_hash", refers="rubrics (hash)"),
        sha256("prompt_hash"),
        sha256("sheet_hash"),
    ),
    key=("hash",),
    rules=(
        "CHECK ((instruction IS NULL) <> (messages IS NULL))",
        "UNIQUE (hash, task, number, prompt_hash)",
    ),
    indexes=("prompt_hash, task, number",),
)
"""`prompt_hash` covers what a model is asked, `sheet_hash` all that a grader is shown of it."""

# An edit and a removal are new rows of the same own_id; the number is how a person names it, here.
OWN_ITEMS: Final = Table(
    "own_items",
    (
        ID,
        SEQ,
        time("created_at"),
        uuid("own_id"),
        whole("number", least=1, most=MOST),
        text("title"),
        words("instruction"),
        text("input"),
        json("levels", "array"),
        flag("removed"),
    ),
    indexes=("number", "own_id, seq, id"),
)
"""A level has a label, a value and an anchor; without any it is graded by the usual ones."""
