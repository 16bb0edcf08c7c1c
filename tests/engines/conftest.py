from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from cased_gguf import write_cased
from odd_machine import command
from tiny_gguf import write_tiny

from tui.engines.llama.engine import LlamaEngine
from tui.engines.llama.layouts import Layouts
from tui.engines.llama.protocol import LoadSpec

from .listening import SMOLLM2

MakeTiny = Callable[..., Path]
MakeEngine = Callable[..., LlamaEngine]


@pytest_asyncio.fixture
async def engine(tmp_path: Path) -> AsyncIterator[LlamaEngine]:
    engine = LlamaEngine(log_folder=tmp_path / "logs")
    yield engine
    await engine.close()


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> MakeTiny:
    """Write a tiny GGUF file, once for equal arguments."""
    folder = tmp_path_factory.mktemp("tiny")
    made: dict[str, Path] = {}

    def make(architecture: str = "llama", **arguments: Any) -> Path:
        key = repr((architecture, sorted(arguments.items())))
        if key not in made:
            made[key] = write_tiny(folder / f"{architecture}-{len(made)}.gguf", architecture, **arguments)
        return made[key]

    return make


@pytest.fixture(scope="session")
def smollm2() -> LoadSpec:
    return LoadSpec(path=str(SMOLLM2))


@pytest.fixture(scope="session")
def cased_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights whose every token shows whose prompt it came of."""
    return write_cased(tmp_path_factory.mktemp("cased") / "cased.gguf")


@pytest.fixture
def learnt(tmp_path: Path) -> Layouts:
    """Nothing is known before."""
    return Layouts(tmp_path / "learnt.json")


@pytest_asyncio.fixture
async def on(tmp_path: Path) -> AsyncIterator[MakeEngine]:
    """An engine on a machine of a kind."""
    made: list[LlamaEngine] = []

    def make(kind: str, **options: object) -> LlamaEngine:
        options = {"log_folder": tmp_path / "logs", "available": lambda _pids: 1 << 60} | options
        made.append(LlamaEngine(command=command(kind), **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for engine in made:
        await engine.close()


@pytest.fixture
def loads(tmp_path: Path) -> Callable[[], int]:
    """How many workers there were so far: each has a log."""
    return lambda: len(list((tmp_path / "logs").glob("worker-*.log")))
