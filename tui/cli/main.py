"""The top command, and how every failure reaches the person."""

from __future__ import annotations

import errno
import sys

import click

from tui.cli import options
from tui.cli.lazy import LazyGroup, refuse_misplaced_options
from tui.cli.options import app_options
from tui.cli.streams import OutputError, discard_output, prepare_streams, replaced_characters
from tui.errors import GraderError
from tui.explain import explain, reason_of
from tui.uncaught import note_what_nobody_catches

COMMANDS = {
    "convert": (
        "tui.cli.convert",
        "Make a GGUF file of an original checkpoint, with llama.cpp's tools.",
    ),
    "demo": ("tui.cli.demo", "Open the app on a small built-in model; nothing to download."),
    "doctor": ("tui.cli.doctor", "Say what this machine can run, and what it lacks."),
    "export": ("tui.cli.export", "Write grades and responses as CSV or JSON lines."),
    "grade": ("tui.cli.grade", "Grade stored answers in a session that you can leave and come back to."),
    "import": ("tui.cli.import_", "Add answers or prompts made elsewhere, or an export, from a file."),
    "init": ("tui.cli.init", "Write commented examples of a models file and of a task of your own."),
    "locate": ("tui.cli.locate", "Show where the databases, configuration, logs and models are."),
    "merge": ("tui.cli.merge", "Add what another database holds: answers, judgements, graders."),
    "models": (
        "tui.cli.models",
        "List the models: what is here, how large, whether it fits; verify, remove.",
    ),
    "prompts": ("tui.cli.prompts", "List the tasks and prompts."),
    "pull": ("tui.cli.pull", "Fetch models from the Hugging Face Hub, resumable, and verify them."),
    "report": ("tui.cli.report", "Write one document of all that was asked, answered, judged and found."),
    "results": (
        "tui.cli.results",
        "Say what the judgements show: figures of models with intervals, and who can be told apart.",
    ),
    "run": ("tui.cli.run", "Answer the prompts without the app; goes on where it was interrupted."),
    "verify-seal": ("tui.cli.verify_seal", "Compare the database with a seal that was made of it."),
}
INTERRUPTED = 130


def _print_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from tui.generation.provenance import app_version

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
@options.demo
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
    """Exit codes: 0, 1 failure, 2 usage, 130 interrupted. Never a traceback: `tui.explain` has its place."""
    prepare_streams()
    note_what_nobody_catches()
    try:
        code = cli.main(prog_name="llm-grader", standalone_mode=False)
        sys.stdout.flush()
    except BaseException as error:
        code = _told(error)
    if warning := replaced_characters():
        click.echo(f"llm-grader: {warning}", err=True)
    sys.exit(code or 0)


def _told(error: BaseException) -> int:
    """The exit code, after the line."""
    match error:
        case SystemExit():
            return error.code if isinstance(error.code, int) else 1 if error.code else 0
        case click.Abort() | KeyboardInterrupt():
            return INTERRUPTED
        case OutputError():
            return _output_failed(error)
        case click.ClickException():
            error.show()
            return error.exit_code
        case click.exceptions.Exit():
            return error.exit_code
    click.echo(f"llm-grader: {explain(error)}", err=True)
    return error.exit_code if isinstance(error, GraderError) else 1


def _output_failed(error: OutputError) -> int:
    """The disk is full; or the reader went away, as `| head` does, which needs no word."""
    discard_output()
    if error.errno != errno.EPIPE:
        click.echo(f"llm-grader: the output cannot be written: {reason_of(error)}", err=True)
    return 1
