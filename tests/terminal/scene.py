"""The models and prompts of a test in the hosted app."""

from __future__ import annotations

import msgspec


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
    prompts: list[ScenePrompt] = msgspec.field(default_factory=lambda: [ScenePrompt()])
    task_title: str = "Code"
    anchor: str = "right"
    licence: str = "MIT"
    grader: str = "mei"
    warnings: list[str] = []
    problems: list[str] = []
    theme: str = ""
    fetchable: list[SceneModel] = []
