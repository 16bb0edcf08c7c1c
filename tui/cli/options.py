"""Options that several commands take."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.cli import completion

if TYPE_CHECKING:
    from collections.abc import Callable

    Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

OUTPUT = click.Path(path_type=Path)
_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)

db = click.option(
    "--db",
    type=click.Path(path_type=Path),
    help="The database; default: see `locate`.",
)
models_file = click.option(
    "--models-file", type=_FILE, help="A models.toml of your own, added to the catalogue."
)
prompts_dir = click.option("--prompts-dir", type=_FOLDER, help="A folder of task files of your own, added.")
grader = click.option("--grader", help="Whose grades these are; default: your account's name.")
demo = click.option(
    "--demo",
    is_flag=True,
    help="The demo: its small built-in model, and its own database unless --db names one.",
)
models = click.option(
    "-m",
    "--model",
    "models",
    multiple=True,
    metavar="MODEL",
    shell_complete=completion.models,
    help="A catalogue name or a GGUF file; repeatable.",
)
tasks = click.option(
    "-t",
    "--task",
    "tasks",
    multiple=True,
    metavar="TASK",
    shell_complete=completion.tasks,
    help="Only this task; repeatable.",
)
prompts = click.option(
    "-p",
    "--prompt",
    "prompts",
    multiple=True,
    metavar="TASK/NUMBER",
    shell_complete=completion.items,
    help="Only this prompt; repeatable.",
)
stored_models = click.option(
    "-m", "--model", "models", multiple=True, metavar="NAME", help="Only answers of this model; repeatable."
)
figures_models = click.option(
    "-m",
    "--model",
    "models",
    multiple=True,
    metavar="NAME",
    shell_complete=completion.figures_models,
    help="Only answers of this model, as figures name it; repeatable.",
)
stored_graders = click.option(
    "--grader", "graders", multiple=True, metavar="NAME", help="Only judgements of this grader; repeatable."
)
template = click.option(
    "--template", type=_FILE, help="A Jinja chat template for GGUF files that have none inside."
)
MOST_GPU_LAYERS = 1_000_000  # as in config.toml, whose module would take longer to import than --help
MOST_PARALLEL = 64
"""Each has a context of its own in memory; beyond this no processor gains."""
# llama.cpp's seeds are 32-bit numbers, of which the last means a random one; each sample adds one.
MOST_SAMPLES = 1_000_000
_LAST_SEED = 4_000_000_000
seed = click.option(
    "--seed",
    type=click.IntRange(0, _LAST_SEED),
    default=0,
    show_default=True,
    help="Seed of the first sample.",
)
baseline = click.option(
    "--baseline",
    type=click.Choice(["report-2023"]),
    help="Put a printed report's verdicts and conclusions beside today's.",
)
resampling_seed = click.option(
    "--seed",
    type=click.IntRange(0, _LAST_SEED),
    metavar="N",
    default=2023,
    show_default=True,
    help="Seed of the draws that intervals are made of.",
)


gpu_layers = click.option(
    "--gpu-layers",
    type=click.IntRange(-1, MOST_GPU_LAYERS),
    metavar="N",
    envvar="LLM_GRADER_GPU_LAYERS",
    help="Layers on the GPU: 0 is none, -1 as many as fit.",
)
device = click.option(
    "--device",
    "devices",
    multiple=True,
    metavar="NAME",
    envvar="LLM_GRADER_DEVICE",
    callback=lambda _context, _parameter, names: split_names(",".join(names)),
    help="Use this GPU only, as `doctor` names it; repeatable.",
)
force = click.option("--force", is_flag=True, help="Load weights even if memory is too small for them.")


def place(demo: bool, db: Path | None) -> str:
    """The options that name the same database, for a command that a person is told."""
    return f"--db {shlex.quote(str(db))}" if db else "--demo" if demo else ""


def as_grader(place: str) -> str:
    """The options that name the same database and the grader who was typed, for a command by which that
    person judges; where no command was typed, the same database only."""
    typed = click.get_current_context(silent=True)
    grader = typed.params.get("grader") if typed else None
    return " ".join(filter(None, (place, shlex.join(["--grader", grader]) if grader else "")))


def split_names(names: str) -> tuple[str, ...]:
    """The parts between commas."""
    return tuple(name for part in names.split(",") if (name := part.strip()))


def _together(*options: Decorator) -> Decorator:
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


figures = _together(
    tasks,
    prompts,
    figures_models,
    stored_graders,
    click.option("--criterion", metavar="NAME", help="Only what was judged by this criterion."),
    click.option("--blind", is_flag=True, help="Only what was judged blind."),
)
"""The part of what was judged that figures are of."""
engine = _together(gpu_layers, device, force)
app_options = _together(models, template, db, models_file, prompts_dir, grader, seed, engine)
