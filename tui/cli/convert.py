"""llm-grader convert"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.cli import completion, options
from tui.conversion.quantisations import QUANTISATIONS
from tui.processes.signals import interrupting

if TYPE_CHECKING:
    from pathlib import Path

    from tui.conversion.conversion import Conversion


@click.command("convert")
@click.argument("source", metavar="REPO_OR_FOLDER", shell_complete=completion.folders)
@click.option("--revision", default="main", show_default=True, help="Of the repository.")
@click.option(
    "--quantisation",
    type=click.Choice(tuple(QUANTISATIONS), case_sensitive=False),
    default="Q4_K_M",
    show_default=True,
    help="What it is made.",
)
@click.option("-o", "--output", type=options.OUTPUT, help="The GGUF file; default: in the models folder.")
@interrupting()
def command(source: str, revision: str, quantisation: str, output: Path | None) -> None:
    """Make a GGUF file from an original checkpoint: OWNER/NAME on the Hugging Face Hub, or a folder as
    transformers saves it.

    It runs llama.cpp's own converter and quantiser, tries the result, and says where it is: name it with -m.
    Interrupted, it goes on at the last finished step. A folder of yours is only read.
    """
    from tui.cli.pull_output import PullOutput, say_what_it_takes
    from tui.conversion.steps import convert

    conversion = _conversion(source, revision, quantisation, output)
    with PullOutput() as shown:
        say_what_it_takes(conversion, shown)
        try:
            for event in convert(conversion):
                shown.show(conversion.name, event)
        except KeyboardInterrupt:
            shown.say(f"{conversion.name}: stopped; started again, it goes on at the last finished step")
            raise
        shown.say(f"run it with: llm-grader -m {conversion.target}")


def _conversion(source: str, revision: str, quantisation: str, output: Path | None) -> Conversion:
    from tui import paths
    from tui.catalogue.model import Checkpoint
    from tui.conversion.conversion import Conversion
    from tui.errors import UsageError
    from tui.weights.files.layout import target_of

    output = output.absolute() if output else None
    folder = paths.expanded(source)
    if _is_folder(folder):
        name = folder.resolve().name
        place = paths.models_dir() / f"{name}-{quantisation}.gguf"
        return Conversion(name, folder, output or place, quantisation)
    if not _names_repository(source):
        raise UsageError(f"{source} is no folder here, and no OWNER/NAME of a repository on the Hub.")
    checkpoint = Checkpoint(repo=source, revision=revision)
    place = target_of(checkpoint.converted_to(quantisation))
    return Conversion(source, checkpoint, output or place, quantisation)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # so it can only be a name
        return False


def _names_repository(source: str) -> bool:
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils import validate_repo_id  # type: ignore[attr-defined]

    try:
        validate_repo_id(source)
    except HFValidationError:
        return False
    return "/" in source
