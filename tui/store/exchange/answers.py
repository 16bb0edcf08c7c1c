"""Answers that were made elsewhere, as responses of which little is known."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from tui.errors import UsageError
from tui.store.exchange.items_in_files import ExpectedError, imported_prompt
from tui.store.ids import id_of, now
from tui.store.records import text_sha256
from tui.store.responses import WAS_ASKED

if TYPE_CHECKING:
    from tui.store.database import Store
    from tui.store.exchange.columns import Columns
    from tui.store.exchange.items_in_files import ItemsOfFile
    from tui.store.exchange.rows import Row
    from tui.store.imported_items import StoredItem

_CONFIG = "{}"
"""Nothing is known of how the model was asked."""
_CONFIG_HASH = hashlib.sha256(_CONFIG.encode()).hexdigest()
_LONGEST_NAME = 200
_REMEMBERED = 2000
"""Models, and their samples, that need not be looked up again: memory does not grow with the file."""
_COLUMNS = (
    "id", "seq", "import_id", "created_at", "item_hash", "prompt_number", "task", "prompt_hash", "model",
    "model_config_hash", "origin", "origin_class", "sample", "turn", "finish_reason", "error", "warnings",
    "text_sha256", "text",
)  # fmt: skip
_INSERT = f"INSERT INTO responses ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_LAST_SAMPLE = f"SELECT coalesce(max(sample), 0) FROM responses WHERE {WAS_ASKED}"
_SAME_SAMPLE = f"SELECT 1 FROM responses WHERE {WAS_ASKED} AND sample = ? AND import_id = ?"


class AnswersOfFile:
    """Adds the rows of one file, inside a transaction, in which nobody else takes a place in the order."""

    def __init__(
        self, store: Store, columns: Columns, items: ItemsOfFile, import_id: str, sha256: str
    ) -> None:
        self._store = store
        self._columns = columns
        self._items = items
        self._import_id = import_id
        self._origin = f"file:{sha256}"
        self._time = now()
        self._models = set[str]()
        self._samples: dict[tuple[str, ...], int] = {}
        """The last one, of the models and prompts of late."""
        ((self._seq,),) = store.tuples("SELECT next FROM arrivals")

    def add(self, row: Row) -> None:
        self._columns.require(row, "model", "text")
        item, model, text = self._item(row), self._model(row), self._columns.text(row, "text")
        asked = (item.task, item.prompt_hash, model, _CONFIG_HASH, self._origin)
        sample = self._sample(row, asked)
        id_ = id_of(self._import_id, str(row.line), item.hash, str(sample))
        values = (
            id_, self._seq, self._import_id, self._time, item.hash, item.number, *asked, "unknown", sample, 1,
            "unknown", "", "", text_sha256(text), text,
        )  # fmt: skip
        self._store.execute(_INSERT, values)
        self._seq += 1

    def _item(self, row: Row) -> StoredItem:
        if name := self._columns.text(row, "item"):
            try:
                return self._items.named(name)
            except UsageError as error:
                raise self._columns.mistake(row, "item", str(error)) from error
        self._columns.require(row, "prompt")
        prompt = imported_prompt(*(self._columns.text(row, role) for role in ("prompt", "input", "expected")))
        if not prompt.text.strip():
            raise self._columns.mistake(row, "prompt", "nothing is asked there")
        try:
            return self._items.asked(prompt)
        except ExpectedError as error:
            raise self._columns.mistake(row, "expected", str(error)) from error

    def _model(self, row: Row) -> str:
        name = self._columns.text(row, "model").strip()
        if not name:
            raise self._columns.mistake(row, "model", "the name of the model is missing")
        if len(name) > _LONGEST_NAME or "\n" in name:
            words = f"no model has such a name: it is one line of at most {_LONGEST_NAME} characters"
            raise self._columns.mistake(row, "model", words)
        if name not in self._models:
            self._store_model(name)
        return name

    def _store_model(self, name: str) -> None:
        model = {"name": name, "config_hash": _CONFIG_HASH, "title": name, "config": _CONFIG}
        self._store.insert("models", model, keep_existing=True)
        if len(self._models) > _REMEMBERED:
            self._models.clear()
        self._models.add(name)

    def _sample(self, row: Row, asked: tuple[str, ...]) -> int:
        """The row's, or the next of the model to the prompt."""
        given = self._columns.sample(row)
        if given is None:
            return self._next_sample(asked)
        if self._store.tuples(_SAME_SAMPLE, (*asked, given, self._import_id)):
            words = f"sample {given} of this model's answers to this prompt is there already, further up"
            raise self._columns.mistake(row, "sample", words)
        self._samples.pop(asked, None)
        return given

    def _next_sample(self, asked: tuple[str, ...]) -> int:
        if asked not in self._samples:
            if len(self._samples) > _REMEMBERED:
                self._samples.clear()
            ((self._samples[asked],),) = self._store.tuples(_LAST_SAMPLE, asked)
        self._samples[asked] += 1
        return self._samples[asked]
