"""One planned response from the engine into the store."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import msgspec

from tui.engine.messages import Delta, EngineFacts, Finished, Generate, Loaded, LoadSpec, Started
from tui.errors import WeightsError
from tui.evaluation.plan import Fingerprint
from tui.store.ids import new_id, now
from tui.store.records import ModelRecord, PromptRecord, ResponseRecord, WeightsRecord
from tui.weights.fingerprint import remembered_sha256, sha256_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tui.engine.base import Engine, EngineEvent
    from tui.evaluation.plan import PlannedResponse, Subject
    from tui.store.database import Store


async def fingerprint(subject: Subject) -> Fingerprint:
    """Raises WeightsError. Files are read one after another, in the order they are asked for."""
    adapter = subject.weights.adapter_path
    async with _one_at_a_time():
        return Fingerprint(
            await asyncio.to_thread(sha256_of, subject.weights.path),
            await asyncio.to_thread(sha256_of, adapter) if adapter else "",
        )


def remembered_fingerprint(subject: Subject) -> Fingerprint | None:
    """The fingerprint if it is known without reading the files."""
    adapter = subject.weights.adapter_path
    weights_sha256 = remembered_sha256(subject.weights.path)
    adapter_sha256 = remembered_sha256(adapter) if adapter else ""
    known = weights_sha256 is not None and adapter_sha256 is not None
    return Fingerprint(weights_sha256 or "", adapter_sha256 or "") if known else None


_reading: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


def _one_at_a_time() -> asyncio.Lock:
    """Models that share weights must not read the same file side by side."""
    return _reading.setdefault(asyncio.get_running_loop(), asyncio.Lock())


def load_spec(subject: Subject, *, threads: int = 0, gpu_layers: int = -1) -> LoadSpec:
    weights, model = subject.weights, subject.model
    return LoadSpec(
        path=str(weights.path),
        adapter_path=str(weights.adapter_path) if weights.adapter_path else None,
        context_length=model.context_length,
        tokenizer_pre=weights.source.tokenizer_pre,
        threads=threads,
        gpu_layers=gpu_layers,
    )


def generation(planned: PlannedResponse, generation_id: str) -> Generate:
    model = planned.subject.model
    return Generate(
        id=generation_id,
        instruction=planned.prompt.text,
        input=planned.prompt.input,
        system=model.system,
        template=model.template,
        stop_texts=model.stop_texts,
        stop_tokens=model.stop_tokens,
        sampling=model.sampling,
        seed=planned.seed,
    )


async def answer(
    planned: PlannedResponse,
    *,
    engine: Engine,
    store: Store,
    run_id: str,
    response_id: str | None = None,
    threads: int = 0,
    gpu_layers: int = -1,
) -> AsyncIterator[EngineEvent | ResponseRecord]:
    """The engine's events as they come, and last the response as stored: complete, partial or failed.

    The response's id is also the generation's: `engine.cancel(response_id)` ends it. Nothing is stored, and
    no record comes, for a generation that was cancelled before it began or whose weights cannot be read.
    """
    response_id = response_id or new_id()
    transcript = _Transcript()
    spec = load_spec(planned.subject, threads=threads, gpu_layers=gpu_layers)
    async for event in engine.generate(spec, generation(planned, response_id)):
        transcript.take(event)
        yield event
    if transcript.never_began:
        return
    try:
        identity = await fingerprint(planned.subject)
    except WeightsError:
        if transcript.finished.reason == "failed":
            return
        raise
    yield _store(planned, transcript, identity, store, run_id, response_id)


class _Transcript:
    """What a generation's events add up to."""

    def __init__(self) -> None:
        self.facts: EngineFacts | None = None
        self.started: Started | None = None
        self.text: list[str] = []
        self.finished = Finished(id="", reason="failed", error="the engine ended without a word")

    @property
    def never_began(self) -> bool:
        return self.started is None and self.finished.reason == "cancelled"

    def take(self, event: EngineEvent) -> None:
        match event:
            case Loaded(facts=facts):
                self.facts = facts
            case Started():
                self.started = event
            case Delta(text=text):
                self.text.append(text)
            case Finished():
                self.finished = event


def _store(
    planned: PlannedResponse,
    transcript: _Transcript,
    identity: Fingerprint,
    store: Store,
    run_id: str,
    response_id: str,
) -> ResponseRecord:
    response = _response(planned, transcript, identity, run_id, response_id)
    store.add_response(
        response,
        weights=_weights(planned.subject, transcript.facts, identity),
        model=_model(planned.subject),
        prompt=_prompt(planned),
    )
    return response


def _response(
    planned: PlannedResponse, transcript: _Transcript, identity: Fingerprint, run_id: str, response_id: str
) -> ResponseRecord:
    model, facts, started, finished = (
        planned.subject.model,
        transcript.facts,
        transcript.started,
        transcript.finished,
    )
    template = started.template if started else ""
    return ResponseRecord(
        id=response_id,
        run_id=run_id,
        created_at=now(),
        task=planned.task.name,
        prompt_number=planned.prompt.number,
        prompt_hash=planned.prompt.content_hash,
        model=model.name,
        model_config_hash=model.config_hash,
        weights_sha256=identity.weights_sha256,
        adapter_sha256=identity.adapter_sha256,
        sample=planned.sample,
        seed=planned.seed,
        sampling=msgspec.json.encode(model.sampling).decode(),
        template_sha256=hashlib.sha256(template.encode()).hexdigest() if template else "",
        template=template,
        rendered_prompt=started.rendered_prompt if started else "",
        text="".join(transcript.text),
        finish_reason=finished.reason,
        error=finished.error,
        prompt_tokens=started.prompt_tokens if started else 0,
        tokens=finished.tokens,
        first_token_seconds=finished.first_token_seconds,
        seconds=finished.seconds,
        tokens_per_second=finished.tokens_per_second,
        engine_build=facts.build if facts else "",
        threads=facts.threads if facts else 0,
        gpu_layers=facts.gpu_layers if facts else 0,
        parallel=finished.parallel,
    )


def _weights(subject: Subject, facts: EngineFacts | None, identity: Fingerprint) -> WeightsRecord:
    return WeightsRecord(
        sha256=identity.weights_sha256,
        adapter_sha256=identity.adapter_sha256,
        file=subject.weights.path.name,
        size=subject.weights.size,
        architecture=facts.architecture if facts else subject.model.architecture,
        description=facts.description if facts else "",
        parameters=facts.parameters if facts else 0,
    )


def _model(subject: Subject) -> ModelRecord:
    model = subject.model
    config = {
        "template": model.template,
        "system": model.system,
        "stop_texts": model.stop_texts,
        "stop_tokens": model.stop_tokens,
        "sampling": model.sampling,
        "context_length": model.context_length,
        "licence": model.licence,
    }
    return ModelRecord(
        name=model.name,
        config_hash=model.config_hash,
        title=model.title,
        config=msgspec.json.encode(config).decode(),
    )


def _prompt(planned: PlannedResponse) -> PromptRecord:
    prompt = planned.prompt
    return PromptRecord(
        content_hash=prompt.content_hash,
        task=planned.task.name,
        number=prompt.number,
        title=prompt.title,
        text=prompt.text,
        input=prompt.input,
    )
