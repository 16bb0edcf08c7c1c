"""A first run of a new file: it is loaded, and writes one token."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

from tui.catalogue.model import Sampling
from tui.conversion.estimate import TRIED_CONTEXT
from tui.engines.events import Finished, Loaded
from tui.engines.llama.engine import LlamaEngine
from tui.engines.llama.settings import MachineSettings
from tui.engines.request import Request
from tui.engines.target import LocalTarget
from tui.errors import WeightsError

if TYPE_CHECKING:
    from pathlib import Path

    from tui.weights.control import Control

_REQUEST = Request(
    id="try", instruction="Hello", template="{{ instruction }}", sampling=Sampling(max_tokens=1)
)


def try_file(path: Path, control: Control) -> tuple[str, ...]:
    """Loads it and lets it write one token; gives what llama.cpp warned of. No event loop may be running in
    this thread. Raises WeightsError saying why it does not run, StoppedError."""
    return asyncio.run(_try(LocalTarget(path, context_length=TRIED_CONTEXT), control))


async def _try(target: LocalTarget, control: Control) -> tuple[str, ...]:
    engine = LlamaEngine(MachineSettings(force=True))  # what it takes was said before
    warnings: tuple[str, ...] = ()
    try:
        async with aclosing(engine.generate(target, _REQUEST)) as events:  # type: ignore[type-var]
            async for event in events:
                control.raise_if_stopped()
                match event:
                    case Loaded(facts=facts):
                        warnings = facts.warnings
                    case Finished(reason="failed", error=error):
                        raise WeightsError(f"what came out does not run: {error}")
    finally:
        await engine.close()
    return warnings
