"""Records for the tests, complete but for what a test is about."""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from tui.store.ids import new_id as new_id
from tui.store.ids import now
from tui.store.judgement_records import GraderRecord, JudgementRecord, SessionRecord
from tui.store.records import (
    ItemRecord,
    ModelKey,
    ModelRecord,
    Recorded,
    ResponseRecord,
    RubricRecord,
    RunRecord,
    WeightsRecord,
    text_sha256,
    verified_origin,
)

if TYPE_CHECKING:
    from tui.store.database import Store


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


WEIGHTS = WeightsRecord(sha256=digest("weights"), file="tiny.gguf", size=1000)
RUBRIC = RubricRecord(hash=digest("rubric"), criteria='[{"name":"overall","levels":[{"label":"pass"}]}]')


def key(of: ModelRecord, weights: WeightsRecord = WEIGHTS) -> ModelKey:
    return ModelKey(of.name, of.config_hash, verified_origin(weights.sha256))


def run(**changes: Any) -> RunRecord:
    return RunRecord(
        **{"id": new_id(), "started_at": now(), "app_version": "0.1.0", "machine": "{}"} | changes
    )


def model(name: str = "tiny") -> ModelRecord:
    return ModelRecord(name=name, config_hash=digest(name), title=name.title(), config="{}")


def item(task: str = "code", number: int = 1, text: str = "Add two numbers.") -> ItemRecord:
    return ItemRecord(
        hash=digest(f"{task}/{number} {text}"),
        source="catalogue",
        task=task,
        task_title=task.title(),
        number=number,
        title="sum",
        guidelines="",
        instruction=text,
        rubric_hash=RUBRIC.hash,
        prompt_hash=digest(text),
        sheet_hash=digest(f"sheet of {text}"),
    )


def response(
    run_id: str | None, *, of: ModelRecord | None = None, to: ItemRecord | None = None, **changes: Any
) -> ResponseRecord:
    asked, answering = to or item(), of or model()
    fields: dict[str, Any] = {
        "id": new_id(),
        "run_id": run_id,
        "created_at": now(),
        "item_hash": asked.hash,
        "task": asked.task,
        "prompt_number": asked.number,
        "prompt_hash": asked.prompt_hash,
        "model": answering.name,
        "model_config_hash": answering.config_hash,
        "weights_sha256": WEIGHTS.sha256,
        "adapter_sha256": "",
        "origin": verified_origin(changes.get("weights_sha256", WEIGHTS.sha256)),
        "sample": 1,
        "seed": 0,
        "sampling": "{}",
        "text": "a + b",
        "text_sha256": text_sha256(changes.get("text", "a + b")),
        "finish_reason": "stop",
    }
    return ResponseRecord(**fields | changes)


def recorded(
    made: ResponseRecord,
    *,
    of: ModelRecord | None = None,
    to: ItemRecord | None = None,
    weights: WeightsRecord = WEIGHTS,
) -> Recorded:
    """The response with all that it refers to."""
    return Recorded(
        run=run(id=made.run_id),
        weights=weights,
        model=of or model(),
        rubric=RUBRIC,
        item=to or item(),
        response=made,
    )


def store_response(
    store: Store,
    *,
    of: ModelRecord | None = None,
    to: ItemRecord | None = None,
    weights: WeightsRecord = WEIGHTS,
    **changes: Any,
) -> ResponseRecord:
    """One more response in a run of its own."""
    made = response(new_id(), of=of, to=to, **{"weights_sha256": weights.sha256} | changes)
    store.responses.add(recorded(made, of=of, to=to, weights=weights))
    return made


def next_sample(store: Store, task: str, prompt_hash: str, of: ModelKey) -> int:
    """What would be claimed next."""
    claim = new_id()
    sample = store.claims.take_next(claim, task, prompt_hash, of, 0)
    store.claims.end(claim)
    return sample


def grader_id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))


def session_id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"session of {name}"))


def grade(
    of: ResponseRecord, level: str | None = "pass", *, grader: str = "mei", **changes: Any
) -> JudgementRecord:
    fields = {
        "id": new_id(),
        "session_id": session_id(grader),
        "grader_id": grader_id(grader),
        "response_id": of.id,
        "item_hash": of.item_hash,
        "kind": "grade",
        "level": level,
        "value": None if level is None else 1.0,
        "decided_at": now(),
        "app_version": "0.1.0",
    }
    return JudgementRecord(**fields | changes)


def skip(of: ResponseRecord, **changes: Any) -> JudgementRecord:
    return grade(of, None, kind="skip", **changes)


def note(of: ResponseRecord, text: str, **changes: Any) -> JudgementRecord:
    return grade(of, None, kind="note", criterion=None, text=text, **changes)


def flag(of: ResponseRecord, text: str, **changes: Any) -> JudgementRecord:
    return grade(of, None, kind="flag", criterion=None, text=text, **changes)


def undo(of: JudgementRecord, **changes: Any) -> JudgementRecord:
    fields = {
        "id": new_id(),
        "session_id": of.session_id,
        "grader_id": of.grader_id,
        "response_id": of.response_id,
        "item_hash": of.item_hash,
        "criterion": of.criterion,
        "kind": "undo",
        "names": of.id,
        "decided_at": now(),
        "app_version": "0.1.0",
    }
    return JudgementRecord(**fields | changes)


def redo(of: JudgementRecord, **changes: Any) -> JudgementRecord:
    return undo(of, kind="redo", **changes)


def add_grader(store: Store, name: str = "mei") -> None:
    """A grader of that name with a session, if they are not there."""
    if store.graders.find(name) is None:
        grader = GraderRecord(id=grader_id(name), created_at=now(), name=name, name_key=name, kind="person")
        session = SessionRecord(
            id=session_id(name), started_at=now(), grader_id=grader.id, mode="free", app_version="0.1.0"
        )
        with store.transaction():
            store.insert("graders", asdict(grader), keep_existing=True)
            store.insert("sessions", asdict(session), keep_existing=True)


def add(store: Store, judgement: JudgementRecord) -> JudgementRecord:
    """Store a judgement of mei or ada."""
    names = {grader_id(name): name for name in ("mei", "ada")}
    add_grader(store, names.get(judgement.grader_id, "mei"))
    store.judgements.add(judgement)
    return judgement


def current(
    store: Store, response_id: str, grader: str = "mei", *, criterion: str = "overall"
) -> JudgementRecord | None:
    """The grade or skip in force."""
    found = store.judgements.of_responses([response_id], grader_id(grader))
    return next((each for each in found if each.criterion == criterion), None)


def standing_note(store: Store, response_id: str, grader: str = "mei") -> JudgementRecord | None:
    """The note in force."""
    found = store.judgements.of_responses([response_id], grader_id(grader))
    return next((each for each in found if each.kind == "note"), None)


def in_force(store: Store) -> list[JudgementRecord]:
    """All that stands, oldest first."""
    columns = ", ".join(JudgementRecord.__struct_fields__)
    rows = store.query(f"SELECT {columns} FROM in_force ORDER BY seq, id")
    return list(store.read(rows, JudgementRecord, "judgements"))
