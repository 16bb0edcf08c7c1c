"""A request to an engine: one answer to one prompt."""

from __future__ import annotations

from msgspec import Struct

from tui.catalogue.model import Sampling


class Request(Struct, frozen=True, kw_only=True):
    """`id` is the caller's and unique while the generation lives.

    template None is the chat template that comes with the weights; without one the generation fails.
    """

    id: str
    instruction: str
    input: str = ""
    system: str = ""
    template: str | None = None
    stop_texts: tuple[str, ...] = ()
    stop_tokens: tuple[str, ...] = ()
    sampling: Sampling = Sampling()
    seed: int = 0
    seconds: float = 0
    """The time limit, counted from Started, after which the answer ends with reason `length`; 0 is none. A
    prompt that was not even read by then fails."""
