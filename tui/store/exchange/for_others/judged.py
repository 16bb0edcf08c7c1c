"""The judgements that other programs are told of: first ones, in force, of answers to the item as asked."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from tui.catalogue.catalogue import nearest
from tui.errors import UsageError
from tui.store.exchange.for_others.records import (
    Asked,
    Graded,
    Preferred,
    Valued,
    with_messages,
    without_reasoning,
)
from tui.store.exchange.pair_table import PAIRS
from tui.store.schema.generating import OF_MODELS
from tui.store.schema.views import COMPLETE
from tui.toml.mistakes import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.store.connection import Connection
    from tui.store.exchange.masking import Mask
    from tui.store.selection import Selection

_FIRST: Final = "occasion = 'first'"
_ITEM: Final = "items.instruction, items.messages, items.input"
_OF_ITEM: Final = "JOIN items ON items.hash = t.item_hash AND items.prompt_hash = t.prompt_hash"


def _answers(prefix: str = "") -> str:
    """True of a model's whole answer to the item's first question."""
    rules = (COMPLETE, OF_MODELS, "asked_otherwise IS NULL", "turn = 1")
    return " AND ".join(prefix + rule for rule in rules)


_GRADES: Final = f"""
FROM (
    SELECT
        id, seq, person_id, item_hash, rubric_hash, criterion, level, value, blind, prompt_hash,
        response_id, text_sha256
    FROM tidy_judgements WHERE kind = 'grade' AND {_FIRST} AND {_answers()} AND {{where}}
) AS t {_OF_ITEM}"""

_WITH_TEXT: Final = f"""
SELECT t.*, {_ITEM}, r.text AS response, r.reasoning_start, r.reasoning_end {_GRADES}
JOIN responses AS r ON r.id = t.response_id ORDER BY t.seq, t.id"""

_BY_SHEET: Final = f"""
SELECT t.id, t.person_id, t.item_hash, t.criterion, t.value, t.blind, t.prompt_hash, t.response_id,
    t.text_sha256 {_GRADES} ORDER BY t.person_id, t.item_hash, t.criterion, t.seq, t.id"""

_PREFERENCES: Final = f"""
SELECT t.*, {_ITEM}, one.text AS response, one.reasoning_start, one.reasoning_end,
    other.text AS other_response, other.reasoning_start AS other_start, other.reasoning_end AS other_end
FROM (
    SELECT
        id, seq, person_id, item_hash, side, place, blind, decided_at, prompt_hash, identical,
        response_id, model, model_config_hash, origin,
        other_response_id, other_model, other_model_config_hash, other_origin
    FROM tidy_preferences
    WHERE kind = 'preference' AND {_FIRST} AND {_answers()} AND {_answers("other_")} AND {{where}}
) AS t {_OF_ITEM}
JOIN responses AS one ON one.id = t.response_id
JOIN responses AS other ON other.id = t.other_response_id
ORDER BY t.seq, t.id"""

_ASKED: Final = f"SELECT item_hash FROM responses WHERE {OF_MODELS} AND {{where}}"

_TEXTS: Final = """
SELECT id, text, reasoning_start, reasoning_end FROM responses
WHERE id IN (SELECT value FROM json_each(?))"""


J = TypeVar("J", Graded, Preferred, Valued)


class Judged:
    """Reads them for one export, in a snapshot.

    Of answers whose authors are hidden now, what was judged in view of the names is left out, since its order
    follows the models; with `names`, where the export names models, all of it.
    """

    def __init__(
        self, connection: Connection, mask: Mask, selection: Selection, criterion: str | None, *, names: bool
    ) -> None:
        """Raises UsageError for a criterion by which nothing was judged."""
        self.connection = connection
        self.hidden = 0
        """Judgements that are left out for that."""
        self.mask = mask
        self._names = names
        self._selection = selection
        self._criterion = criterion
        if criterion is not None:
            _require_known(connection, criterion)

    def grades(self) -> Iterator[Graded]:
        """In the order of their arrival."""
        yield from self._read(_WITH_TEXT, Graded)

    def sheets(self) -> Iterator[list[Valued]]:
        """The grades that one grader gave to one item's answers by one criterion, in the order of arrival."""
        rows = self._read(_BY_SHEET, Valued)
        for _, sheet in groupby(rows, lambda each: (each.person_id, each.item_hash, each.criterion)):
            yield list(sheet)

    def preferences(self) -> Iterator[Preferred]:
        """In the order of their arrival."""
        yield from self._read(_PREFERENCES, Preferred, PAIRS.models)

    def has_messages(self) -> bool:
        """True if an item that is selected asks in messages."""
        where, values = replace(self._selection, graders=()).where()
        sql = f"SELECT 1 FROM items WHERE messages IS NOT NULL AND hash IN ({_ASKED.format(where=where)})"
        return any(self.connection.query(f"{sql} LIMIT 1", values))

    def item(self, hash_: str) -> Asked | None:
        """None where it cannot be read."""
        rows = self.connection.query(f"SELECT {_ITEM} FROM items WHERE hash = ?", [hash_])
        return next(self.connection.read(map(with_messages, rows), Asked, "judgements"), None)

    def answers(self, ids: list[str]) -> dict[str, str]:
        """The answers with these ids."""
        rows = self.connection.query(_TEXTS, [msgspec.json.encode(ids).decode()])
        return {
            row["id"]: without_reasoning(row["text"], row["reasoning_start"], row["reasoning_end"])
            for row in rows
        }

    def _read(self, sql: str, record: type[J], models: tuple[str, ...] = ("model",)) -> Iterator[J]:
        where, values = self._selection.where(models)
        if self._criterion is not None:
            where = f"{where} AND criterion = ?"
            values.append(self._criterion)
        rows = map(with_messages, self.connection.query(sql.format(where=where), values))
        for each in self.connection.read(rows, record, "judgements"):
            if (self._names or not each.blind) and self.mask.covers(each.prompt_hash):
                self.hidden += 1
            else:
                yield each


def _require_known(connection: Connection, criterion: str) -> None:
    rows = connection.query(
        "SELECT DISTINCT criterion FROM judgements WHERE criterion IS NOT NULL ORDER BY 1"
    )
    known = [str(row["criterion"]) for row in rows]
    if criterion not in known:
        raise UsageError(f"nothing was judged by a criterion {shown(criterion)}; {nearest(criterion, known)}")
