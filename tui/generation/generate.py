"""One planned response, generated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.engines.request import Request
from tui.errors import WeightsError
from tui.generation.fingerprint import fingerprint
from tui.generation.recording import Transcript, recorded
from tui.store.ids import new_id

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tui.engines.base import Engine, EngineEvent
    from tui.engines.target import LocalTarget
    from tui.generation.fingerprint import Fingerprint
    from tui.generation.plan import PlannedResponse, RunnableModel
    from tui.store.records import Recorded, RunRecord


async def generate_response(
    planned: PlannedResponse,
    *,
    engine: Engine[LocalTarget],
    run: RunRecord,
    response_id: str | None = None,
    seconds: float = 0,
) -> AsyncIterator[EngineEvent | Recorded]:
    """The engine's events as they come, and last what is to be stored: complete, partial or failed.

    The response's id is also the generation's: `engine.cancel(response_id)` ends it. There is nothing to be
    stored of a generation that was cancelled before it began or whose weights cannot be read.
    """
    request = _request(planned, response_id or new_id(), seconds)
    transcript = Transcript()
    identity = await _identity(planned.runnable)
    async for event in engine.generate(planned.runnable.target, request):
        transcript.take(event)
        yield event
    if identity is not None and not transcript.never_began:
        yield recorded(planned, transcript, identity, run, request.id)


def _request(planned: PlannedResponse, generation_id: str, seconds: float) -> Request:
    model = planned.runnable.model
    return Request(
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


async def _identity(runnable: RunnableModel) -> Fingerprint | None:
    """The weights' identity, taken before they load, so that it is of the file that answers. None where the
    file cannot be read: the engine says better what is wrong with it."""
    try:
        return await fingerprint(runnable)
    except WeightsError:
        return None
