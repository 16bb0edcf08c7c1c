"""llm-grader results"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.cli import completion, options

if TYPE_CHECKING:
    from pathlib import Path

    from tui.analysis.judged import Measure
    from tui.analysis.results import Filters
    from tui.cli.results_output import Format
    from tui.store.figure_rows import FigureRows


@click.command("results")
@options.figures
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
@click.option(
    "--compare",
    nargs=2,
    metavar="A B",
    shell_complete=completion.figures_models,
    help="Did A get better than B? Only what one sitting judged is compared.",
)
@click.option(
    "--plan", is_flag=True, help="Before anybody grades: what so many items can tell of so many models."
)
@click.option(
    "--models",
    "model_count",
    type=click.IntRange(2, 1000),
    metavar="N",
    help="With --plan: how many models; default: those named with -m, else those stored.",
)
@options.baseline
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
    compare: tuple[str, str] | None,
    baseline: str | None,
    plan: bool,
    model_count: int | None,
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
    from tui.analysis.results import Filters
    from tui.errors import UsageError

    chosen: Format = "json" if as_json else file_format
    if as_json and file_format == "csv":
        raise UsageError("--json is --format json, and --format asks for csv.")
    shown: dict[str, object] = {"--measure": measure, "--baseline": baseline}
    if model_count and not plan:
        raise UsageError("--models is for --plan; -m chooses models by name.")
    if compare:
        _refuse("--compare has figures of its own", shown)
    if plan:
        _refuse(
            "--plan is about what nobody has graded yet",
            shown | {"--grader": graders, "--criterion": criterion, "--blind": blind, "--compare": compare},
        )
        from tui.cli.results_plan import print_plan

        count = model_count or len({*models})
        print_plan(tasks, prompts, count, chosen, demo=demo, database=db)
        return
    filters = Filters(
        tasks=tasks, prompts=prompts, models=models, graders=graders, criterion=criterion, blind_only=blind
    )
    rows = _rows(filters, demo=demo, db=db)
    if compare:
        from tui.cli.results_compare import print_comparison

        print_comparison(rows, compare, chosen, filters, seed=seed)
    else:
        from tui.analysis.results import results
        from tui.cli.results_output import print_results
        from tui.store.exchange.built_in import printed_report

        print_results(results(rows, filters, seed=seed, report=printed_report(baseline)), chosen, measure)


def _refuse(why: str, options: dict[str, object]) -> None:
    """Raises UsageError for the first of them that was given."""
    from tui.errors import UsageError

    for name, given in options.items():
        if given:
            raise UsageError(f"{why}: take {name} away.")


def _rows(filters: Filters, *, demo: bool, db: Path | None) -> FigureRows:
    """Those that the filters choose, once it is recorded that somebody looks."""
    from tui import paths
    from tui.analysis.choosing import chosen_rows
    from tui.cli.results_output import tell
    from tui.store.database import Store
    from tui.store.looking import look

    with Store.open(db or paths.database_file(demo=demo), create=False) as store:
        rows = chosen_rows(store, filters)
        rows = rows._replace(looks=look(store, rows.sessions, "results"))
        tell(rows, store.remarks.take(), demo=demo, db=db)
    return rows
