"""Advice for when no model can run here."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from tui import paths
from tui.app.view.key_names import key_name
from tui.text import safe

STEPS = """\
No model can run here yet.

To try the program now, on a small model that needs no download:
    llm-grader demo

To run a GGUF file you have:
    llm-grader -m path/to/file.gguf

To fetch a model of the catalogue: press {models} to see the models and fetch one,
or leave with {quit} and use
    llm-grader pull MODEL          (names: llm-grader models)
or put its file into
    {folder}

To use a catalogue of your own:
    llm-grader --models-file FILE.toml
"""


class Welcome(Static):
    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(markup=False)
        self._problems = problems

    def on_mount(self) -> None:
        text = STEPS.format(
            folder=paths.models_dir(),
            models=key_name(self.app, "models"),
            quit=key_name(self.app, "quit"),
        )
        if self._problems:
            text += "\nWhat was looked for:\n" + "\n".join(self._problems)
        self.update(Content(safe(text)))
