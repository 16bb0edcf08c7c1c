"""Known answers: responses that no model gave, with the level that each deserves and what graders gave."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from tui.store.ids import id_of
from tui.store.items import item_record, rubric_record
from tui.store.progress import Listed
from tui.store.records import ModelKey, ModelRecord, ResponseRecord, text_sha256
from tui.store.schema.generating import KNOWN_ORIGINS
from tui.store.schema.views import same_as

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tui.catalogue.item import Item
    from tui.catalogue.known_answer import KnownAnswer
    from tui.store.connection import Connection, Row

Role = Literal["practice", "control"]

# The rows of a known answer follow from the task's file alone, place and time among them: so they are the
# same in every database, and a merge finds nothing to decide.
_SEQ = 1
_TIME = "1970-01-01T00:00:00.000000+00:00"
_IMPORT = {
    "id": id_of("known answers"),
    "seq": _SEQ,
    "imported_at": _TIME,
    "file": "known answers",
    "sha256": hashlib.sha256(b"known answers").hexdigest(),
    "format": "known answers",
    "app_version": "",
}

_THERE = """
SELECT wanted.value AS id FROM json_each(?) AS wanted
WHERE EXISTS (SELECT 1 FROM known_answers WHERE known_answers.response_id = wanted.value)"""

_GIVEN = """
SELECT known.response_id, known.criterion, known.level, known.value, known.reason
FROM json_each(?) AS wanted CROSS JOIN known_answers AS known ON known.response_id = wanted.value
ORDER BY wanted.key, known.criterion"""

# CROSS JOIN keeps SQLite from beginning with all that the grader ever judged: known answers are few.
_GRADED = f"""
SELECT
    known.response_id, responses.task, event.session_id, known.criterion,
    known.level AS given, known.value AS given_value, event.level, event.value
FROM known_answers AS known
CROSS JOIN responses ON responses.id = known.response_id AND responses.origin = ?
CROSS JOIN {{events}} AS event ON event.response_id = known.response_id AND event.criterion = known.criterion
WHERE event.grader_id IN {same_as("?")} AND event.kind = 'grade' AND event.occasion = 'first'
ORDER BY event.seq, event.id, known.criterion"""
_EVENTS: dict[Role, str] = {"practice": "standing", "control": "in_force"}
"""What was given is told after practice, so that the first judgement counts there, and not the newest."""

_PRACTISED = f"""
SELECT DISTINCT responses.task, responses.prompt_hash, responses.text_sha256
FROM known_answers AS known CROSS JOIN responses ON responses.id = known.response_id
WHERE EXISTS (
    SELECT 1 FROM judgements AS j
    WHERE j.response_id = known.response_id AND j.grader_id IN {same_as("?")} AND j.practice
)"""


def is_known(origin: str) -> bool:
    """True of the origin of a known answer."""
    return origin in KNOWN_ORIGINS.values()


class Known(NamedTuple):
    """A stored known answer; its model is one of its role's name."""

    role: Role
    listed: Listed


class Given(Struct, frozen=True):
    """What a known answer is given by one criterion, and why."""

    response_id: str
    criterion: str
    level: str
    value: float
    reason: str


class Graded(Struct, frozen=True):
    """A grader's grade of a known answer by one criterion, beside what it is given."""

    response_id: str
    task: str
    session_id: str
    """The session in which the grade was given."""
    criterion: str
    given: str
    given_value: float
    level: str
    value: float

    @property
    def same(self) -> bool:
        return self.level == self.given


class KnownAnswers:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, items: Iterable[Item]) -> list[Known]:
        """Those that the items name, in their order, each item's practice first; stored where they are new.

        One that is edited, or whose item is, is another.
        """
        named = [_Named(item, role, answer) for item in items for role, answer in _answers(item)]
        there = self._there([each.id for each in named])
        if any(each.id not in there for each in named):
            with self._connection.transaction():
                for each in named:
                    for table, row in each.rows():
                        self._connection.insert(table, row, keep_existing=True)
        return [each.known for each in named]

    def of(self, response_ids: Sequence[str]) -> list[Given]:
        """What these are given, in the order of the ids."""
        rows = self._connection.query(_GIVEN, [_json(response_ids)])
        return list(self._connection.read(rows, Given, "known_answers"))

    def graded(self, grader_id: str, role: Role) -> list[Graded]:
        """This grader's grades of those of a role, oldest first: of practice the first that stands, of a
        control the one in force."""
        sql = _GRADED.format(events=_EVENTS[role])
        rows = self._connection.query(sql, [KNOWN_ORIGINS[role], grader_id])
        found: dict[tuple[str, str], Graded] = {}
        for each in self._connection.read(rows, Graded, "known_answers"):
            found.setdefault((each.response_id, each.criterion), each)
        return list(found.values())

    def practised(self, grader_id: str) -> set[tuple[str, str, str]]:
        """Task, prompt hash and text_sha256 of what this grader practised on: whoever judges the same text
        elsewhere has seen what another gave it."""
        return set(self._connection.tuples(_PRACTISED, [grader_id]))

    def _there(self, ids: Sequence[str]) -> set[str]:
        return {row["id"] for row in self._connection.query(_THERE, [_json(ids)])}


class _Named:
    """A known answer as its task names it."""

    def __init__(self, item: Item, role: Role, answer: KnownAnswer) -> None:
        self._rubric = rubric_record(item)
        self._item = item_record(item, self._rubric)
        self._answer = answer
        self._levels = answer.levels(item.rubric)
        self._model = _model(role)
        self._role: Role = role
        labels = {criterion: level.label for criterion, level in self._levels.items()}
        content = msgspec.json.encode([self._item.hash, answer.text, labels, answer.reason])
        self.id = id_of("known answer", role, hashlib.sha256(content).hexdigest())

    @property
    def known(self) -> Known:
        response = self._response()
        key = ModelKey(response.model, response.model_config_hash, response.origin)
        asked = response.task, response.prompt_hash
        return Known(self._role, Listed(self.id, asked, key, response.finish_reason))

    def rows(self) -> Iterator[tuple[str, Row]]:
        """Its rows, each after those that it refers to."""
        yield "imports", _IMPORT
        yield "models", asdict(self._model)
        yield "rubrics", asdict(self._rubric)
        yield "items", asdict(self._item)
        yield "responses", asdict(self._response()) | {"seq": _SEQ}
        for criterion, level in self._levels.items():
            given = Given(self.id, criterion, level.label, level.value, self._answer.reason)
            yield "known_answers", asdict(given)

    def _response(self) -> ResponseRecord:
        return ResponseRecord(
            id=self.id,
            run_id=None,
            import_id=str(_IMPORT["id"]),
            created_at=_TIME,
            task=self._item.task,
            prompt_number=self._item.number,
            prompt_hash=self._item.prompt_hash,
            item_hash=self._item.hash,
            model=self._model.name,
            model_config_hash=self._model.config_hash,
            origin=KNOWN_ORIGINS[self._role],
            origin_class="unknown",
            sample=1,
            text=self._answer.text,
            text_sha256=text_sha256(self._answer.text),
            finish_reason="unknown",
        )


def _answers(item: Item) -> Iterator[tuple[Role, KnownAnswer]]:
    yield from (("practice", answer) for answer in item.prompt.practice)
    yield from (("control", answer) for answer in item.prompt.controls)


def _model(role: Role) -> ModelRecord:
    """It stands where a response has its model."""
    config = msgspec.json.encode({"known_answer": role})
    return ModelRecord(
        name=role,
        config_hash=hashlib.sha256(config).hexdigest(),
        title=role.title(),
        config=config.decode(),
    )


def _json(values: Sequence[str]) -> str:
    return msgspec.json.encode(values).decode()
