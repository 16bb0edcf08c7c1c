"""Limits of a request to a worker, and the end of one that takes too long."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec.structs import asdict, replace

from tui.errors import EngineError

if TYPE_CHECKING:
    from tui.engines.events import Finished
    from tui.engines.request import Request


def sendable(request: Request) -> Request:
    """JSON has no infinity: a time limit that is none is 0. Raises EngineError for other such numbers."""
    for name, value in asdict(request.sampling).items():
        if isinstance(value, float) and not math.isfinite(value):
            raise EngineError(f"{name} = {value} cannot be used: give a finite number")
    limited = math.isfinite(request.seconds) and request.seconds > 0
    return request if limited else replace(request, seconds=0)


def ended_by_its_time(finished: Finished, seconds: float) -> Finished:
    """The event with which the worker would have ended it, had it looked at the clock."""
    if finished.reason != "cancelled":
        return finished
    if finished.tokens:
        return replace(finished, reason="length")
    error = f"the prompt was not read within {seconds:g} seconds"
    return replace(finished, reason="failed", error=error)
