"""llm-grader results"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.cli import options

if TYPE_CHECKING:
    from pathlib import Path

    from tui.analysis.judged import Measure
    from tui.cli.results_output import Format


@click.command("results")
@options.tasks
@options.prompts
@options.figures_models
@options.stored_graders
@click.option("--criterion", metavar="NAME", help="Only what was judged by this criterion.")
@click.option("--blind", is_flag=True, help="Only what was judged blind.")
@click.option(
    "--measure",
    type=click.Choice(["strict", "lenient", "mean"]),
    help="Only this measure: the share with the best level, the share that has not the worst, the mean.",
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="A table to read, all figures as JSON, or one row for each figure.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@options.resampling_seed
@options.demo
@options.db
def command(
    tasks: tuple[str, ...],
    prompts: tuple[str, ...],
    models: tuple[str, ...],
    graders: tuple[str, ...],
    criterion: str | None,
    blind: bool,
    measure: Measure | None,
    file_format: Format,
    as_json: bool,
    seed: int,
    demo: bool,
    db: Path | None,
) -> None:
    """Say what the judgements show: each model's share of good answers with its interval, and which models
    can be told apart.

    Figures are of first judgements. People, models and printed reports have figures of their own. With a
    filter nothing is tested: its differences are exploratory. docs/statistics.md says how to compute each
    figure again.
    """
    from tui import paths
    from tui.analysis.choosing import chosen_rows
    from tui.analysis.results import Filters, results
    from tui.cli.results_output import print_results, tell
    from tui.store.database import Store

    filters = Filters(
        tasks=tasks,
        prompts=prompts,
        models=models,
        graders=graders,
        criterion=criterion,
        blind_only=blind,
    )
    with Store.open(db or paths.database_file(demo=demo), create=False) as store:
        rows = chosen_rows(store, filters)
        tell(rows, store.remarks.take(), demo=demo, db=db)
    found = results(rows, filters, seed=seed)
    print_results(found, "json" if as_json else file_format, measure)
