"""The masking of an export: while a session is blind and not revealed, it does not tell who wrote what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from tui.errors import UsageError
from tui.store.exchange.export_tables import RESPONSES, export_rows, rows_where
from tui.store.ids import id_of
from tui.store.looking import Chosen
from tui.store.selection import Selection
from tui.store.sessions import UNREVEALED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.store.connection import Connection, Row
    from tui.store.exchange.export_tables import ExportTable
    from tui.store.judgement_records import Mode

HIDDEN: Final = "hidden"
"""The model of an answer whose author is not told."""

MASKED: Final = f'"model":"{HIDDEN}","model_config_hash":null'
"""A part of each JSON line about such an answer, and of no other."""

_COVERED: Final = "(prompt_hash IN (SELECT value FROM json_each(?)))"
_READ_AT_ONCE: Final = 500

# Each column that is not named here is empty, so that a new one hides what nobody thought of.
_OF_A_RESPONSE: Final = frozenset((
    "task", "prompt_number", "prompt_hash", "text", "turn", "reasoning_start", "reasoning_end",
    "text_sha256", "prompt", "input",
))  # fmt: skip
_OF_A_JUDGEMENT: Final = frozenset((
    "id", "seq", "task", "prompt_number", "prompt_hash", "prompt_title", "prompt", "input", "response",
    "grader", "kind", "undoes", "label", "value", "note", "blind", "position", "shown_at", "graded_at",
    "grading_seconds", "in_force", "undone", "superseded", "rubric_hash", "app_version", "session_id",
    "mode", "grader_id", "grader_kind", "side", "item_hash", "sheet_hash", "criterion", "occasion",
    "in_view", "saw_expected", "saw_check", "saw_peers", "rows_unread", "practice", "turn",
    "text_sha256", "other_text_sha256", "other_response", "other_turn", "identical",
))  # fmt: skip
_SEEN_BY_THE_GRADER: Final = ("length", "cancelled", "failed")
"""Reasons why an answer ended that a blind sheet says, too. Others tell a run from an import."""
_SIDES: Final = {"response": "other", "other": "response"}


class BlindSession(NamedTuple):
    """A session whose grader is not to know who wrote what."""

    id: str
    mode: Mode
    grader: str
    seed: int | None
    selection: str
    """JSON of what was chosen to be judged."""


class Mask:
    """What is hidden now: who wrote the answers to every prompt that a blind session asks, of whatever task,
    model and time. The text of one comes again where the same model answers the same prompt again."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._asked = {each: _prompts(connection, each) for each in _blind_sessions(connection)}
        """The hashes of the prompts of each session, newest first."""
        self._prompts = frozenset[str]().union(*self._asked.values())
        self._json = msgspec.json.encode(sorted(self._prompts)).decode()
        self._oldest = next(reversed(self._asked), None)

    def __bool__(self) -> bool:
        return bool(self._asked)

    def covers(self, prompt_hash: str) -> bool:
        """True of all, also what nothing has answered yet, while a session is about everything."""
        return prompt_hash in self._prompts or any(Chosen.of(each.selection).is_all for each in self._asked)

    def concerned(self, selection: Selection) -> tuple[BlindSession, ...]:
        """The sessions, of all graders, that ask any of the prompts selected; newest first."""
        if not self:
            return ()
        asked, values = Selection(selection.tasks, selection.prompts).where()
        sql = f"SELECT DISTINCT prompt_hash FROM responses WHERE {asked}"
        selected = {row["prompt_hash"] for row in self._connection.query(sql, values)}
        return tuple(session for session, prompts in self._asked.items() if prompts & selected)

    def outside(self, selection: Selection, models: tuple[str, ...] = ("model",)) -> tuple[str, list[str]]:
        """The selection's condition on rows that no session covers, and its values."""
        where, values = selection.where(models)
        return (f"{where} AND {_COVERED} IS NOT TRUE", [*values, self._json]) if self else (where, values)

    def refuse_models(self, selection: Selection) -> None:
        """Raises UsageError where the selection would tell who wrote what."""
        if selection.models and (blind := self.concerned(selection)):
            raise UsageError(
                f"-m would tell who wrote the answers that {blind[0].grader} judges blind: leave it away"
                " until that session is revealed."
            )

    def rows(self, table: ExportTable, selection: Selection) -> Iterator[Row]:
        """The rows of a table with what tells an author taken out."""
        where, values = selection.where(table.models)
        others = [*values, self._json]
        match table.table:
            case "responses":
                yield from self._read(table, f"{where} AND NOT {_COVERED}", others)
                yield from self._responses(table, f"{where} AND {_COVERED}", others)
            case "judgements":
                # In view of the names, the order and the notes follow the models.
                rows = self._read(table, f"{where} AND (blind OR {_COVERED} IS NOT TRUE)", others)
                yield from self._judgements(rows)
            case "checks" | "guesses" | "known_answers":
                hidden = f"SELECT id FROM responses WHERE {_COVERED}"
                yield from self._read(table, f"response_id NOT IN ({hidden})", [self._json])
            case "sessions":
                yield from (row | {"seed": None} for row in export_rows(self._connection, table))
            case _:
                yield from export_rows(self._connection, table, selection)

    def answers(self, where: str, values: list[str], task: str, prompt_hash: str) -> Iterator[Row]:
        """The rows of the answers to one prompt, with what tells an author taken out."""
        read = self._responses if prompt_hash in self._prompts else self._read
        yield from read(RESPONSES, f"{where} AND task = ? AND prompt_hash = ?", [*values, task, prompt_hash])

    def _read(self, table: ExportTable, where: str, values: list[str]) -> Iterator[Row]:
        return rows_where(self._connection, table, where, values)

    def id_of(self, response_id: str | None) -> str | None:
        """Another id, the same in each export while the oldest of the sessions is blind: the id itself sorts
        by time, and so tells which model came first."""
        if response_id is None or self._oldest is None:
            return None
        return id_of(self._oldest.id, str(self._oldest.seed), response_id)

    def _responses(self, table: ExportTable, where: str, values: list[str]) -> Iterator[Row]:
        """In the order of the ids that they have here."""
        found = self._connection.tuples(f"SELECT id FROM {table.view} WHERE {where}", values)
        ids = sorted((id_ for (id_,) in found), key=lambda id_: str(self.id_of(id_)))
        for start in range(0, len(ids), _READ_AT_ONCE):
            some = ids[start : start + _READ_AT_ONCE]
            rows = self._read(table, f"id IN ({', '.join('?' * len(some))})", some)
            yield from sorted(map(self._response, rows), key=lambda row: str(row["id"]))

    def _response(self, row: Row) -> Row:
        ids = {name: self.id_of(row[name]) for name in ("id", "follows")}
        return _only(row, _OF_A_RESPONSE) | ids | _author(row)

    def _judgements(self, rows: Iterable[Row]) -> Iterator[Row]:
        named = set(
            self._connection.tuples(
                "SELECT response_id, grader_id FROM judgements WHERE kind = 'note' AND NOT blind"
            )
        )
        for row in rows:
            if not self.covers(row["prompt_hash"]):
                yield row | {"shuffle_seed": None}
                continue
            told = row["kind"] not in ("note", "flag") and (row["response_id"], row["grader_id"]) in named
            yield self._judgement(row) | ({"note": ""} if told else {})

    def _judgement(self, row: Row) -> Row:
        ids = {name: self.id_of(row[name]) for name in ("response_id", "other_response_id")}
        shown = _only(row, _OF_A_JUDGEMENT) | _author(row) | ids
        return shown if ids["other_response_id"] is None else _in_one_order(shown)


def _blind_sessions(connection: Connection) -> Iterator[BlindSession]:
    """Without those that cannot be read, and so never be revealed."""
    rows = connection.query(
        "SELECT sessions.id, mode, coalesce(name, '') AS grader, seed, selection"
        " FROM sessions LEFT JOIN graders ON graders.id = grader_id"
        f" WHERE blind = 1 AND {UNREVEALED} ORDER BY sessions.seq DESC, sessions.id DESC"
    )
    return (BlindSession(**row) for row in rows)


def _prompts(connection: Connection, session: BlindSession) -> frozenset[str]:
    """Hashes of all that it asks. Where grading goes as one likes that is everything."""
    chosen = Chosen.of(session.selection)
    where, values = Selection(chosen.tasks, chosen.prompts).where()
    rows = connection.query(f"SELECT DISTINCT prompt_hash FROM responses WHERE {where}", values)
    return frozenset(row["prompt_hash"] for row in rows)


def _only(row: Row, shown: frozenset[str]) -> Row:
    return {name: value if name in shown else None for name, value in row.items()}


def _author(row: Row) -> Row:
    """What is told of the author of an answer, or of those of two."""
    told: Row = {}
    for which in ("", "other_"):
        if f"{which}model" in row:
            ended = row[f"{which}finish_reason"]
            told[f"{which}model"] = HIDDEN
            told[f"{which}finish_reason"] = ended if ended in _SEEN_BY_THE_GRADER else None
    return told


def _in_one_order(pair: Row) -> Row:
    """The smaller of the ids first. As it is stored, the first is the older one, and so of the model that ran
    first."""
    if "other_response" not in pair:
        pair |= {"response": "", "finish_reason": None}
    if pair["response_id"] < pair["other_response_id"]:
        return pair
    turned = dict(pair)
    for name in pair:
        if (other := f"other_{name}") in pair:
            turned[name], turned[other] = pair[other], pair[name]
    side, place = pair["side"], pair["position"]
    return turned | {"side": _SIDES.get(side, side), "position": {1: 2, 2: 1}.get(place, place)}
