"""Built-in sets of answers that were printed elsewhere, with the verdicts given there."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from tui import paths
from tui.catalogue.catalogue import Catalogue
from tui.catalogue.loading import load_tasks
from tui.toml.reading import read_toml

REPORT = "report-2023"
SETS = {REPORT: "report_2023.toml"}
"""The file of each, beside this one, by the name that a person types."""


class PrintedModel(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A model as it was asked there: other weights or settings than the catalogue's model of its name."""

    name: str
    title: str


class Printed(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A verdict, and the answer that it is about as far as that was printed."""

    item: str
    """Named as in the catalogue: `task/number`."""
    model: str
    verdict: str
    """Label of a level of the item's rubric."""
    note: str = ""
    text: str | None = None
    lost_in_print: str | None = None
    asked_otherwise: str | None = None


class BuiltIn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    models: tuple[PrintedModel, ...]
    answers: tuple[Printed, ...]


@cache
def built_in(name: str) -> BuiltIn:
    return read_toml(Path(__file__).parent / SETS[name], BuiltIn)


class PrintedReport(NamedTuple):
    """A printed report: its name, and its verdicts."""

    name: str
    verdicts: tuple[Printed, ...]
    prompts: frozenset[str] | None = None
    """Hashes of the prompts that it asked; None is any of its items' names."""


def printed_report(name: str | None) -> PrintedReport | None:
    """The report of that name with its verdicts, if one is named."""
    if not name:
        return None
    verdicts = built_in(name).answers
    shipped = Catalogue(models=(), tasks=load_tasks(paths.bundled("prompts")))
    hashes = frozenset(shipped.item(each.item).asked[1] for each in verdicts)
    return PrintedReport(name, verdicts, hashes)


def baseline() -> tuple[Printed, ...]:
    """All 36 verdicts of the 2023 report, six of them on answers that it does not print."""
    return built_in(REPORT).answers
