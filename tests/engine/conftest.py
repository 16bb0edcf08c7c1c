from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from cased_gguf import write_cased
from tiny_gguf import write_tiny

from tui.engine.messages import LoadSpec
from tui.engine.pool import LlamaEngine

from .listening import SMOLLM2

MakeTiny = Callable[..., Path]


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
