"""A grader's judgements, newest first, one for each response."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from tui.store.graders import same_graders
from tui.store.schema.columns import LAST_SEQ
from tui.store.schema.views import same_as

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from tui.store.connection import Connection, Row

FEW = 500
"""Responses of which all judgements are read, where no more have the words."""

_SAYS = """({event}.other_response_id IS NOT NULL) = :pairs AND {event}.occasion <> 'repeat'
AND ({event}.kind IN ('grade', 'skip') OR {event}.text <> ''
    OR ({event}.kind = 'preference' AND {event}.place IS NOT NULL))"""

# Of several events of one response that are looked for, the newest finds it.
_FOUND = f"""
SELECT j.seq, j.id, j.decided_at, j.response_id, j.other_response_id, responses.sample,
    coalesce(items.task, responses.task) AS task, coalesce(items.number, responses.prompt_number) AS number,
    coalesce(items.title, '') AS title, coalesce(models.title, responses.model) AS model
FROM {{source}}
LEFT JOIN items ON items.hash = j.item_hash
LEFT JOIN models ON models.name = responses.model AND models.config_hash = responses.model_config_hash
WHERE (e.seq, e.id) < (:seq, :id) AND {{e}} AND {_SAYS.format(event="j")} AND {{words}} AND NOT EXISTS (
    SELECT 1 FROM in_force AS later
    WHERE later.response_id = j.response_id AND +later.other_response_id IS j.other_response_id
    AND {{later}} AND {_SAYS.format(event="later")} AND (later.seq, later.id) > (j.seq, j.id)
)
ORDER BY e.seq DESC, e.id DESC LIMIT :limit"""

# CROSS JOIN keeps SQLite to this order: what stands is asked last, for it costs most.
_ALL = """judgements AS e CROSS JOIN responses ON responses.id = e.response_id
CROSS JOIN in_force AS j ON j.id = e.id"""
_OF_FEW = """json_each(:few) AS few CROSS JOIN responses ON responses.id = few.value
CROSS JOIN judgements AS e ON e.response_id = responses.id CROSS JOIN in_force AS j ON j.id = e.id"""

_LISTED = "SELECT value FROM json_each(:{name})"
# What is said now is asked of those only that have the word: it costs more than reading them.
_EVER_SAID = f"""
SELECT id, text FROM judgements WHERE grader_id IN {same_as(":grader")} AND kind IN ('note', 'flag')"""
_SAID = """SELECT in_force.response_id FROM json_each(:{name}) AS said
CROSS JOIN in_force ON in_force.id = said.value"""

_GRADER_OF = "SELECT grader_id FROM sessions WHERE id = ?"
_ASKED = "responses.task || ' ' || responses.prompt_hash"
_MODEL = "responses.model || ' ' || responses.model_config_hash"

_LEVELS = """
WITH RECURSIVE found(level) AS (
    SELECT min(level) FROM judgements WHERE grader_id = :grader AND kind = 'grade'
    UNION ALL
    SELECT (
        SELECT min(level) FROM judgements
        WHERE grader_id = :grader AND kind = 'grade' AND level > found.level
    ) FROM found WHERE level IS NOT NULL
)
SELECT level FROM found WHERE level IS NOT NULL"""


class Sought(NamedTuple):
    """Judgements of one kind, or of every kind; of a grade's level; with words in what they are about or in
    the note or flag beside them; of one session."""

    kind: str = ""
    level: str = ""
    words: tuple[str, ...] = ()
    """Each must be there, in upper or lower case."""
    session_id: str = ""
    knows_models: bool = True
    """True if words may be in a model's name, too."""
    practice: bool = False
    """True for what was given for practice, and nothing else."""
    pairs: bool = False
    """True for judgements of pairs in place of those of single answers."""


class Found(NamedTuple):
    """A judged response, or pair, by the newest event in force that was looked for."""

    seq: int
    id: str
    decided_at: str
    response_id: str
    other_response_id: str | None
    sample: int
    task: str
    number: int
    title: str
    model: str


class History:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(
        self, grader_id: str, sought: Sought, limit: int, before: tuple[int, str] = (LAST_SEQ, "")
    ) -> list[Found]:
        """So many that are older than that, newest first. Those of each id of the grader are walked in the
        order of an index."""
        ids = same_graders(self._connection, grader_id)
        if sought.session_id:
            judging = self._connection.query(_GRADER_OF, [sought.session_id])
            ids = [row["grader_id"] for row in judging if row["grader_id"] in ids]
        pages = [each for id_ in ids for each in self._page(id_, sought, limit, before)]
        return sorted(pages, key=lambda found: (found.seq, found.id), reverse=True)[:limit]

    def _page(self, grader_id: str, sought: Sought, limit: int, before: tuple[int, str]) -> list[Found]:
        values: dict[str, object] = {"grader": grader_id, "limit": limit, "seq": before[0], "id": before[1]}
        values |= {"kind": sought.kind, "level": sought.level or None, "session": sought.session_id}
        values |= {"practice": sought.practice, "pairs": sought.pairs}
        words, having = self._words(sought, grader_id)
        values |= having
        source, indexed = _ALL, _indexed(sought)
        if sought.words and len(few := self._few(words, having)) <= FEW:
            source, indexed = _OF_FEW, ()
            values["few"] = _json(few)
        sql = _FOUND.format(
            source=source,
            words=_in_pairs(words) if sought.pairs else words,
            e=_conditions("e", sought, indexed),
            later=_conditions("later", sought),
        )
        used = {name: value for name, value in values.items() if f":{name}" in sql}
        return [Found(**row) for row in self._connection.query(sql, used)]

    def levels(self, grader_id: str) -> list[str]:
        """The labels of the levels that were ever given: a point read for each."""
        asked = (
            self._connection.query(_LEVELS, {"grader": id_})
            for id_ in same_graders(self._connection, grader_id)
        )
        return sorted({row["level"] for rows in asked for row in rows})

    def _few(self, words: str, having: dict[str, str]) -> list[str]:
        """The ids of the responses that have the words, as far as one more than a few."""
        sql = f"SELECT id FROM responses WHERE {words} LIMIT {FEW + 1}"
        return [row["id"] for row in self._connection.query(sql, having)]

    def _words(self, sought: Sought, grader_id: str) -> tuple[str, dict[str, str]]:
        """A condition on `responses` and its parameters."""
        if not sought.words:
            return "TRUE", {}
        asked = self._folded("SELECT task, prompt_hash, number, title FROM items", _of_item)
        named = "SELECT name, config_hash, title FROM models"
        models = self._folded(named, _of_model) if sought.knows_models else []
        said = self._folded(_EVER_SAID, _of_event, {"grader": grader_id})
        sides = (("items", _ASKED, _LISTED, asked), ("models", _MODEL, _LISTED, models))
        conditions, values = [], {}
        for number, word in enumerate(sought.words):
            either = []
            for name, column, having, texts in (*sides, ("said", "responses.id", _SAID, said)):
                name = f"{name}_{number}"
                values[name] = _json(_having(word, texts))
                either.append(f"{column} IN ({having.format(name=name)})")
            conditions.append(f"({' OR '.join(either)})")
        return " AND ".join(conditions), values

    def _folded(
        self, sql: str, of: Callable[[Row], tuple[str, str]], values: dict[str, str] | None = None
    ) -> list[tuple[str, str]]:
        rows = self._connection.query(sql, values or {})
        return [(key, text.casefold()) for key, text in map(of, rows)]


def _conditions(event: str, sought: Sought, indexed: tuple[str, ...] = ()) -> str:
    """+ keeps SQLite from finding rows by the other columns: it would have to read more, or to sort."""
    columns = {"grader_id": "= :grader" if event == "e" else f"IN {same_as(':grader')}"}
    columns |= {"practice": "IS :practice"}
    columns |= {"session_id": "= :session"} if sought.session_id else {}
    columns |= {"kind": "= :kind", "level": "IS :level"} if sought.kind else {}
    return " AND ".join(
        f"{'' if column in indexed else '+'}{event}.{column} {is_}" for column, is_ in columns.items()
    )


def _in_pairs(words: str) -> str:
    """The same condition where what is said of a pair is of no other pair with the same first answer."""
    said = "(j.response_id, j.other_response_id) IN (SELECT in_force.response_id, in_force.other_response_id"
    return words.replace("responses.id IN (SELECT in_force.response_id", said)


def _indexed(sought: Sought) -> tuple[str, ...]:
    """The columns of an index that has the judgements in the order of arrival."""
    if sought.kind:
        return "grader_id", "kind", "level"
    return ("session_id",) if sought.session_id else ("grader_id",)


def _having(word: str, texts: Collection[tuple[str, str]]) -> Iterator[str]:
    folded = word.casefold()
    return (key for key, text in texts if folded in text)


def _json(values: Collection[str] | Iterator[str]) -> str:
    return msgspec.json.encode(list(values)).decode()


def _of_item(row: Row) -> tuple[str, str]:
    return f"{row['task']} {row['prompt_hash']}", f"{row['task']}/{row['number']} {row['title']}"


def _of_model(row: Row) -> tuple[str, str]:
    return f"{row['name']} {row['config_hash']}", f"{row['name']} {row['title']}"


def _of_event(row: Row) -> tuple[str, str]:
    return row["id"], row["text"]
