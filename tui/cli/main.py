"""The top command, and how every failure reaches the person."""

from __future__ import annotations

import os
import sys

import click

from tui.cli.lazy import LazyGroup, refuse_misplaced_options
from tui.cli.options import app_options
from tui.errors import GraderError
from tui.text import safe

COMMANDS = {
    "convert": (
        "tui.cli.convert",
        "Make a GGUF file of an original checkpoint, with llama.cpp's tools.",
    ),
    "demo": ("tui.cli.demo", "Open the app on a small built-in model; nothing to download."),
    "doctor": ("tui.cli.doctor", "Say what this machine can run, and what it lacks."),
    "export": ("tui.cli.export", "Write grades and responses as CSV or JSON lines."),
    "locate": ("tui.cli.locate", "Show where the data, configuration, logs and models are."),
    "models": (
        "tui.cli.models",
        "List the models: what is here, how large, whether it fits; verify, remove.",
    ),
    "prompts": ("tui.cli.prompts", "List the tasks and prompts."),
    "pull": ("tui.cli.pull", "Fetch models from the Hugging Face Hub, resumable, and verify them."),
    "run": ("tui.cli.run", "Answer the prompts without the app; goes on where it was interrupted."),
}
INTERRUPTED = 130


def _print_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from tui.evaluation.provenance import app_version

        click.echo(f"llm-grader {app_version()}")
        context.exit()


@click.group(
    cls=LazyGroup,
    commands_by_name=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version.",
)
@app_options
@click.pass_context
def cli(context: click.Context, /, **options: object) -> None:
    """Grade the answers of local language models by hand, side by side, offline.

    Without a command: open the app.
    """
    if context.invoked_subcommand is not None:
        refuse_misplaced_options(context)
    else:
        from tui.cli.open_app import open_app

        open_app(**options)  # type: ignore[arg-type]


def main() -> None:
    """Exit codes: 0, 1 failure, 2 usage, 130 interrupted."""
    try:
        code = cli.main(prog_name="llm-grader", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except GraderError as error:
        click.echo(f"llm-grader: {safe(str(error))}", err=True)
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except OSError as error:
        if error.filename is not None:  # not of the output
            raise
        code = _output_failed(error)
    sys.exit(code or 0)


def _output_failed(error: OSError) -> int:
    """The disk is full; or the reader went away, as `| head` does, which needs no word."""
    # Python writes what is left once more at exit, and would complain once more.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if not isinstance(error, BrokenPipeError):
        click.echo(f"llm-grader: the output cannot be written: {error.strerror}", err=True)
    return 1
