"""What does not fit into memory is refused by its model's name, with what else there is of it."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from making import model, task
from tiny_gguf import write_tiny

from tui.catalogue.item import items_of
from tui.catalogue.model import Source
from tui.engines.llama.engine import LlamaEngine
from tui.generation.live import LiveResponses
from tui.generation.plan import RunnableModel
from tui.memory import fit
from tui.store.database import Store
from tui.weights.files.locate import locate

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tui.generation.live_response import LiveResponse

FREE = 80_000_000
"""Bytes. The tiny file with its large adapter needs more, a smaller one of the same model does not."""
ADAPTER = 60_000_000


def runnable(folder: Path, name: str) -> RunnableModel:
    file = write_tiny(folder / f"{name}.Q4_K_M.gguf", "mpt")
    smaller = Source(repo="o/r", file="smaller.gguf", size=100_000, quantisation="Q2_K")
    sources = (Source(path=str(file), quantisation="Q4_K_M"), smaller)
    found = model(name, file, title=f"The {name}", architecture="mpt", context_length=64, sources=sources)
    adapter = folder / "adapter.gguf"
    adapter.touch()
    os.truncate(adapter, ADAPTER)
    return RunnableModel(found, replace(locate(found), adapter_path=adapter))


async def refusal(live: LiveResponses, shown: LiveResponse) -> str:
    live.run([shown])
    while shown.busy:
        await asyncio.sleep(0.01)
    return shown.error


async def test_a_model_that_came_later_is_refused_by_name_as_are_those_known_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit, "free_memory", lambda: FREE)
    item = items_of(task("code", 1))[0]
    known, added = runnable(tmp_path, "known"), runnable(tmp_path, "added")
    engine = LlamaEngine(log_folder=tmp_path, available=lambda _pids: FREE, find_devices=list)
    with Store.open(tmp_path / "grades.db") as store:
        live = LiveResponses(runnable_models=[known], store=store, engine=engine)
        live.add(added)

        errors = [await refusal(live, answer) for answer in live.answers(item)]
        await live.close()

    assert [error.split(" needs ")[0] for error in errors] == ["The known Q4_K_M", "The added Q4_K_M"]
    for error in errors:
        assert "will not fit; Q2_K " in error
        assert error.endswith("; --force tries")
