"""One planned response from the engine into the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.engines.llama.protocol import Generate, LoadSpec
from tui.errors import WeightsError
from tui.generation.fingerprint import fingerprint
from tui.generation.recording import Transcript, model_record, response_record, weights_record
from tui.generation.saving import NotSaved
from tui.store.ids import new_id
from tui.store.items import item_record, rubric_record
from tui.store.records import Recorded

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tui.engines.base import Engine, EngineEvent
    from tui.generation.fingerprint import Fingerprint
    from tui.generation.plan import PlannedResponse, RunnableModel
    from tui.generation.saving import Saver
    from tui.store.records import ResponseRecord, RunRecord


def load_spec(
    runnable: RunnableModel, *, threads: int = 0, gpu_layers: int = -1, parallel: int = 1
) -> LoadSpec:
    weights, model = runnable.weights, runnable.model
    return LoadSpec(
        path=str(weights.path),
        adapter_path=str(weights.adapter_path) if weights.adapter_path else None,
        context_length=model.context_length,
        tokenizer_pre=weights.source.tokenizer_pre,
        threads=threads,
        gpu_layers=gpu_layers,
        parallel=parallel,
    )


def generation(planned: PlannedResponse, generation_id: str, seconds: float = 0) -> Generate:
    model = planned.runnable.model
    return Generate(
        id=generation_id,
        instruction=planned.item.prompt.text,
        input=planned.item.prompt.input,
        system=model.system,
        template=model.template,
        stop_texts=model.stop_texts,
        stop_tokens=model.stop_tokens,
        sampling=model.sampling,
        seed=planned.seed,
        seconds=seconds,
    )


async def generate_response(
    planned: PlannedResponse,
    *,
    engine: Engine,
    saver: Saver,
    run: RunRecord,
    response_id: str | None = None,
    threads: int = 0,
    gpu_layers: int = -1,
    parallel: int = 1,
    seconds: float = 0,
) -> AsyncIterator[EngineEvent | NotSaved | ResponseRecord]:
    """The engine's events as they come, and last the response as stored: complete, partial or failed.

    The response's id is also the generation's: `engine.cancel(response_id)` ends it. Nothing is stored, and
    no record comes, for a generation that was cancelled before it began or whose weights cannot be read.
    While the database does not let it in, `NotSaved` is the last event.
    """
    response_id = response_id or new_id()
    transcript = Transcript()
    identity = await _identity(planned.runnable)
    spec = load_spec(planned.runnable, threads=threads, gpu_layers=gpu_layers, parallel=parallel)
    async for event in engine.generate(spec, generation(planned, response_id, seconds)):
        transcript.take(event)
        yield event
    if identity is None or transcript.never_began:
        return
    rubric = rubric_record(planned.item)
    item = item_record(planned.item, rubric)
    recorded = Recorded(
        run=run,
        weights=weights_record(planned.runnable, transcript.facts, identity),
        model=model_record(planned.runnable),
        rubric=rubric,
        item=item,
        response=response_record(planned, transcript, identity, item.hash, run.id, response_id),
    )
    saved = saver.save(recorded)
    if not saved.done():
        yield NotSaved(saver.why)
    if await saved:
        yield recorded.response


async def _identity(runnable: RunnableModel) -> Fingerprint | None:
    """Before the weights load, so that it is of the file that answers. The engine says better what is wrong
    with a file that cannot be read."""
    try:
        return await fingerprint(runnable)
    except WeightsError:
        return None
