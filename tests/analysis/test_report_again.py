"""A printed report beside what people judged is what an independent script says."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import msgspec
import pytest
from msgspec.structs import asdict, replace
from store import make

from tui.analysis.results import Filters, results
from tui.store.database import Store
from tui.store.exchange.built_in import baseline
from tui.store.exchange.export import export_to_path
from tui.store.exchange.importing import import_built_in
from tui.store.figure_rows import figure_rows

from .again.baseline import difference, of_today, printed, seen_before, verdicts
from .again.rows import read
from .comparing import as_json, different

if TYPE_CHECKING:
    from pathlib import Path

    from tui.store.records import ResponseRecord

REPORT = "report-2023"
TOLD = ("verdict", "again", "changed", "today")
FALCON = {"falcon-40b-instruct": "falcon-7b-instruct"}
"""The larger one runs on few machines."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The report's answers, and today's of models of the same names, judged by two people."""
    chance, path = random.Random(2023), tmp_path / "report.db"
    with Store.open(path) as store:
        import_built_in(store, REPORT, app_version="0.1.0")
        for response in store.responses.all():
            answers = [response, answered_today(store, response)]
            for answer in answers if chance.random() < 0.9 else answers[:1]:
                for grader in ("mei", "ada"):
                    judge(store, chance, answer, grader)
    return path


def answered_today(store: Store, response: ResponseRecord) -> ResponseRecord:
    name = FALCON.get(response.model, response.model)
    model = make.model(name)
    changes = {"model": name, "model_config_hash": model.config_hash, "origin": "endpoint:here"}
    answer = replace(response, id=make.new_id(), lost_in_print=None, asked_otherwise=None, **changes)
    with store.transaction():
        store.insert("models", asdict(model), keep_existing=True)
        store.insert("responses", asdict(answer))
    return answer


def judge(store: Store, chance: random.Random, answer: ResponseRecord, grader: str) -> None:
    """Mostly before they saw what others gave."""
    (row,) = store.query(
        "SELECT criteria FROM rubrics JOIN items ON rubric_hash = rubrics.hash WHERE items.hash = ?",
        [answer.item_hash],
    )
    level = chance.choice(msgspec.json.decode(row["criteria"])[0]["levels"])
    occasion = chance.choice(("first", "first", "after_others"))
    given = {"grader": grader, "value": level["value"], "occasion": occasion}
    make.add(store, make.grade(answer, level["label"], **given))


def test_verdicts_and_differences_are_those_of_the_script(path):
    with Store.open(path) as store:
        export_to_path(store, path.with_suffix(""), what="all")
        found = as_json(results(figure_rows(store), Filters(), report=(REPORT, baseline())).baseline)
    rows = read(path.with_suffix(""))
    stored = [each for each in found["verdicts"] if each["is_printed"]]

    program = {f"{each['item']} {each['model']}": {name: each[name] for name in TOLD} for each in stored}
    script = {" ".join(key): each for key, each in verdicts(rows, REPORT).items()}
    assert len(script) == len(stored) == 30
    assert different(program, script) == []
    assert found["seen_before"] == seen_before(rows, REPORT) > 0

    given = {"printed": printed(rows, REPORT), "today": of_today(rows)}
    assert [each["answers"] for each in found["against"]] == [*given]
    for against in found["against"]:
        claims = [claim for each in against["conclusions"] for claim in each["claims"]]
        compared = [each for claim in claims for each in claim["compared"]]
        assert compared
        for each in compared:
            pair = given[against["answers"]], each["first"], each["second"]
            again = [difference(*pair, task) for task in ("", "code-generation")]
            assert [] in [different(each, one) for one in again]
