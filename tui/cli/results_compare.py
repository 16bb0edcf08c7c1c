"""What `results --compare` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.analysis.changes import changes
from tui.analysis.choosing import only_one
from tui.analysis.naming import named
from tui.cli.results_output import page, print_json, print_lines
from tui.errors import UsageError
from tui.report.changes_table import lines

if TYPE_CHECKING:
    from tui.analysis.results import Filters
    from tui.cli.results_output import Format
    from tui.store.figure_rows import FigureRows


def print_comparison(
    rows: FigureRows, names: tuple[str, str], file_format: Format, filters: Filters, *, seed: int
) -> None:
    """Raises UsageError where a name is not that of one model."""
    if file_format == "csv":
        raise UsageError("--compare is a table, or JSON.")
    models = named(rows.models)
    first, second = (only_one(name, models) for name in names)
    if first == second:
        raise UsageError("--compare is about two models.")
    found = changes(rows, first, second, filters, seed=seed)
    if file_format == "json":
        print_json(found)
    else:
        print_lines(lines(found, page()))
