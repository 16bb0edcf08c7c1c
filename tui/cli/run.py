"""llm-grader run"""

from __future__ import annotations

import asyncio
import random
from functools import partial
from typing import TYPE_CHECKING

import click

from tui.cli import options

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tui.catalogue.catalogue import Catalogue
    from tui.cli.run_output import RunOutput
    from tui.generation.batch import Batch
    from tui.generation.plan import RunnableModel
    from tui.store.database import Store


@click.command("run")
@options.models
@options.template
@options.tasks
@options.prompts
@click.option(
    "--samples",
    type=click.IntRange(1, options.MOST_SAMPLES),
    default=1,
    show_default=True,
    help="Answers per prompt.",
)
@options.seed
@click.option(
    "--parallel",
    type=click.IntRange(1, options.MOST_PARALLEL),
    default=4,
    show_default=True,
    help="Answers of the same weights that are written at a time, which is faster. 1 is the setting that"
    " repeats: same machine, engine, file and seed, same bytes.",
)
@click.option("--shuffle-models", is_flag=True, help="Models in random order, not as given.")
@click.option(
    "--together",
    is_flag=True,
    help="All models that memory holds answer at the same time: the first prompts can soon be graded side by"
    " side, but it takes longer in all.",
)
@options.demo
@options.db
@options.models_file
@options.prompts_dir
@options.engine
@click.option("--json", "as_json", is_flag=True, help="Every response as one JSON object per line.")
def command(
    models: Sequence[str],
    template: Path | None,
    tasks: Sequence[str],
    prompts: Sequence[str],
    samples: int,
    seed: int,
    parallel: int,
    shuffle_models: bool,
    together: bool,
    demo: bool,
    db: Path | None,
    models_file: Path | None,
    prompts_dir: Path | None,
    gpu_layers: int | None,
    devices: tuple[str, ...],
    force: bool,
    as_json: bool,
) -> None:
    """Answer the prompts without the app.

    What the database already holds is not generated again: a run that was interrupted goes on where it was.
    Responses go to standard output, progress to standard error.

    Exit code 1 when a response failed or a chosen model cannot run.
    """
    from tui import paths
    from tui.catalogue.catalogue import load_catalogue
    from tui.cli.engine import make_engine
    from tui.cli.run_output import RunOutput
    from tui.cli.stored_tasks import with_stored_tasks
    from tui.config import load_config
    from tui.generation.batch import Batch
    from tui.generation.plan import plan
    from tui.generation.selection import chosen_items

    config = load_config()
    catalogue = load_catalogue(demo=demo, models_file=models_file, prompts_dir=prompts_dir)
    file = db or paths.database_file(demo=demo)
    wanted = chosen_items(with_stored_tasks(catalogue, file), tasks, prompts)
    output = RunOutput(as_json=as_json)
    runnable_models, problems = _runnable_models(catalogue, models, template, output)
    if shuffle_models:
        random.shuffle(runnable_models)

    def batch(store: Store) -> Batch:
        return Batch(
            list(plan(runnable_models, wanted, samples=samples, base_seed=seed)),
            store=store,
            engine=make_engine(config, gpu_layers=gpu_layers, devices=devices, force=force),
            parallel=parallel,
            seconds=config.seconds_per_response,
            shuffled=shuffle_models,
            together=together,
        )

    _run(batch, file, output)
    _say_next(output, file, config.grader, f"llm-grader grade {options.place(demo, db)}".rstrip())
    if output.failed or (models and problems):
        raise click.exceptions.Exit(1)


def _runnable_models(
    catalogue: Catalogue, names: Sequence[str], template: Path | None, output: RunOutput
) -> tuple[list[RunnableModel], list[str]]:
    """Also the problems of the others, which the person has read. Raises WeightsError where none can run."""
    from tui.catalogue.names import named_models
    from tui.cli.template_file import read_template
    from tui.generation.selection import find_runnable, require_some

    found, problems = find_runnable(named_models(catalogue, names, read_template(template)))
    require_some(found, problems)
    for problem in problems:
        output.say(f"left out: {problem}")
    return found, problems


def _say_next(output: RunOutput, file: Path, grader: str, command: str) -> None:
    from tui.store.database import Store

    output.finished()
    if output.written:
        with Store.open(file, create=False) as store:
            known = store.graders.find(grader)
            output.next_step(store.progress.waiting(known.id if known else ""), command)


def _run(batch_of: Callable[[Store], Batch], file: Path, output: RunOutput) -> None:
    """Raises KeyboardInterrupt when Ctrl-C ended it, and StoreError when the database is gone at the end."""
    from tui.errors import StoreError
    from tui.store.database import Store

    with Store.open(file) as store:
        output.hides = partial(_is_blind, store)
        batch = batch_of(store)
        for remark in store.remarks.take():
            output.say(remark)
        finished = asyncio.run(batch.run(output))
        for line in (*store.remarks.take(), batch.unsaved):
            if line:
                output.say(line)
        if not finished:
            raise KeyboardInterrupt
        if word := store.parting_word():
            raise StoreError(word)


def _is_blind(store: Store, prompt_hash: str) -> bool:
    """True if a session that is blind now asks this; also where that cannot be read."""
    from tui.errors import StoreError
    from tui.store.exchange.masking import Mask

    try:
        return Mask(store).covers(prompt_hash)
    except StoreError:
        return True
