"""A selection of what is stored: by task, prompt, model and grader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.catalogue.catalogue import nearest
from tui.errors import UsageError
from tui.store.connection import storable
from tui.store.graders import ID_SHOWN, name_key
from tui.store.schema.generating import OF_MODELS
from tui.toml.mistakes import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.store.connection import Connection

_GRADERS = f"""
SELECT other_id FROM same_graders JOIN graders ON graders.id = same_graders.grader_id
WHERE name_key IN ({{places}}) OR substr(id, 1, {ID_SHOWN}) IN ({{places}})"""


@dataclass(frozen=True, slots=True)
class Selection:
    """Answers to any of the tasks and prompts, of any of the models, and judgements of any of the graders;
    where none are named, all."""

    tasks: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    """Each named `task/number`."""
    models: tuple[str, ...] = ()
    graders: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tasks or self.prompts or self.models or self.graders)

    def where(self, models: tuple[str, ...] = ("model",)) -> tuple[str, list[str]]:
        """The condition on rows with task, prompt_number, for graders grader_id, and with models in any of
        these columns; and its values."""
        conditions, values = ["TRUE"], []
        asked = [f"task IN ({_places(self.tasks)})"] if self.tasks else []
        if self.prompts:
            asked.append(f"task || '/' || prompt_number IN ({_places(self.prompts)})")
        if asked:
            conditions.append(f"({' OR '.join(asked)})")
            values += [*self.tasks, *self.prompts]
        if self.models:
            named = " OR ".join(f"{column} IN ({_places(self.models)})" for column in models)
            conditions.append(f"({named})")
            values += self.models * len(models)
        if self.graders:
            conditions.append(f"grader_id IN ({_GRADERS.format(places=_places(self.graders))})")
            values += (*map(name_key, self.graders), *(storable(name[:ID_SHOWN]) for name in self.graders))
        return " AND ".join(conditions), values

    def require_known(self, store: Connection) -> None:
        """Raises UsageError for a name that nothing stored has: a slip would be an empty selection."""
        asked = [
            (str(row["task"]), str(row["prompt_number"]))
            for row in store.query(
                f"SELECT DISTINCT task, prompt_number FROM responses WHERE {OF_MODELS} ORDER BY 1, 2"
            )
        ]
        _require(store, "answer to the task", self.tasks, dict.fromkeys(task for task, _ in asked))
        _require(store, "answer to the prompt", self.prompts, ["/".join(each) for each in asked])
        if self.models:
            _require(
                store,
                "answer of the model",
                self.models,
                _all(store, "model", f"responses WHERE {OF_MODELS}"),
            )
        if self.graders:
            names = {name_key(name): name for name in _all(store, "name", "graders")}
            ids = {id_[:ID_SHOWN] for id_ in _all(store, "id", "graders")}
            unknown = [
                name for name in self.graders if name_key(name) not in names and name[:ID_SHOWN] not in ids
            ]
            _require(store, "judgement of the grader", unknown, names.values())


ALL = Selection()


def _places(values: tuple[str, ...]) -> str:
    return ", ".join("?" * len(values))


def _all(store: Connection, column: str, rows_of: str) -> list[str]:
    rows = store.query(f"SELECT DISTINCT {column} AS name FROM {rows_of} ORDER BY 1")
    return [str(row["name"]) for row in rows]


def _require(store: Connection, what: str, names: Iterable[str], known: Iterable[str]) -> None:
    there = list(known)
    for name in names:
        if name not in there:
            raise UsageError(f"{store.path} holds no {what} {shown(name)}; {nearest(name, there)}")
