"""What `results --plan` prints: what a number of items can tell, before anybody grades."""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING

from tui import paths
from tui.analysis.planning import least_items, plan
from tui.catalogue.catalogue import load_catalogue
from tui.catalogue.item import items_of
from tui.cli.results_output import page, print_json, print_lines
from tui.cli.stored_tasks import with_stored_tasks
from tui.errors import UsageError
from tui.report import planning_words
from tui.report.layout import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tui.catalogue.catalogue import Catalogue
    from tui.cli.results_output import Format


def print_plan(
    tasks: Sequence[str],
    prompts: Sequence[str],
    models: int,
    file_format: Format,
    *,
    demo: bool,
    database: Path | None,
) -> None:
    """Raises UsageError for an unknown task or prompt, or fewer than two models."""
    if file_format == "csv":
        raise UsageError("--plan is a table, or JSON.")
    place = database or paths.database_file(demo=demo)
    catalogue = with_stored_tasks(load_catalogue(demo=demo), place)
    count = models or stored_models(place)
    if count < 2:
        raise UsageError("how many models are to be compared? Say it with --models N, or name them with -m.")
    items = len(chosen_items(catalogue, tasks, prompts))
    needed = plan(items, count)
    if file_format == "json":
        counts = {"items": items, "models": count, "pairs": comb(count, 2)}
        print_json(counts | {"least_items": least_items(count), "needed": needed})
    else:
        to = page()
        for number, told in enumerate(planning_words.plan(items, count, needed)):
            print_lines(sentence(told, to, heading=not number))


def chosen_items(catalogue: Catalogue, tasks: Iterable[str], prompts: Iterable[str]) -> set[str]:
    """Names of items: all, where none are chosen."""
    named = [catalogue.task(name) for name in tasks]
    found = {item.name for task in named for item in items_of(task)}
    found |= {catalogue.item(name).name for name in prompts}
    if not tasks and not prompts:
        return {item.name for task in catalogue.tasks for item in items_of(task)}
    return found


def stored_models(database: Path) -> int:
    """Those that answered here; printed ones where there are no others."""
    from tui.analysis.naming import named
    from tui.store.database import Store
    from tui.store.figure_rows import all_models

    if not database.exists():
        return 0
    with Store.open(database, create=False) as store:
        models = named(all_models(store))
    return len([each for each in models if not each.is_printed] or models)
