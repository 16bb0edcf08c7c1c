"""A machine on which llama.cpp does not work as it should, for a child process of a test.

    python odd_machine.py KIND MODULE [ARGUMENT …]

runs a module of the program, with the real llama.cpp, but for this kind of trouble:

amx         a batch of several tokens crashes while extra layouts are on, as with some builds on Intel's AMX
batches     a batch of several tokens crashes whatever the layouts
long        a batch of a hundred tokens crashes whatever the layouts
later       the tenth decode crashes
FILE:COUNT  is killed in the middle of loading, so many times in all, counted in the file
hang        a batch of several tokens never ends
"""

from __future__ import annotations

import ctypes
import os
import runpy
import signal
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.engines.llama.layouts import Layouts

TENTH, LONG = 10, 100


def segfault() -> None:
    ctypes.string_at(0)


def hang() -> None:
    time.sleep(600)


def have(kind: str) -> None:
    """From here on llama.cpp in this process behaves as on such a machine."""
    import llama_cpp.llama_cpp as llama

    load, decode = llama.llama_model_load_from_file, llama.llama_decode
    state = {"extra": False, "decoded": 0}

    def odd_load(path: bytes, params: llama.llama_model_params) -> object:
        state["extra"] = bool(params.use_extra_bufts)
        if ":" in kind:
            be_killed(*kind.rsplit(":", 1))
        return load(path, params)

    def odd_decode(context: object, batch: llama.llama_batch) -> int:
        state["decoded"] += 1
        several = batch.n_tokens > 1
        if several and (kind == "batches" or (kind == "amx" and state["extra"])):
            segfault()
        if kind == "long" and batch.n_tokens >= LONG:
            segfault()
        if several and kind == "hang":
            hang()
        if kind == "later" and state["decoded"] == TENTH:
            segfault()
        return int(decode(context, batch))

    llama.llama_model_load_from_file, llama.llama_decode = odd_load, odd_decode


def be_killed(file: str, times: str) -> None:
    counted = Path(file)
    count = len(counted.read_bytes()) if counted.exists() else 0
    if count < int(times):
        counted.write_bytes(b"." * (count + 1))
        os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def as_a_worker(layouts: Layouts) -> Iterator[None]:
    """Weights loaded in this very process, by whichever way of the binding, are loaded as a worker loads them
    by what was learnt."""
    if layouts.extra:
        yield
        return
    import llama_cpp.llama_cpp as llama

    default = llama.llama_model_default_params

    def plain() -> llama.llama_model_params:
        params = default()
        params.use_extra_bufts = False
        return params

    llama.llama_model_default_params = plain
    try:
        yield
    finally:
        llama.llama_model_default_params = default


def command(kind: str, module: str = "tui.engines.llama.worker.main") -> tuple[str, ...]:
    return (sys.executable, "-P", str(Path(__file__).absolute()), kind, module)


if __name__ == "__main__":
    have(sys.argv[1])
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
