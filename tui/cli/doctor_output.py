"""The report of `doctor`: one fact a line, or one JSON object."""

from __future__ import annotations

import sys
import textwrap
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from tui.cli.streams import echo_json
from tui.text import safe_line

if TYPE_CHECKING:
    from tui.cli.doctor_facts import Report

_WIDTH = 80


def print_report(report: Report, *, as_json: bool) -> None:
    if as_json:
        echo_json({**asdict(report), "can_run": report.can_run})
        return
    names = max(map(len, report.facts), default=0) + 2
    for name, value in report.facts.items():
        _tell(f"{safe_line(name):<{names}}{safe_line(value)}", indent=names)
    click.echo()
    for model in report.models:
        _tell(safe_line(f"{model.line} ({model.state})"))
    for advice in filter(None, (report.advice, report.rebuild)):
        click.echo(f"\n{advice}")
    if not report.can_run:
        click.echo("\nNothing can run here.")


def _tell(line: str, *, indent: int = 2) -> None:
    """Wrapped where a person reads it; whole in a pipe."""
    if sys.stdout.isatty():
        line = textwrap.fill(line, _WIDTH, subsequent_indent=" " * indent, break_long_words=False)
    click.echo(line)
