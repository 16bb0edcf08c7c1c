"""Models, tasks and runnable_models for tests that need no real weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui.catalogue.model import Model, Source
from tui.catalogue.rubric import Level
from tui.catalogue.task import Prompt, Task
from tui.generation.plan import RunnableModel
from tui.weights.files.locate import locate

if TYPE_CHECKING:
    from pathlib import Path

LEVELS = (
    Level(label="fail", key="f", value=0.0, anchor="does not run"),
    Level(label="partial", key="a", value=0.5, anchor="one slip"),
    Level(label="pass", key="p", value=1.0, anchor="right"),
)


def task(name: str = "code", count: int = 2, **changes: Any) -> Task:
    prompts = tuple(
        Prompt(number=number, title=f"{name} {number}", text=f"do {name} {number}")
        for number in range(1, count + 1)
    )
    return Task(**{"name": name, "title": name.title(), "levels": LEVELS, "prompts": prompts} | changes)


def model(name: str, file: Path, **changes: Any) -> Model:
    fields = {"name": name, "title": name.title(), "licence": "MIT", "sources": (Source(path=str(file)),)}
    return Model(**fields | changes)


def runnable_models(
    folder: Path, count: int = 4, file_name: str = "weights.gguf", **changes: Any
) -> list[RunnableModel]:
    """Models on one file that is no GGUF; a scripted engine does not look into it."""
    file = folder / file_name
    file.write_bytes(b"GGUF and nothing else")
    models = [model(f"model-{number}", file, system=str(number), **changes) for number in range(1, count + 1)]
    return [RunnableModel(each, locate(each)) for each in models]
