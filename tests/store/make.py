"""Records for the tests, complete but for what a test is about."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from tui.store.ids import new_id as new_id
from tui.store.ids import now
from tui.store.records import (
    GradeRecord,
    ModelKey,
    ModelRecord,
    PromptRecord,
    Recorded,
    ResponseRecord,
    RubricRecord,
    RunRecord,
    WeightsRecord,
)

if TYPE_CHECKING:
    from tui.store.database import Store


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


WEIGHTS = WeightsRecord(sha256=digest("weights"), file="tiny.gguf", size=1000)
RUBRIC = RubricRecord(hash=digest("rubric"), levels='[{"label":"pass","value":1.0}]')


def key(of: ModelRecord, weights: WeightsRecord = WEIGHTS) -> ModelKey:
    return ModelKey(of.name, of.config_hash, weights.sha256)


def run(**changes: Any) -> RunRecord:
    return RunRecord(
        **{"id": new_id(), "started_at": now(), "app_version": "0.1.0", "machine": "{}"} | changes
    )


def model(name: str = "tiny") -> ModelRecord:
    return ModelRecord(name=name, config_hash=digest(name), title=name.title(), config="{}")


def prompt(task: str = "code", number: int = 1, text: str = "Add two numbers.") -> PromptRecord:
    return PromptRecord(content_hash=digest(text), task=task, number=number, title="sum", text=text)


def response(
    run_id: str, *, of: ModelRecord | None = None, to: PromptRecord | None = None, **changes: Any
) -> ResponseRecord:
    asked, answering = to or prompt(), of or model()
    fields: dict[str, Any] = {
        "id": new_id(),
        "run_id": run_id,
        "created_at": now(),
        "task": asked.task,
        "prompt_number": asked.number,
        "prompt_hash": asked.content_hash,
        "model": answering.name,
        "model_config_hash": answering.config_hash,
        "weights_sha256": WEIGHTS.sha256,
        "sample": 1,
        "seed": 0,
        "sampling": "{}",
        "text": "a + b",
        "finish_reason": "stop",
    }
    return ResponseRecord(**fields | changes)


def recorded(made: ResponseRecord) -> Recorded:
    """The response with all that it refers to."""
    return Recorded(run=run(id=made.run_id), weights=WEIGHTS, model=model(), prompt=prompt(), response=made)


def store_response(
    store: Store,
    *,
    of: ModelRecord | None = None,
    to: PromptRecord | None = None,
    weights: WeightsRecord = WEIGHTS,
    **changes: Any,
) -> ResponseRecord:
    """One more response in a run of its own."""
    sitting = run()
    store.add_run(sitting)
    made = response(sitting.id, of=of, to=to, **{"weights_sha256": weights.sha256} | changes)
    store.add_response(made, weights=weights, model=of or model(), prompt=to or prompt())
    return made


def grade(of: ResponseRecord, label: str | None = "pass", **changes: Any) -> GradeRecord:
    fields = {
        "id": new_id(),
        "response_id": of.id,
        "grader": "mei",
        "kind": "grade",
        "label": label,
        "value": None if label is None else 1.0,
        "graded_at": now(),
        "app_version": "0.1.0",
    }
    return GradeRecord(**fields | changes)


def skip(of: ResponseRecord, **changes: Any) -> GradeRecord:
    return grade(of, None, kind="skip", **changes)


def undo(of: GradeRecord, **changes: Any) -> GradeRecord:
    fields = {
        "id": new_id(),
        "response_id": of.response_id,
        "grader": of.grader,
        "kind": "undo",
        "undoes": of.id,
        "graded_at": now(),
        "app_version": "0.1.0",
    }
    return GradeRecord(**fields | changes)
