"""Every figure of the program is that of an independent script over the exported files."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import pytest

from tui.analysis.results import Filters, results
from tui.store.database import Store
from tui.store.exchange.export import export_to_path
from tui.store.figure_rows import figure_rows

from . import told
from .again.everything import everything
from .shapes import SHAPES, made

if TYPE_CHECKING:
    from pathlib import Path

    from .databases import Plan

SEEDS = (1, 2)
CLOSE = 1e-9


class Both(NamedTuple):
    program: dict[str, Any]
    script: dict[str, Any]


def both(plan: Plan, folder: Path) -> Both:
    path = folder / "grades.db"
    plan.write(path)
    with Store.open(path) as store:
        export_to_path(store, folder / "all", what="all")
    return Both(of_program(path), everything(folder / "all"))


def of_program(path: Path) -> dict[str, Any]:
    with Store.open(path) as store:
        return msgspec.json.decode(msgspec.json.encode(results(figure_rows(store), Filters())))


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory):
    return cache(lambda name, seed: both(made(name, seed), tmp_path_factory.mktemp("figures")))


def different(program: Any, script: Any, at: str = "") -> list[str]:
    """The places where the two differ, by more than the order of a sum can make of it."""
    if isinstance(script, dict) and isinstance(program, dict):
        missing = [f"{at}.{key} is missing" for key in script if key not in program]
        return missing + [
            line
            for key in script
            if key in program
            for line in different(program[key], script[key], f"{at}.{key}")
        ]
    if isinstance(script, list | tuple) and isinstance(program, list):
        if len(program) != len(script):
            return [f"{at}: {program} is not {script}"]
        pairs = enumerate(zip(program, script, strict=True))
        return [line for place, each in pairs for line in different(*each, f"{at}[{place}]")]
    if isinstance(program, float) and isinstance(script, float):
        return [] if abs(program - script) < CLOSE else [f"{at}: {program} is not {script}"]
    return [] if program == script else [f"{at}: {program} is not {script}"]


def without_order(figures: dict[str, Any]) -> dict[str, Any]:
    """Without what is told in the order of events, or is about it."""
    for kind in figures["kinds"]:
        for habits in kind["habits"]:
            habits["habits"] = [each for each in habits["habits"] if each["name"] != "later"]
        for cell in (cell for each in kind["criteria"] for item in each["items"] for cell in item["cells"]):
            given = sorted(zip(cell["levels"], cell["response_ids"], strict=True))
            cell["levels"], cell["response_ids"] = [list(each) for each in zip(*given, strict=True)]
    return figures


every_database = pytest.mark.parametrize(
    ("name", "seed"), [(name, seed) for name in SHAPES for seed in SEEDS]
)


@every_database
def test_figures_of_models_are_those_of_the_script(figures, name, seed):
    program, script = figures(name, seed)
    assert different(program["answered"], told.answered(script)) == []
    for each in program["kinds"]:
        assert different(each["criteria"], told.criteria(script, each["kind"])) == []


@every_database
def test_figures_of_pairs_are_those_of_the_script(figures, name, seed):
    program, script = figures(name, seed)
    assert {each["kind"] for each in program["kinds"]} == {*script["graders"]}
    for each in program["kinds"]:
        assert different(each["preferences"], told.preferences(script, each["kind"])) == []


@every_database
def test_what_is_left_out_and_who_looked_is_what_the_script_says(figures, name, seed):
    program, script = figures(name, seed)
    assert different(program["looks"], told.looks(script)) == []
    assert program["asked_otherwise"] == script["otherwise"]
    assert sorted(program["blind_sessions"]) == sorted(script["unrevealed"])


@pytest.mark.parametrize("name", ["occasions", "scales", "pairs", "plenty", "blind"])
def test_the_order_of_events_changes_no_figure(tmp_path, name):
    plan = made(name, 3)
    plan.write(tmp_path / "one.db")
    plan.shuffled().write(tmp_path / "other.db")
    one, other = (without_order(of_program(tmp_path / path)) for path in ("one.db", "other.db"))
    assert different(one, other) == []
