"""llm-grader pull"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.cli import options

if TYPE_CHECKING:
    from pathlib import Path

    from tui.catalogue.model import Model
    from tui.cli.pull_output import PullOutput


@click.command("pull")
@click.argument("names", nargs=-1, required=True, metavar="MODEL...")
@options.models_file
def command(names: tuple[str, ...], models_file: Path | None) -> None:
    """Fetch the weights of MODELs of the catalogue from the Hugging Face Hub, one after another, and verify
    them.

    A download that was interrupted, by Ctrl-C or anything else, goes on where it was. Files that are here
    already, in the Hugging Face cache too, are not fetched again. HF_TOKEN, HF_ENDPOINT, HF_HOME and
    HF_HUB_OFFLINE mean what they mean to other programs.

    Exit code 0 when every one of them can run now.
    """
    from tui.catalogue.catalogue import load_catalogue
    from tui.cli.pull_output import PullOutput

    catalogue = load_catalogue(models_file=models_file)
    models = [catalogue.model(name) for name in dict.fromkeys(names)]
    with PullOutput() as output:
        done = [_pull(model, output) for model in models]
    if not all(done):
        raise click.exceptions.Exit(1)


def _pull(model: Model, output: PullOutput) -> bool:
    """Whether the model can run now."""
    from tui.errors import WeightsError
    from tui.weights.fetch import fetch

    output.begin(model)
    try:
        for event in fetch(model):
            output.show(model, event)
    except WeightsError as error:
        output.fail(str(error))
        return False
    except KeyboardInterrupt:
        output.say(f"{model.name}: stopped; started again, it goes on where it was")
        raise
    return True
