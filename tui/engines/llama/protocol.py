"""The worker's protocol: commands to it and events from it, each one JSON line (msgspec tagged structs).

Most events are what the rest of the program sees of a generation too: `tui/engines/events.py`.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from tui.engines.events import Delta, Finished, Loaded, Loading, Started
from tui.engines.request import Request

Doing = Literal["nothing", "loading", "preparing", "decoding"]
"""preparing: the chat template is rendered and the prompt made tokens."""


class LoadSpec(Struct, frozen=True, kw_only=True):
    """A load specification: the weights of a worker and their loading. Equal ones share one worker."""

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
    """0 lets the worker choose: see `tui/engines/llama/threads.py`."""
    parallel: int = 1
    """Generations that run at once, each with a context of its own; further ones wait. With 1 the same seed
    gives the same bytes; the work of several in one batch depends on who is in it."""
    extra_layouts: bool = True
    """True if llama.cpp may lay weights out anew for this CPU: see `tui/engines/llama/layouts.py`."""


class Load(Struct, frozen=True, kw_only=True, tag="load"):
    spec: LoadSpec


class Generate(Struct, frozen=True, kw_only=True, tag="generate"):
    request: Request


class Cancel(Struct, frozen=True, kw_only=True, tag="cancel"):
    id: str


class Unload(Struct, frozen=True, kw_only=True, tag="unload"):
    pass


Command = Load | Generate | Cancel | Unload


class LoadFailed(Struct, frozen=True, kw_only=True, tag="load-failed"):
    error: str


class Beat(Struct, frozen=True, kw_only=True, tag="beat"):
    """A sign of life, once a second while there is something to do."""

    doing: Doing
    steps: int
    """The number of steps of the work. A decode is one when it ends, which may take minutes."""


WorkerEvent = Loading | Loaded | LoadFailed | Started | Delta | Finished | Beat
