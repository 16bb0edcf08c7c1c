"""The recording of a generation: the sum of its events, and the database rows made of it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from tui.engines.events import Delta, EngineFacts, Finished, Loaded, Started
from tui.store.ids import now
from tui.store.items import item_record, rubric_record
from tui.store.records import ModelRecord, Recorded, ResponseRecord, WeightsRecord, text_sha256

if TYPE_CHECKING:
    from tui.engines.base import EngineEvent
    from tui.generation.fingerprint import Fingerprint
    from tui.generation.plan import PlannedResponse, RunnableModel
    from tui.store.records import RunRecord


class Transcript:
    """The sum of a generation's events."""

    def __init__(self) -> None:
        self.facts: EngineFacts | None = None
        self.started: Started | None = None
        self.text: list[str] = []
        self.finished = Finished(id="", reason="failed", error="the engine ended without a word")

    @property
    def never_began(self) -> bool:
        return self.started is None and self.finished.reason == "cancelled"

    @property
    def warnings(self) -> tuple[str, ...]:
        return (self.facts.warnings if self.facts else ()) + (self.started.warnings if self.started else ())

    def take(self, event: EngineEvent) -> None:
        match event:
            case Loaded(facts=facts):
                self.facts = facts
            case Started():  # a second one is of a new beginning
                self.started = event
                self.text.clear()
            case Delta(text=text):
                self.text.append(text)
            case Finished():
                self.finished = event


def recorded(
    planned: PlannedResponse,
    transcript: Transcript,
    identity: Fingerprint,
    run: RunRecord,
    response_id: str,
) -> Recorded:
    """All that the database is to have of a generation."""
    rubric = rubric_record(planned.item)
    item = item_record(planned.item, rubric)
    return Recorded(
        run=run,
        weights=weights_record(planned.runnable, transcript.facts, identity),
        model=model_record(planned.runnable),
        rubric=rubric,
        item=item,
        response=response_record(planned, transcript, identity, item.hash, run.id, response_id),
    )


def response_record(
    planned: PlannedResponse,
    transcript: Transcript,
    identity: Fingerprint,
    item_hash: str,
    run_id: str,
    response_id: str,
) -> ResponseRecord:
    model, facts, started, finished = (
        planned.runnable.model,
        transcript.facts,
        transcript.started,
        transcript.finished,
    )
    template = started.template if started else None
    text = "".join(transcript.text)
    return ResponseRecord(
        id=response_id,
        run_id=run_id,
        created_at=now(),
        task=planned.item.task.name,
        prompt_number=planned.item.prompt.number,
        prompt_hash=planned.item.prompt.content_hash,
        item_hash=item_hash,
        model=model.name,
        model_config_hash=planned.runnable.config_hash,
        weights_sha256=identity.weights_sha256,
        adapter_sha256=identity.adapter_sha256,
        origin=identity.origin,
        sample=planned.sample,
        seed=planned.seed,
        sampling=msgspec.json.encode(model.sampling).decode(),
        template_sha256=hashlib.sha256(template.encode()).hexdigest() if template else None,
        template=template,
        rendered_prompt=started.rendered_prompt if started else None,
        text=text,
        text_sha256=text_sha256(text),
        finish_reason=finished.reason,
        error=finished.error,
        warnings="\n".join(transcript.warnings),
        prompt_tokens=started.prompt_tokens if started else None,
        tokens=finished.tokens,
        first_token_seconds=finished.first_token_seconds,
        seconds=finished.seconds,
        tokens_per_second=finished.tokens_per_second,
        engine_build=facts.build if facts else None,
        threads=facts.threads if facts else None,
        gpu_layers=facts.gpu_layers if facts else None,
        extra_layouts=facts.extra_layouts if facts else None,
        parallel=finished.parallel,
    )


def weights_record(
    runnable: RunnableModel, facts: EngineFacts | None, identity: Fingerprint
) -> WeightsRecord:
    return WeightsRecord(
        sha256=identity.weights_sha256,
        adapter_sha256=identity.adapter_sha256,
        file=runnable.weights.path.name,
        size=runnable.weights.size,
        files=msgspec.json.encode([each._asdict() for each in identity.files]).decode(),
        architecture=facts.architecture if facts else runnable.model.architecture,
        description=facts.description if facts else "",
        parameters=facts.parameters if facts else None,
    )


def model_record(runnable: RunnableModel) -> ModelRecord:
    model = runnable.model
    config = {
        "template": model.template,
        "system": model.system,
        "stop_texts": model.stop_texts,
        "stop_tokens": model.stop_tokens,
        "sampling": model.sampling,
        "context_length": model.context_length,
        "tokenizer_pre": runnable.weights.source.tokenizer_pre,
        "licence": model.licence,
    }
    return ModelRecord(
        name=model.name,
        config_hash=runnable.config_hash,
        title=model.title,
        config=msgspec.json.encode(config).decode(),
    )
