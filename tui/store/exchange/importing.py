"""Import of a built-in set: its answers as responses, its verdicts as judgements of a grader of its name."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from msgspec.structs import asdict

from tui import paths
from tui.catalogue.catalogue import Catalogue
from tui.catalogue.loading import load_tasks
from tui.errors import StoreError, UsageError
from tui.store.exchange.built_in import built_in
from tui.store.ids import id_of, now
from tui.store.items import item_record, rubric_record
from tui.store.judgement_records import JudgementRecord, SessionRecord
from tui.store.records import ModelRecord, Recorded, ResponseRecord, text_sha256

if TYPE_CHECKING:
    from tui.catalogue.item import Item
    from tui.catalogue.rubric import Level
    from tui.store.database import Store
    from tui.store.exchange.built_in import BuiltIn, Printed, PrintedModel
    from tui.store.records import ItemRecord


class Imported(NamedTuple):
    answers: int
    """0 where the set was there before."""
    models: int = 0
    prompts: int = 0


def import_built_in(store: Store, name: str, *, app_version: str) -> Imported:
    """All of the set, or nothing where any process imported it before: its ids follow from its names, so that
    they are the same in every database. StoreError where the shipped prompts lack one that it answers."""
    content = built_in(name)
    printed = [each for each in content.answers if each.text is not None]
    items = _shipped_items(name, printed)
    writing = _Writing(store, name, app_version)
    with store.transaction():
        if writing.was_done():
            return Imported(0)
        writing.begin(content)
        models = {model.name: _model_record(name, model) for model in content.models}
        for each in printed:
            writing.add(each, models[each.model], items[each.item])
    return Imported(len(printed), len({each.model for each in printed}), len(items))


class _Writing:
    """The rows of one import, inside a transaction."""

    def __init__(self, store: Store, name: str, app_version: str) -> None:
        self._store = store
        self._name = name
        self._app_version = app_version
        self._time = now()
        self._import_id = id_of(name)
        self._session_id = id_of(name, "session")
        self._grader_id = ""

    def was_done(self) -> bool:
        return any(self._store.query("SELECT 1 FROM imports WHERE id = ?", [self._import_id]))

    def begin(self, content: BuiltIn) -> None:
        row = {
            "id": self._import_id,
            "imported_at": self._time,
            "file": self._name,
            "sha256": hashlib.sha256(msgspec.json.encode(content)).hexdigest(),
            "format": "built-in",
            "app_version": self._app_version,
        }
        self._store.insert("imports", row)
        grader = self._store.graders.found_or_added(self._name, "report", new=id_of(self._name, "grader"))
        self._grader_id = grader.id
        session = SessionRecord(
            id=self._session_id,
            started_at=self._time,
            grader_id=grader.id,
            mode="import",
            app_version=self._app_version,
        )
        self._store.insert("sessions", asdict(session), keep_existing=True)

    def add(self, printed: Printed, model: ModelRecord, item: Item) -> None:
        rubric = rubric_record(item)
        record = item_record(item, rubric)
        response = self._response(printed, model, record)
        self._store.responses.add(Recorded(model=model, rubric=rubric, item=record, response=response))
        self._judge(printed, item, response)

    def _response(self, printed: Printed, model: ModelRecord, item: ItemRecord) -> ResponseRecord:
        text = printed.text or ""
        return ResponseRecord(
            id=id_of(self._name, printed.item, printed.model),
            run_id=None,
            created_at=self._time,
            task=item.task,
            prompt_number=item.number,
            prompt_hash=item.prompt_hash,
            model=model.name,
            model_config_hash=model.config_hash,
            sample=1,
            text=text,
            finish_reason="unknown",
            item_hash=item.hash,
            origin=self._name,
            origin_class="unknown",
            import_id=self._import_id,
            text_sha256=text_sha256(text),
            lost_in_print=printed.lost_in_print,
            asked_otherwise=printed.asked_otherwise,
        )

    def _judge(self, printed: Printed, item: Item, response: ResponseRecord) -> None:
        level = _level(self._name, printed, item)
        criterion = item.rubric.criterion.name
        self._event(response, "grade", criterion=criterion, level=level.label, value=level.value)
        if printed.note:
            self._event(response, "note", criterion=None, text=printed.note)

    def _event(self, response: ResponseRecord, kind: Any, **said: Any) -> None:
        self._store.judgements.add(
            JudgementRecord(
                id=id_of(self._name, response.id, kind),
                session_id=self._session_id,
                grader_id=self._grader_id,
                response_id=response.id,
                item_hash=response.item_hash,
                kind=kind,
                decided_at=self._time,
                app_version=self._app_version,
                **said,
            )
        )


def _model_record(source: str, model: PrintedModel) -> ModelRecord:
    """What is known of how it was asked: where its answers were printed."""
    config = msgspec.json.encode({"printed_in": source})
    return ModelRecord(
        name=model.name,
        title=model.title,
        config=config.decode(),
        config_hash=hashlib.sha256(config).hexdigest(),
    )


def _shipped_items(source: str, printed: list[Printed]) -> dict[str, Item]:
    """The items as they ship: a person's tasks may have the names of those and ask something else."""
    shipped = Catalogue(models=(), tasks=load_tasks(paths.bundled("prompts")))
    try:
        return {each.item: shipped.item(each.item) for each in printed}
    except UsageError as error:
        raise _unlike(source, str(error)) from error


def _level(source: str, printed: Printed, item: Item) -> Level:
    for level in item.rubric.levels:
        if level.label == printed.verdict:
            return level
    raise _unlike(source, f"{printed.item} has no level {printed.verdict}")


def _unlike(source: str, difference: str) -> StoreError:
    return StoreError(
        f"{source} answers the prompts that come with llm-grader, and {paths.bundled('prompts')} holds"
        f" others: {difference}. Install llm-grader anew."
    )
