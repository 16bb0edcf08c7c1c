"""Trials of graders: guesses of who wrote an answer, and grades of controls."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.store.schema.generating import KNOWN_ORIGINS

if TYPE_CHECKING:
    from tui.store.connection import Connection

_CONTROLS = f"""
SELECT response_id, criterion, known.level FROM known_answers AS known
JOIN responses ON responses.id = response_id AND responses.origin = '{KNOWN_ORIGINS["control"]}'"""
_CHOSEN = "json_each(iif(json_valid(selection), selection, '{}'), '$.models')"
_GUESSES = f"""
SELECT
    session_id, response_id, g.model,
    (SELECT min(other_id) FROM same_graders AS same WHERE same.grader_id = sessions.grader_id),
    (
        SELECT max(count(DISTINCT other.model), 1) FROM tidy_responses AS other
        WHERE other.task = asked.task AND other.prompt_hash = asked.prompt_hash AND other.complete
        AND (other.model IN (SELECT value FROM {_CHOSEN}) OR NOT EXISTS (SELECT 1 FROM {_CHOSEN}))
    )
FROM guesses AS g
JOIN sessions ON sessions.id = session_id
JOIN responses AS asked ON asked.id = response_id
WHERE NOT EXISTS (
    SELECT 1 FROM guesses AS n
    WHERE n.session_id = g.session_id AND n.response_id = g.response_id AND (n.seq, n.id) > (g.seq, g.id)
) ORDER BY g.seq, g.id"""


class GuessRow(NamedTuple):
    """The newest guess in a session of who wrote an answer."""

    session_id: str
    response_id: str
    model: str
    person_id: str
    choices: int
    """The models, by name, with a whole answer to the item, of those that the session asks."""


class ControlRow(NamedTuple):
    """The first grade of a known answer that stands unmarked among a session's."""

    person_id: str
    criterion: str
    is_right: bool
    """True if it is what the task says of it."""


def guess_rows(store: Connection) -> list[GuessRow]:
    """All, in the order of arrival."""
    return list(map(GuessRow._make, store.tuples(_GUESSES)))


def controls(store: Connection) -> dict[tuple[str, str], str]:
    """The level that each control is given by its task, by id and criterion."""
    return {(id_, criterion): level for id_, criterion, level in store.tuples(_CONTROLS)}
