"""Every figure of the program is that of an independent script over the exported files."""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import pytest
from store import make

from tui.analysis.results import Filters, results
from tui.store.database import Store
from tui.store.exchange.export import export_to_path
from tui.store.exchange.importing import import_built_in
from tui.store.figure_rows import figure_rows
from tui.store.selection import Selection

from . import told
from .again.everything import everything
from .again.rows import Only
from .shapes import SHAPES, made

if TYPE_CHECKING:
    from pathlib import Path

Figures = dict[str, Any]
CLOSE = 1e-9


class Both(NamedTuple):
    program: Figures
    script: Figures


def both(path: Path, **only: Any) -> Both:
    folder = path.with_suffix("")
    with Store.open(path) as store:
        export_to_path(store, folder, what="all")
    return Both(of_program(path, **only), everything(folder, Only(**only)))


def of_program(path: Path, **only: Any) -> Figures:
    named = {f"{name}s": (only[name],) for name in ("task", "model", "grader") if name in only}
    filters = Filters(**named, criterion=only.get("criterion"), blind_only=only.get("blind", False))
    with Store.open(path) as store:
        found = results(figure_rows(store, Selection(**named)), filters)
    return msgspec.json.decode(msgspec.json.encode(found))


def different(program: Any, script: Any, at: str = "") -> list[str]:
    """The places where the two differ, by more than the order of a sum can make of it."""
    if isinstance(script, dict) and isinstance(program, dict):
        found = [different(program.get(key), script[key], f"{at}.{key}") for key in script]
        return [line for lines in found for line in lines]
    if isinstance(script, list | tuple) and isinstance(program, list) and len(script) == len(program):
        found = [
            different(*each, f"{at}[{place}]") for place, each in enumerate(zip(program, script, strict=True))
        ]
        return [line for lines in found for line in lines]
    if isinstance(program, float) and isinstance(script, float) and abs(program - script) < CLOSE:
        return []
    return [] if program == script else [f"{at}: {program} is not {script}"]


def of_kinds(part: str, tell: Any) -> Any:
    """The figures that there are for each kind of grader."""

    def compare(program: Figures, script: Figures) -> list[str]:
        found = [different(each[part], tell(script, each["kind"])) for each in program["kinds"]]
        return [line for lines in found for line in lines]

    return compare


PARTS = {
    "models": of_kinds("criteria", told.criteria),
    "pairs": of_kinds("preferences", told.preferences),
    "agreement": of_kinds("agreement", told.agreements),
    "habits": of_kinds("habits", told.habits),
    "graders": of_kinds("graders", told.graders),
    "answers": lambda program, script: different(program["answered"], told.answered(script)),
    "looks": lambda program, script: different(program["looks"], told.looks(script)),
    "left out": lambda program, script: (
        different(program["asked_otherwise"], script["otherwise"])
        + different(sorted(program["blind_sessions"]), sorted(script["unrevealed"]))
    ),
}


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Any:
    @cache
    def found(name: str, seed: int) -> Both:
        path = tmp_path_factory.mktemp("figures") / "grades.db"
        made(name, seed).write(path)
        return both(path)

    return found


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", SHAPES)
def test_every_figure_is_that_of_the_script(figures, name, seed, part):
    program, script = figures(name, seed)
    assert [each["kind"] for each in program["kinds"]] == [
        kind for kind in told.KINDS if kind in script["graders"]
    ]
    assert PARTS[part](program, script) == []


@pytest.mark.parametrize(
    "only",
    [{"task": "qa"}, {"model": "b"}, {"grader": "person 2"}, {"criterion": "style"}, {"blind": True}],
    ids=lambda only: next(iter(only)),
)
def test_so_it_is_of_a_part(tmp_path, only):
    path = tmp_path / "grades.db"
    made("plenty", 4).write(path)
    program, script = both(path, **only)
    assert {name: compare(program, script) for name, compare in PARTS.items()} == {key: [] for key in PARTS}


def test_so_it_is_of_the_report_of_2023_graded_again(tmp_path):
    chance, path = random.Random(2023), tmp_path / "report.db"
    with Store.open(path) as store:
        import_built_in(store, "report-2023", app_version="0.1.0")
        rubrics = {
            row["hash"]: msgspec.json.decode(row["criteria"]) for row in store.query("SELECT * FROM rubrics")
        }
        items = {row["hash"]: rubrics[row["rubric_hash"]] for row in store.query("SELECT * FROM items")}
        for response in store.responses.all():
            level = chance.choice(items[response.item_hash][0]["levels"])
            make.add(store, make.grade(response, level["label"], value=level["value"]))
    program, script = both(path)

    assert [each["kind"] for each in program["kinds"]] == ["person", "report"]
    assert {name: compare(program, script) for name, compare in PARTS.items()} == {key: [] for key in PARTS}


def without_order(found: Figures) -> Figures:
    """Without what is told in the order of events, or is about it."""
    for kind in found["kinds"]:
        for habits in kind["habits"]:
            habits["habits"] = [each for each in habits["habits"] if each["name"] != "later"]
        for cell in (cell for each in kind["criteria"] for item in each["items"] for cell in item["cells"]):
            given = sorted(zip(cell["levels"], cell["response_ids"], strict=True))
            cell["levels"], cell["response_ids"] = [list(each) for each in zip(*given, strict=True)]
    return found


@pytest.mark.parametrize("name", ["occasions", "scales", "pairs", "plenty", "blind"])
def test_the_order_of_events_changes_no_figure(tmp_path, name):
    plan = made(name, 3)
    plan.write(tmp_path / "one.db")
    plan.shuffled().write(tmp_path / "other.db")
    one, other = (without_order(of_program(tmp_path / path)) for path in ("one.db", "other.db"))
    assert different(one, other) == []
