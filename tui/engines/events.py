"""The events of a generation."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

FinishReason = Literal["stop", "length", "cancelled", "failed"]
"""stop: the model ended its answer (end-of-generation token, stop token or stop text); length: max_tokens,
the context or the time limit was reached; cancelled: the person stopped it; failed: the engine did."""


class EngineFacts(Struct, frozen=True, kw_only=True):
    """Facts about the engine and the weights, as far as it knows them; stored with every response."""

    build: str
    """The program that computes, with its version."""
    architecture: str = ""
    description: str = ""
    parameters: int | None = None
    context_length: int | None = None
    """The context that is held in memory."""
    train_context_length: int | None = None
    threads: int | None = None
    """The threads that write one answer; those that read prompts write several in a batch."""
    gpu_layers: int | None = None
    extra_layouts: bool | None = None
    """True if weights on the CPU may be laid out anew for it."""
    devices: tuple[str, ...] = ()
    chat_template: str | None = None
    warnings: tuple[str, ...] = ()
    """Warnings of llama.cpp while it loaded this file, one line each."""


class Waiting(Struct, frozen=True, kw_only=True, tag="waiting"):
    """The generation is kept from its turn by something in another process."""

    why: str
    """The reason, for example `the app is answering`."""


class Loading(Struct, frozen=True, kw_only=True, tag="loading"):
    fraction: float


class Loaded(Struct, frozen=True, kw_only=True, tag="loaded"):
    facts: EngineFacts


class Started(Struct, frozen=True, kw_only=True, tag="started"):
    """The generation left the queue: the prompt is rendered and tokenised, and is being read."""

    id: str
    template: str
    rendered_prompt: str
    prompt_tokens: int
    warnings: tuple[str, ...] = ()
    """Parts of the request that could not be done, one line each: a stop token that the weights lack."""


class Delta(Struct, frozen=True, kw_only=True, tag="delta"):
    """More of the answer; whole characters, never part of a stop text. The deltas joined are the answer."""

    id: str
    text: str
    tokens: int
    """Tokens generated so far."""


class Finished(Struct, frozen=True, kw_only=True, tag="finished"):
    """The answer is complete, or as far as it got.

    Times in seconds, from Started on; tokens_per_second counts generated tokens after the first.
    """

    id: str
    reason: FinishReason
    tokens: int = 0
    first_token_seconds: float | None = None
    seconds: float = 0.0
    tokens_per_second: float | None = None
    error: str = ""
    """One readable line, only with reason `failed`."""
    parallel: int = 1
    """Most generations that shared batches or the context with this one, itself included."""
    log: str = ""
    """Path of what the worker wrote, where it died of this."""
    hopeless: bool = False
    """True if further generations of these weights would end the same way: their worker dies whatever it is
    asked."""
