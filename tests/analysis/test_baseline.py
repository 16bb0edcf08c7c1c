"""The report of 2023 beside what people give to its answers, and to those of models that run here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from msgspec.structs import replace
from store import make

from tui import paths
from tui.analysis.results import Filters, results
from tui.catalogue.item import items_of
from tui.catalogue.loading import load_tasks
from tui.report.baseline_words import bridge, claim, own
from tui.store.database import Store
from tui.store.exchange.built_in import REPORT, printed_report
from tui.store.exchange.built_in import baseline as verdicts
from tui.store.exchange.importing import import_built_in
from tui.store.figure_rows import figure_rows
from tui.store.ids import new_id, now
from tui.store.items import item_record, rubric_record
from tui.store.judgement_records import JudgementRecord
from tui.store.records import RubricRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tui.analysis.baseline import Baseline
    from tui.analysis.conclusions import Conclusion
    from tui.catalogue.item import Item
    from tui.store.judgement_records import Occasion

VALUES = {"fail": 0.0, "partial": 0.5, "pass": 1.0, "good": 1.0}
FIZZBUZZ = ("code-generation/2", "falcon-40b-instruct")
ANOTHER_TEXT = ("extractive-qa/2", "oasst-sft-1-pythia-12b")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "g.db") as opened:
        yield opened


def items() -> list[Item]:
    return [item for task in load_tasks(paths.bundled("prompts")) for item in items_of(task)]


def judge(
    store: Store,
    response_id: str,
    item_hash: str,
    level: str,
    grader: str = "mei",
    occasion: Occasion = "first",
) -> None:
    known = [row["id"] for row in store.query("SELECT id FROM sessions")]
    session = next(
        (each for id_ in known for each in store.sessions.starting_with(id_) if each.seed == len(grader)),
        None,
    ) or store.sessions.begin(grader, mode="grade", app_version="0", seed=len(grader))
    store.judgements.add(
        JudgementRecord(
            id=new_id(),
            session_id=session.id,
            grader_id=session.grader_id,
            response_id=response_id,
            item_hash=item_hash,
            kind="grade",
            occasion=occasion,
            level=level,
            value=VALUES[level],
            decided_at=now(),
            app_version="0",
        )
    )


def judge_printed(
    store: Store,
    level: Callable[[str, str, str], str],
    grader: str = "mei",
    occasion: Occasion = "first",
) -> None:
    import_built_in(store, REPORT, app_version="0")
    said = {(each.item, each.model): each.verdict for each in verdicts()}
    rows = list(store.query("SELECT id, item_hash, task, prompt_number, model FROM responses"))
    for row in rows:
        item = f"{row['task']}/{row['prompt_number']}"
        given = level(item, row["model"], said[item, row["model"]])
        judge(store, row["id"], row["item_hash"], given, grader, occasion)


def answer(store: Store, model: str, level: Callable[[str], str]) -> None:
    """A model that runs here answers all items, and is judged."""
    for item in items():
        rubric = rubric_record(item)
        record = item_record(item, rubric)
        made = make.response(new_id(), of=make.model(model), to=record)
        store.responses.add(replace(make.recorded(made, of=make.model(model), to=record), rubric=rubric))
        judge(store, made.id, record.hash, level(item.name))


def found(store: Store) -> Baseline:
    of = results(figure_rows(store), Filters(), report=(REPORT, verdicts())).baseline
    assert of
    return of


def numbered(of: tuple[Conclusion, ...]) -> dict[int, str]:
    return {each.number: each.status for each in of}


def test_two_conclusions_do_not_follow_from_the_verdicts_of_the_report_itself(store: Store) -> None:
    of = found(store)
    assert numbered(of.own) == {
        1: "holds", 2: "holds", 3: "does not hold", 4: "holds", 5: "does not hold", 6: "holds", 7: "holds",
    }  # fmt: skip
    assert len(list(own(of))) == 2
    assert not of.against


def test_the_same_answers_judged_again_name_the_verdicts_that_changed(store: Store) -> None:
    judge_printed(store, lambda item, model, said: "fail" if (item, model) == FIZZBUZZ else said)
    of = found(store)
    assert len(of.verdicts) == 36
    assert [each.again is not None for each in of.verdicts].count(True) == 30
    changed = [(each.item, each.model) for each in of.verdicts if each.changed not in ("same", None)]
    assert changed == [FIZZBUZZ]
    lines = list(bridge(of))
    assert "Of 30 printed answers judged again 29 got the verdict of the report." in lines
    assert any(
        line.startswith("code-generation/2, falcon-40b-instruct: then pass, now fail") for line in lines
    )
    otherwise = [line for line in lines if line.startswith("Asked otherwise")]
    assert len(otherwise) == 2
    assert "alpaca-lora-7b, as the input of another instruction" in otherwise[0]
    assert otherwise[0].count("/") == 5
    assert "oasst-sft-1-pythia-12b, it was sent" in otherwise[1]
    assert "(extractive-qa/2)" in otherwise[1]


def test_people_who_differ_are_said_to(store: Store) -> None:
    judge_printed(store, lambda *_: "pass")
    judge_printed(store, lambda *_: "fail", "juergen")
    assert {each.changed for each in found(store).verdicts if each.again} == {"several"}


def test_answers_that_were_judged_after_the_verdict_was_seen_do_not_count(store: Store) -> None:
    judge_printed(store, lambda *_: "fail", occasion="after_others")
    of = found(store)
    assert of.seen_before == 30
    assert not any(each.again for each in of.verdicts)


def test_nobody_having_judged_them_it_says_how_to_begin(store: Store) -> None:
    assert any("llm-grader import report-2023" in line for line in bridge(found(store)))


def test_three_items_say_nothing_of_who_is_best_at_code(store: Store) -> None:
    for model in ("alpaca-lora-7b", "oasst-sft-1-pythia-12b", "falcon-40b-instruct"):
        answer(store, model, lambda _: "fail")
    answer(store, "mpt-7b-chat", lambda _: "pass")
    (against,) = found(store).against
    assert against.answers == "today"
    best = against.conclusions[0].claims[0]
    assert (best.status, best.is_small) == ("cannot tell", True)
    assert "too few items to say: each needs 6 at least" in claim(best)


def test_nine_items_on_which_falcon_is_right_and_the_others_wrong_decide_the_last_one(store: Store) -> None:
    for model in ("alpaca-lora-7b", "mpt-7b-chat", "oasst-sft-1-pythia-12b"):
        answer(store, model, lambda _: "fail")
    answer(store, "falcon-40b-instruct", lambda _: "pass")
    (against,) = found(store).against
    best, close, worst = against.conclusions[6].claims
    assert (best.status, close.status, worst.status) == ("holds", "does not hold", "cannot tell")
    assert against.conclusions[6].status == "does not hold"
    assert numbered(against.conclusions)[4] == "does not hold"


def test_another_prompt_of_the_same_name_is_not_what_the_report_asked(store: Store) -> None:
    record = make.item("code-generation", 1, "Something else.")
    rubric = next(rubric_record(each) for each in items() if each.name == "code-generation/1")
    made = make.response(new_id(), of=make.model("mpt-7b-chat"), to=record)
    whole = make.recorded(made, of=make.model("mpt-7b-chat"), to=replace(record, rubric_hash=rubric.hash))
    store.responses.add(replace(whole, rubric=rubric))
    judge(store, made.id, record.hash, "pass")

    beside = results(figure_rows(store), Filters(), report=printed_report(REPORT)).baseline

    assert beside
    assert not any(each.today for each in beside.verdicts)
    assert not beside.against


def test_falcon_7b_stands_in_where_only_that_was_judged(store: Store) -> None:
    answer(store, "falcon-7b-instruct", lambda _: "pass")
    today = {each.model: each.today for each in found(store).verdicts if each.item == "code-generation/1"}
    assert today["falcon-40b-instruct"]
    assert today["falcon-40b-instruct"].levels == ("pass",)
    answer(store, "falcon-40b-instruct", lambda _: "fail")
    today = {each.model: each.today for each in found(store).verdicts if each.item == "code-generation/1"}
    assert today["falcon-40b-instruct"]
    assert today["falcon-40b-instruct"].levels == ("fail",)


def test_a_model_that_was_not_judged_is_said_to_be_missing(store: Store) -> None:
    answer(store, "mpt-7b-chat", lambda _: "pass")
    (against,) = found(store).against
    assert against.judged_models == ("mpt-7b-chat",)
    assert numbered(against.conclusions)[1] == "not judged"


def test_one_model_that_is_wrong_refutes_what_is_said_of_all_where_another_was_not_judged(
    store: Store,
) -> None:
    answer(store, "mpt-7b-chat", lambda _: "fail")
    (against,) = found(store).against
    assert numbered(against.conclusions)[4] == "does not hold"


def test_a_verdict_changed_by_the_scale_it_was_judged_by_whatever_other_rubrics_say(store: Store) -> None:
    judge_printed(store, lambda *_: "pass")
    before = [each.changed for each in found(store).verdicts]
    assert "better" in before
    for labels in (("fail", "pass"), ("pass", "partial", "fail")):
        levels = [{"label": label, "value": VALUES[label]} for label in labels]
        criteria = msgspec.json.encode([{"name": "overall", "levels": levels}]).decode()
        store.insert("rubrics", {"hash": make.digest(criteria), "criteria": criteria})
    assert [each.changed for each in found(store).verdicts] == before


def test_a_verdict_that_is_no_level_of_what_it_was_judged_by_is_not_the_same(store: Store) -> None:
    labels = [{"label": "bad", "value": 0.0}, {"label": "good", "value": 1.0}]
    criteria = msgspec.json.encode([{"name": "overall", "levels": labels}]).decode()
    rubric = RubricRecord(hash=make.digest(criteria), criteria=criteria)
    import_built_in(store, REPORT, app_version="0")
    (row,) = store.query(
        "SELECT * FROM responses WHERE model = ? AND prompt_number = 2 AND task = ?",
        [FIZZBUZZ[1], "code-generation"],
    )
    (item,) = store.query("SELECT * FROM items WHERE hash = ?", [row["item_hash"]])
    store.insert("rubrics", {"hash": rubric.hash, "criteria": rubric.criteria})
    store.insert("items", {**item, "hash": make.digest("by two levels"), "rubric_hash": rubric.hash})
    judge(store, row["id"], make.digest("by two levels"), "good")
    of = found(store)
    assert [each.changed for each in of.verdicts if each.again] == [None]
    assert any(
        line.startswith("code-generation/2, falcon-40b-instruct: then pass, now good") for line in bridge(of)
    )
