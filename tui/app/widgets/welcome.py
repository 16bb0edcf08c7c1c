"""What to do when no model can run here."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from tui import paths
from tui.text import safe

STEPS = """\
No model can run here yet.

To try the program now, on a small model that needs no download:
    llm-grader demo

To run a GGUF file you have:
    llm-grader -m path/to/file.gguf

To fetch a model of the catalogue: press m to see the models and fetch one,
or leave with q and use
    llm-grader pull MODEL          (names: llm-grader models)
or put its file into
    {folder}

To use a catalogue of your own:
    llm-grader --models-file FILE.toml
"""


class Welcome(Static):
    def __init__(self, problems: tuple[str, ...]) -> None:
        text = STEPS.format(folder=paths.models_dir())
        if problems:
            text += "\nWhat was looked for:\n" + "\n".join(problems)
        super().__init__(Content(safe(text)), markup=False)
