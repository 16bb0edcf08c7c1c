"""Results on standard output, and what is said beside them on standard error."""

from __future__ import annotations

import codecs
import sys
from typing import TYPE_CHECKING, Final, Literal

import click

from tui.cli.hidden import how_it_ends
from tui.cli.streams import echo_json, standard_output
from tui.report.layout import DRAWN, TYPED, Page
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tui.analysis.judged import Measure
    from tui.analysis.results import Results
    from tui.report.layout import Line
    from tui.store.figure_rows import FigureRows

Format = Literal["table", "json", "csv"]

SCHEMA: Final = 1
"""Goes up when a field of the JSON gets another meaning."""
_WIDTH_OF_A_PIPE: Final = 200
_LEAST_WIDTH: Final = 40


def print_results(of: Results, file_format: Format, measure: Measure | None) -> None:
    match file_format:
        case "json":
            print_json(of)
        case "csv":
            from tui.report.figures_csv import COLUMNS, figure_lines
            from tui.store.exchange.csv_format import write_csv

            write_csv(figure_lines(of, measure), COLUMNS, standard_output())
        case "table":
            from tui.report.table import lines

            print_lines(lines(of, page(), measure=measure))


def print_json(of: object) -> None:
    """The tree as it is, after what it was made by."""
    import msgspec

    from tui.generation.provenance import app_version

    echo_json({"schema": SCHEMA, "app_version": app_version()} | msgspec.to_builtins(of))


def page() -> Page:
    """As wide as the terminal. A pipe has no width: every sentence is one line there."""
    if not sys.stdout.isatty():
        return Page(_WIDTH_OF_A_PIPE, wraps=False)
    from rich.console import Console

    draws = codecs.lookup(sys.stdout.encoding or "utf-8").name == "utf-8"
    return Page(max(Console().width, _LEAST_WIDTH), signs=DRAWN if draws else TYPED)


def print_lines(lines: Iterable[Line]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for each in lines:
        text = Text(each.text, style="bold" if each.is_heading else "")
        console.print(text, soft_wrap=True)


def tell(rows: FigureRows, remarks: Iterable[str], *, demo: bool, db: Path | None) -> None:
    """What could not be read, what is hidden, and that there is nothing yet."""
    for remark in remarks:
        click.echo(safe_line(remark), err=True)
    if blind := rows.hidden:
        line = (
            f"Hidden: what {blind[0].grader} judges blind, until the reveal."
            f" {how_it_ends(blind, demo=demo, db=db)}"
        )
        click.echo(safe_line(line), err=True)
    if not rows.grades and not rows.preferences:
        click.echo(
            "Nothing else can be told before." if rows.hidden else nothing(bool(rows.answers)), err=True
        )


def nothing(has_answers: bool) -> str:
    """What to do where nothing was judged."""
    if not has_answers:
        return (
            "There is no answer to judge: `llm-grader run` writes some, `llm-grader import` brings some in."
        )
    return "None of these answers was judged: `llm-grader grade` does that."
