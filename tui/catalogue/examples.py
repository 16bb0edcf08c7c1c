"""Examples of the files that a person adds models and a task with."""

from __future__ import annotations

from pathlib import Path

from tui.errors import GraderError
from tui.explain import reason_of

MODELS = "models.toml"
PROMPTS = "prompts"
_TASK = "my-task.toml"
_EXAMPLES = {Path(MODELS): "example-models.toml", Path(PROMPTS, _TASK): "example-task.toml"}


def write_examples(folder: Path) -> list[Path]:
    """Write a models file and a folder of tasks into the folder, all or, where one of them exists, none.

    Raises GraderError.
    """
    files = {folder / place: Path(__file__).with_name(source) for place, source in _EXAMPLES.items()}
    try:
        if there := next((file for file in files if file.exists() or file.is_symlink()), None):
            raise GraderError(f"{there} exists already, and nothing is overwritten: name another folder")
        for file, source in files.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("xb") as example:
                example.write(source.read_bytes())
    except OSError as error:
        raise GraderError(f"{folder} cannot be written: {reason_of(error)}") from error
    return list(files)
