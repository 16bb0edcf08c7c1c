"""Views: what stands, and tidy rows that export, progress and figures read alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.store.schema.columns import LAST_SEQ
from tui.store.schema.generating import KNOWN_ORIGINS, OF_MODELS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.store.schema.columns import Table

COMPLETE: Final = "finish_reason IN ('stop', 'length', 'unknown')"
"""True of a response that is whole, as far as anybody knows."""

NEWEST_FIRST: Final = "ORDER BY seq DESC, id DESC"

DECIDED: Final = "(kind <> 'preference' OR place IS NOT NULL)"
"""True of what a grader did. A pair of identical answers that the schedule passed by is equal without anybody
having been asked: it stood at no place of a screen."""


def same_as(grader: str) -> str:
    """The ids of whoever that grader is, for IN."""
    return f"(SELECT other_id FROM same_graders WHERE grader_id = {grader})"


def arrivals(tables: Iterable[Table]) -> str:
    """The place of the next event: a point read in an index of each table."""
    newest = " UNION ALL ".join(
        f"SELECT max(seq) AS seq FROM {table.name} WHERE seq < {LAST_SEQ}" for table in tables
    )
    return f"CREATE VIEW arrivals AS SELECT coalesce(max(seq), 0) + 1 AS next FROM ({newest})"


def _is_undone(event: str) -> str:
    newest = (
        f"SELECT u.kind FROM judgements AS u WHERE u.names = {event}.id AND u.seq < {LAST_SEQ}"
        " ORDER BY u.seq DESC, u.id DESC LIMIT 1"
    )
    return f"coalesce(({newest}) = 'undo', 0)"


def _sort(event: str) -> str:
    """Grades, skips and preferences replace one another; a note replaces a note, and a flag a flag."""
    return f"CASE WHEN {event}.kind IN ('note', 'flag') THEN {event}.kind ELSE 'judgement' END"


_STANDS = f"n.kind NOT IN ('undo', 'redo') AND n.seq < {LAST_SEQ} AND NOT {_is_undone('n')}"

_REPLACES = f"""n.other_response_id IS j.other_response_id AND n.criterion IS j.criterion
    AND n.occasion = j.occasion AND {_sort("n")} = {_sort("j")} AND {_STANDS}"""

# Of one id the newest is found from the index alone; most graders have no other.
_IN_FORCE = f"""j.id = (
    SELECT n.id FROM judgements AS n
    WHERE n.response_id = j.response_id AND n.grader_id = j.grader_id AND {_REPLACES}
    ORDER BY n.seq DESC, n.id DESC LIMIT 1
) AND NOT EXISTS (
    SELECT 1 FROM same_graders AS same
    CROSS JOIN judgements AS n ON n.response_id = j.response_id AND n.grader_id = same.other_id
    WHERE same.grader_id = j.grader_id AND same.other_id <> j.grader_id
    AND (n.seq, n.id) > (j.seq, j.id) AND {_REPLACES}
)"""

STANDING: Final = f"CREATE VIEW standing AS SELECT n.* FROM judgements AS n WHERE {_STANDS}"
"""Judgements that no undo takes back, or that a redo brought back."""

IN_FORCE: Final = f"CREATE VIEW in_force AS SELECT j.* FROM judgements AS j WHERE {_IN_FORCE}"
"""For each grader, response or pair, criterion and occasion: the newest grade, skip or preference that
stands, the newest note and the newest flag."""

_ASKED = """items.title AS prompt_title, coalesce(items.instruction, items.messages) AS prompt, items.input"""

STORED_RESPONSES: Final = f"""
CREATE VIEW stored_responses AS
SELECT responses.*, {COMPLETE} AS complete, {_ASKED}, items.expected, items.rubric_hash, items.sheet_hash
FROM responses LEFT JOIN items ON items.hash = responses.item_hash"""
"""One row for each response, known answers among them."""

TIDY_RESPONSES: Final = f"CREATE VIEW tidy_responses AS SELECT * FROM stored_responses WHERE {OF_MODELS}"
"""One row for each response of a model."""

# Outer joins: a row without what it refers to, in a damaged file, is named instead of missing.
TIDY_EVENTS: Final = f"""
CREATE VIEW tidy_events AS
SELECT
    j.*,
    graders.name AS grader, graders.kind AS grader_kind, graders.id AS person_id,
    sessions.mode, sessions.seed AS shuffle_seed, sessions.study_id,
    responses.run_id, responses.task, responses.prompt_number, responses.prompt_hash,
    responses.model, responses.model_config_hash, responses.origin, responses.origin_class,
    responses.weights_sha256, responses.adapter_sha256, responses.sample, responses.turn, responses.seed,
    responses.finish_reason, responses.text AS response, responses.text_sha256,
    responses.lost_in_print, responses.asked_otherwise,
    {_ASKED}, items.rubric_hash, items.sheet_hash,
    CASE WHEN j.kind IN ('note', 'flag') THEN j.text ELSE (
        SELECT n.text FROM judgements AS n
        WHERE n.response_id = j.response_id AND n.grader_id IN {same_as("j.grader_id")} AND n.kind = 'note'
        AND n.other_response_id IS j.other_response_id AND n.occasion = j.occasion
        AND j.kind NOT IN ('undo', 'redo') AND {_STANDS}
        ORDER BY n.seq DESC, n.id DESC LIMIT 1
    ) END AS note,
    coalesce(responses.origin = '{KNOWN_ORIGINS["control"]}', 0) AS control,
    {_IN_FORCE} AS in_force,
    {_is_undone("j")} AS undone
FROM judgements AS j
LEFT JOIN graders ON graders.id = (SELECT min(other_id) FROM same_graders WHERE grader_id = j.grader_id)
LEFT JOIN sessions ON sessions.id = j.session_id
LEFT JOIN responses ON responses.id = j.response_id
LEFT JOIN items ON items.hash = j.item_hash"""
"""One row for each event, with what it is about; `note` is the note that stands beside a judgement. A grader
who is several is the one with the smallest id: `person_id`, `grader`."""

TIDY_JUDGEMENTS: Final = """
CREATE VIEW tidy_judgements AS
SELECT * FROM tidy_events
WHERE in_force AND kind IN ('grade', 'skip') AND +other_response_id IS NULL AND NOT practice"""
"""One row for each grade or skip in force that was not given for practice. The + keeps SQLite from finding
them by the index of pairs, after which it would have to sort all of them."""

OF_ANSWER: Final = (
    "run_id", "model", "model_config_hash", "origin", "origin_class", "weights_sha256", "adapter_sha256",
    "sample", "turn", "seed", "finish_reason", "text_sha256", "lost_in_print", "asked_otherwise",
)  # fmt: skip
"""The columns of a response that a row about it has; of the second of a pair with `other_` in front."""

TIDY_PREFERENCES: Final = f"""
CREATE VIEW tidy_preferences AS
SELECT
    e.*, {", ".join(f"other.{name} AS other_{name}" for name in OF_ANSWER)}, other.text AS other_response,
    CASE e.side WHEN 'response' THEN e.model WHEN 'other' THEN other.model END AS winner,
    e.text_sha256 = other.text_sha256 AS identical
FROM tidy_events AS e LEFT JOIN responses AS other ON other.id = e.other_response_id
WHERE in_force AND other_response_id IS NOT NULL AND kind IN ('preference', 'skip') AND NOT practice"""
"""One row for each preference, or skipped pair, in force that was not given for practice. `winner` is the
model that was preferred, if one was; `identical` is 1 where both answers say the same."""
