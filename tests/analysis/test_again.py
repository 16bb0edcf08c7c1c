"""Every figure of the program is that of an independent script over the exported files."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import pytest
from store import make

from tui.analysis.results import Filters, KindFigures, Results, results
from tui.store.database import Store
from tui.store.exchange.export import export_to_path
from tui.store.exchange.importing import import_built_in
from tui.store.figure_rows import figure_rows
from tui.store.selection import Selection

from . import told
from .again.everything import everything
from .again.only import Only
from .comparing import as_json, different, in_order
from .shapes import SHAPES, made

if TYPE_CHECKING:
    from pathlib import Path

Figures = dict[str, Any]


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
    return as_json(found)


OF_A_KIND = {
    "graders": told.graders,
    "criteria": told.criteria,
    "preferences": told.preferences,
    "agreement": told.agreements,
    "disagreements": told.disagreements,
    "seconds": told.seconds,
    "habits": told.habits,
}
OF_ALL = {
    "answered": told.answered,
    "looks": told.looks,
    "asked_otherwise": lambda again: again["otherwise"],
    "blind_sessions": lambda again: again["unrevealed"],
}


def differing(part: str, found: Both) -> list[str]:
    program, script = found
    if part in OF_ALL:
        return different(in_order(program[part]), in_order(OF_ALL[part](script)))
    told_of = ((each[part], OF_A_KIND[part](script, each["kind"])) for each in program["kinds"])
    return [line for one, other in told_of for line in different(in_order(one), in_order(other))]


def all_differing(found: Both) -> dict[str, list[str]]:
    lines = {part: differing(part, found) for part in (*OF_A_KIND, *OF_ALL)}
    return {part: each for part, each in lines.items() if each}


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", SHAPES)
def test_every_figure_is_that_of_the_script(tmp_path, name, seed):
    path = tmp_path / "grades.db"
    made(name, seed).write(path)
    found = both(path)

    kinds = [each["kind"] for each in found.program["kinds"]]
    assert kinds == [kind for kind in told.KINDS if kind in found.script["graders"]]
    assert all_differing(found) == {}


def test_all_that_the_program_tells_is_compared():
    named = {"filters", "seed", "kinds", "baseline"}
    assert {*Results.__struct_fields__} == named | {*OF_ALL}
    assert {*KindFigures.__struct_fields__} == {"kind"} | {*OF_A_KIND}


@pytest.mark.parametrize(
    "only",
    [{"task": "qa"}, {"model": "b"}, {"grader": "person 2"}, {"criterion": "style"}, {"blind": True}],
    ids=lambda only: next(iter(only)),
)
def test_so_it_is_of_a_part(tmp_path, only):
    path = tmp_path / "grades.db"
    made("plenty", 4).write(path)
    assert all_differing(both(path, **only)) == {}


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
    found = both(path)

    assert [each["kind"] for each in found.program["kinds"]] == ["person", "report"]
    assert all_differing(found) == {}


def test_so_it_is_of_what_the_commands_write(llm_grader, tmp_path):
    path, folder = tmp_path / "grades.db", tmp_path / "all"
    made("plenty", 6).write(path)
    code, output, _ = llm_grader("results", "--format", "json", "--db", f"{path}")
    assert code == 0
    assert llm_grader("export", "--what", "all", "-o", f"{folder}", "--db", f"{path}")[0] == 0
    assert all_differing(Both(msgspec.json.decode(output), everything(folder))) == {}


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
