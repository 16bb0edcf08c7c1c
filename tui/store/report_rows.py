"""The rows that a report shows besides figures: items, models, answers, and what was given to each."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from tui.store.exchange.export_tables import GRADES
from tui.store.exchange.pair_table import PAIRS
from tui.store.schema.generating import OF_MODELS
from tui.store.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tui.store.connection import Connection, Row
    from tui.store.exchange.export_tables import ExportTable
    from tui.store.exchange.masking import Mask

    ModelKey = tuple[str, str, str]
    """Name, hash of the settings, origin."""

_ITEMS = f"""
SELECT task, prompt_hash, prompt_number FROM responses
WHERE (seq, id) IN (
    SELECT max(seq), id FROM responses WHERE {OF_MODELS} AND {{where}} GROUP BY task, prompt_hash
)
ORDER BY task, prompt_number, prompt_hash"""

_MODELS = """
SELECT
    model, model_config_hash, origin, origin_class, coalesce(weights_sha256, ''),
    coalesce(adapter_sha256, ''), count(*), count(DISTINCT sample), min(seed), max(seed)
FROM responses WHERE {where} AND {of_models}
GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3"""

_WROTE = """
SELECT model, model_config_hash, origin, count(*) FROM responses
WHERE id IN (SELECT value FROM json_each(?)) AND {where} AND {of_models}
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""

_SETTINGS = """
SELECT DISTINCT
    coalesce(sampling, ''), coalesce(template_sha256, ''), coalesce(engine_build, ''), threads, gpu_layers
FROM responses WHERE model = ? AND model_config_hash = ? AND origin = ? ORDER BY 1, 2, 3, 4, 5"""

_CONFIG = "SELECT title, config FROM models WHERE name = ? AND config_hash = ?"

_TEMPLATE = "SELECT template FROM responses WHERE template_sha256 = ? AND template IS NOT NULL LIMIT 1"

_WEIGHTS = "SELECT file, size, architecture, parameters FROM weights WHERE sha256 = ? AND adapter_sha256 = ?"

_KNOWN = f"SELECT id FROM responses WHERE NOT {OF_MODELS}"

_MACHINES = "SELECT machine, app_version, count(*) FROM runs GROUP BY 1, 2 ORDER BY min(started_at), 1, 2"

_GIVEN = """
SELECT
    response_id, '', grader, grader_kind, grader_id, criterion, kind, coalesce(level, ''), coalesce(note, ''),
    occasion, blind, in_view, saw_expected, saw_check, saw_peers, 1
FROM tidy_judgements WHERE {where} AND NOT control ORDER BY seq, id"""

_COMPARED = """
SELECT
    response_id, other_response_id, grader, grader_kind, grader_id, criterion, kind, coalesce(side, ''),
    coalesce(note, ''), occasion, blind, in_view, saw_expected, saw_check, saw_peers,
    NOT (identical AND side IS 'equal' AND place IS NULL)
FROM tidy_preferences WHERE {where} ORDER BY seq, id"""

_IN_PAIRS = """
SELECT DISTINCT task, responses.prompt_hash FROM judgements JOIN responses ON responses.id = response_id
WHERE judgements.other_response_id IS NOT NULL AND kind = 'preference'"""

_SESSIONS = """
SELECT
    other.other_id, mode, seed IS NOT NULL
FROM sessions
JOIN (SELECT grader_id, min(other_id) AS other_id FROM same_graders GROUP BY grader_id) AS other
    ON other.grader_id = sessions.grader_id
ORDER BY sessions.seq, sessions.id"""

_PERSONS = "SELECT grader_id, min(other_id) FROM same_graders GROUP BY grader_id"

_PRACTICED = """
SELECT same.other_id, count(*) FROM judgements AS j
JOIN (SELECT grader_id, min(other_id) AS other_id FROM same_graders GROUP BY grader_id) AS same
    ON same.grader_id = j.grader_id
WHERE practice AND kind = 'grade' GROUP BY 1 ORDER BY 1"""

_TEXTS = (
    "response_id", "other_response_id", "grader", "grader_kind", "grader_id", "criterion", "kind", "level",
    "note", "occasion",
)  # fmt: skip
"""What is empty where it is not known."""


class AskedItem(NamedTuple):
    task: str
    prompt_hash: str
    number: int


class AnsweringModel(NamedTuple):
    """A model by its settings and origin, with what is known of both."""

    name: str
    config_hash: str
    origin: str
    origin_class: str
    weights_sha256: str
    adapter_sha256: str
    answers: int
    samples: int
    first_seed: int | None
    last_seed: int | None


class Settings(NamedTuple):
    """One way in which a model was asked; empty is what is not known."""

    sampling: str
    """JSON."""
    template_sha256: str
    engine_build: str
    threads: int | None
    gpu_layers: int | None


class WeightsFacts(NamedTuple):
    file: str
    size: int
    architecture: str
    parameters: int | None


class Machine(NamedTuple):
    facts: str
    """JSON."""
    app_version: str
    runs: int


class Given(NamedTuple):
    """A grade, preference or skip in force."""

    response_id: str
    other_response_id: str
    """Empty but for a pair."""
    grader: str
    grader_kind: str
    grader_id: str
    """Of a grader who is several the smallest."""
    criterion: str
    kind: str
    level: str
    """Or the better side of a pair; empty of a skip."""
    note: str
    occasion: str
    blind: bool | None
    in_view: int | None
    saw_expected: bool | None
    saw_check: bool | None
    saw_peers: bool | None
    was_asked: bool
    """False of a pair that says the same: it is equal, and nobody was asked."""


class SessionFacts(NamedTuple):
    grader_id: str
    mode: str
    shuffled: bool


class ReportRows:
    """All of a selection, as the mask lets it be seen; of these models, if any are named."""

    def __init__(
        self, store: Connection, mask: Mask, selection: Selection, models: Sequence[ModelKey] = ()
    ) -> None:
        self._store = store
        self._mask = mask
        self._judged = selection
        self._answers = Selection(selection.tasks, selection.prompts)
        self._models = models

    def items(self) -> list[AskedItem]:
        """Those that a model answered, by task and number."""
        where, values = self._of_models(*self._answers.where())
        return [AskedItem(*row) for row in self._store.tuples(_ITEMS.format(where=where), values)]

    def models(self) -> list[AnsweringModel]:
        """Those whose answers are not hidden."""
        where, values = self._of_models(*self._mask.outside(self._answers))
        sql = _MODELS.format(where=where, of_models=OF_MODELS)
        return [AnsweringModel(*row) for row in self._store.tuples(sql, values)]

    def wrote(self, ids: Iterable[str]) -> list[tuple[ModelKey, int]]:
        """How many of these answers each model wrote, where that is not hidden."""
        where, values = self._of_models(*self._mask.outside(self._answers))
        found = self._store.tuples(
            _WROTE.format(where=where, of_models=OF_MODELS),
            [msgspec.json.encode(list(ids)).decode(), *values],
        )
        return [((model, config, origin), count) for model, config, origin, count in found]

    def settings(self, of: AnsweringModel) -> list[Settings]:
        return [Settings(*row) for row in self._store.tuples(_SETTINGS, [of.name, of.config_hash, of.origin])]

    def config(self, of: AnsweringModel) -> tuple[str, str]:
        """Its title, and its settings as JSON."""
        found = self._store.tuples(_CONFIG, [of.name, of.config_hash])
        return next(((title, config) for title, config in found), ("", "{}"))

    def template(self, sha256: str) -> str:
        """The chat template of that hash; empty where it is not known."""
        return next((text for (text,) in self._store.tuples(_TEMPLATE, [sha256])), "")

    def weights(self, of: AnsweringModel) -> WeightsFacts | None:
        found = self._store.tuples(_WEIGHTS, [of.weights_sha256, of.adapter_sha256])
        return next((WeightsFacts(*row) for row in found), None)

    def machines(self) -> list[Machine]:
        return [Machine(*row) for row in self._store.tuples(_MACHINES)]

    def answers(self, to: AskedItem) -> Iterator[Row]:
        return self._mask.answers(*self._of_models(*self._answers.where()), to.task, to.prompt_hash)

    def given(self) -> Iterator[Given]:
        """Judgements of one answer, in the order of arrival. Ids of hidden answers are those of `answers`."""
        if self._mask:
            return self._by_persons(map(_from_an_export, self._as_exported(GRADES)))
        where, values = self._of_models(*self._judged.where())
        return self._by_persons(map(Given._make, self._store.tuples(_GIVEN.format(where=where), values)))

    def compared(self) -> Iterator[Given]:
        """Judgements of pairs."""
        if self._mask:
            return self._by_persons(map(_from_an_export, self._as_exported(PAIRS)))
        where, values = self._of_models(*self._of_models(*self._judged.where()), "other_")
        return self._by_persons(map(Given._make, self._store.tuples(_COMPARED.format(where=where), values)))

    def in_pairs(self) -> set[tuple[str, str]]:
        """Tasks and prompts' hashes of all items whose answers anybody compared."""
        return {(task, prompt_hash) for task, prompt_hash in self._store.tuples(_IN_PAIRS)}

    def sessions(self) -> list[SessionFacts]:
        return [SessionFacts(*row) for row in self._store.tuples(_SESSIONS)]

    def practiced(self) -> dict[str, int]:
        """How many answers each grader judged for practice, by id."""
        return dict(self._store.tuples(_PRACTICED))

    def _as_exported(self, table: ExportTable) -> Iterator[Row]:
        """What a masked export has, of the models that are named and without controls."""
        known = {id_ for (id_,) in self._store.tuples(_KNOWN)}
        known |= {str(self._mask.id_of(id_)) for id_ in known}
        for row in self._mask.rows(table, self._judged):
            if row["response_id"] not in known and all(map(self._is_named, _authors(row))):
                yield row

    def _by_persons(self, given: Iterator[Given]) -> Iterator[Given]:
        persons = dict(self._store.tuples(_PERSONS))
        return (each._replace(grader_id=persons.get(each.grader_id, each.grader_id)) for each in given)

    def _is_named(self, model: ModelKey) -> bool:
        return not self._models or model in self._models

    def _of_models(self, where: str, values: list[str], which: str = "") -> tuple[str, list[str]]:
        """The condition with that on the models that are named, and its values."""
        if not self._models:
            return where, values
        columns = ", ".join(f"{which}{name}" for name in ("model", "model_config_hash", "origin"))
        places = ", ".join(["(?, ?, ?)"] * len(self._models))
        return f"{where} AND ({columns}) IN (VALUES {places})", [*values, *chain(*self._models)]


def _authors(row: Row) -> Iterator[ModelKey]:
    """Whoever wrote the answers that a row is about."""
    for which in ("", "other_"):
        if f"{which}model" in row:
            yield row[f"{which}model"], row[f"{which}model_config_hash"], row[f"{which}origin"]


def _from_an_export(row: Row) -> Given:
    told: Row = {"other_response_id": None} | row
    told["was_asked"] = not (told.get("identical") and told["side"] == "equal" and told["position"] is None)
    told["level"] = told.get("side") or told.get("label")
    texts = {name: told[name] or "" for name in _TEXTS}
    return Given(**{name: told[name] for name in Given._fields} | texts)
