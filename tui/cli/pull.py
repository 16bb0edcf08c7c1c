"""llm-grader pull"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from tui.cli import completion, options
from tui.processes.signals import interrupting

if TYPE_CHECKING:
    from pathlib import Path

    from tui.catalogue.model import Checkpoint, Model
    from tui.cli.pull_output import PullOutput
    from tui.weights.errors import NoSourceError


class _DeclinedError(Exception):
    """The person was asked, and said no."""


@click.command("pull")
@click.argument("names", nargs=-1, required=True, metavar="MODEL...", shell_complete=completion.models)
@options.models_file
@click.option(
    "--convert",
    "may_convert",
    is_flag=True,
    help="Where no GGUF file is published, make one from the original without asking.",
)
@interrupting()
def command(names: tuple[str, ...], models_file: Path | None, may_convert: bool) -> None:
    """Fetch the weights of MODELs of the catalogue from the Hugging Face Hub, one after another, and verify
    them.

    A download that was interrupted, by Ctrl-C or anything else, goes on where it was. Files that are here
    already, in the Hugging Face cache too, are not fetched again. HF_TOKEN, HF_ENDPOINT, HF_HOME and
    HF_HUB_OFFLINE mean what they mean to other programs.

    A LoRA adapter is fetched and made a GGUF file. A model that nobody publishes as GGUF can be converted
    from its original checkpoint: it is said before what that takes, and it goes on at the last finished step.

    Exit code 0 when every one of them can run now.
    """
    from tui.catalogue.catalogue import load_catalogue
    from tui.catalogue.names import named_models
    from tui.cli.pull_output import PullOutput

    catalogue = load_catalogue(models_file=models_file)
    models = named_models(catalogue, names)
    with PullOutput() as output:
        done = [_pull(model, output, may_convert=may_convert) for model in models]
    if not all(done):
        raise click.exceptions.Exit(1)


def _pull(model: Model, output: PullOutput, *, may_convert: bool) -> bool:
    """True if the model can run now."""
    from tui.conversion.fetch_or_convert import fetch_or_convert
    from tui.errors import WeightsError
    from tui.weights.errors import UnreachableError

    def ask(model: Model, checkpoint: Checkpoint, error: NoSourceError) -> bool:
        if not may_convert and not _can_be_asked():
            return False
        _offer_to_convert(model, checkpoint, error, output)
        if not may_convert and not click.confirm("Convert it now?", err=True):
            raise _DeclinedError
        return True

    output.begin(model)
    try:
        for event in fetch_or_convert(model, may_convert=ask):
            output.show(model.name, event)
    except _DeclinedError:
        return False
    except UnreachableError as error:
        output.fail_alike(model.name, str(error))
        return False
    except WeightsError as error:
        output.fail(str(error))
        return False
    except KeyboardInterrupt:
        output.say(f"{model.name}: stopped; started again, it goes on where it was")
        raise
    return True


def _can_be_asked() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _offer_to_convert(model: Model, checkpoint: Checkpoint, error: NoSourceError, output: PullOutput) -> None:
    from tui.cli.pull_output import say_what_it_takes
    from tui.conversion.fetch_or_convert import conversion_of

    why = str(error) if not model.is_only_converted else f"{model.name}: no GGUF file of it is published"
    output.say(f"{why}; it can be made of the original, {checkpoint.repo}")
    say_what_it_takes(conversion_of(model, checkpoint), output)
