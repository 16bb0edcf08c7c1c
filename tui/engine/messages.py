"""The worker's protocol: commands to it and events from it, each one JSON line (msgspec tagged structs).

The same events are what the rest of the program sees of a generation.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from tui.catalogue.model import Sampling

FinishReason = Literal["stop", "length", "cancelled", "failed"]
"""stop: the model ended its answer (end-of-generation token, stop token or stop text); length: max_tokens,
the context or the time limit was reached; cancelled: the person stopped it; failed: the engine did."""

Doing = Literal["nothing", "loading", "preparing", "decoding"]
"""preparing: the chat template is rendered and the prompt made tokens."""


class LoadSpec(Struct, frozen=True, kw_only=True):
    """Which weights a worker holds and how. Equal specs share one worker."""

    path: str
    adapter_path: str | None = None
    context_length: int = 2048
    held_context: int = 0
    """Tokens of context where memory holds no more of them; 0 is all. What might need more is refused, so
    that no answer depends on the memory there was."""
    tokenizer_pre: str | None = None
    gpu_layers: int = -1
    """Layers to offload; -1 is as many as fit, where the build has a GPU backend."""
    devices: tuple[str, ...] = ()
    """llama.cpp's names of the GPUs to use, for example CUDA0; none named is all of them."""
    threads: int = 0
    """0 lets the worker choose: see `tui/engine/threads.py`."""
    parallel: int = 1
    """Generations that run at once, each with a context of its own; further ones wait. With 1 the same seed
    gives the same bytes; the work of several in one batch depends on who is in it."""
    extra_layouts: bool = True
    """Whether llama.cpp may lay weights out anew for this CPU: see `tui/engine/layouts.py`."""


class Load(Struct, frozen=True, kw_only=True, tag="load"):
    spec: LoadSpec


class Generate(Struct, frozen=True, kw_only=True, tag="generate"):
    """One generation. `id` is the caller's and unique while the generation lives.

    template None is the chat template inside the weights' file; a file without one fails the generation.
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
    """After which the answer ends with reason `length`, counted from Started; 0 is without limit. A prompt
    that was not even read by then fails."""


class Cancel(Struct, frozen=True, kw_only=True, tag="cancel"):
    id: str


class Unload(Struct, frozen=True, kw_only=True, tag="unload"):
    pass


Command = Load | Generate | Cancel | Unload


class EngineFacts(Struct, frozen=True, kw_only=True):
    """What the engine knows of itself and the loaded weights; stored with every response."""

    build: str
    """Binding version and llama.cpp's system-info string."""
    architecture: str
    description: str
    parameters: int
    context_length: int
    """As much as is held in memory."""
    train_context_length: int
    threads: int
    """Those that write one answer; several in a batch are written by those that read prompts."""
    gpu_layers: int
    extra_layouts: bool = True
    """Whether what the CPU computes may be laid out anew for it."""
    devices: tuple[str, ...] = ()
    chat_template: str | None = None
    warnings: tuple[str, ...] = ()
    """What llama.cpp warned about this file while loading it, one line each."""


class Waiting(Struct, frozen=True, kw_only=True, tag="waiting"):
    """The generation is kept from its turn by something in another process."""

    why: str
    """For example `the app is answering`."""


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
    """What could not be done as asked, one line each: a stop token that the weights do not have."""


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
    """Whether further generations of these weights would end the same way: their worker dies whatever it is
    asked."""


class LoadFailed(Struct, frozen=True, kw_only=True, tag="load-failed"):
    error: str


class Beat(Struct, frozen=True, kw_only=True, tag="beat"):
    """Once a second while there is something to do, whatever that is: the process runs."""

    doing: Doing
    steps: int
    """How often the work has moved. A decode moves it when it ends, which may take minutes."""


WorkerEvent = Loading | Loaded | LoadFailed | Started | Delta | Finished | Beat
