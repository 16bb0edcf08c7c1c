"""llm-grader models verify"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from tui.cli import completion, options

if TYPE_CHECKING:
    from pathlib import Path

    from tui.catalogue.model import Model


@click.command("verify")
@click.argument("names", nargs=-1, metavar="[MODEL]...", shell_complete=completion.models)
@options.models_file
@options.demo
def command(names: tuple[str, ...], models_file: Path | None, demo: bool) -> None:
    """Read the files of the MODELs again, of all that are here when none is named, and compare their sha256
    with the one the Hub or the catalogue has published.

    Exit code 1 when a file is broken or cannot be looked up, or a named model is not here.
    """
    from tui.catalogue.catalogue import load_catalogue
    from tui.catalogue.names import named_models
    from tui.weights.files.locate import lookup_failure, missing
    from tui.weights.files.status import state_of

    models = named_models(load_catalogue(demo=demo, models_file=models_file), names)
    good = True
    for model in models:
        if state_of(model).path is not None:
            good &= _verify(model)
        elif names or lookup_failure(model):
            click.echo(f"llm-grader: {missing(model)}", err=True)
            good = False
    if not good:
        raise click.exceptions.Exit(1)


def _verify(model: Model) -> bool:
    from tui.text import safe_line
    from tui.units import amount
    from tui.weights.files.adapter import missing_adapter
    from tui.weights.files.status import state_of, verify

    for done in verify(model):
        _draw(f"{model.name}: {amount(done)} read")
    _draw("")
    state = state_of(model)
    outcomes = {
        "verified": f"verified, sha256 {state.sha256}",
        "unverified": f"unverified: no sha256 of it is published; it is {state.sha256}",
        "broken": f"broken: {state.defect}",
    }
    click.echo(safe_line(f"{model.name}: {outcomes.get(state.word, state.label)}: {state.path}"))
    if problem := missing_adapter(model):
        click.echo(f"llm-grader: {safe_line(problem)}", err=True)
    return state.word != "broken" and not problem


def _draw(line: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{line}", nl=False, err=True)
