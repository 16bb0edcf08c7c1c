"""Sentences beside figures hold whatever was judged."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from store import make, marks

from tui.analysis.changes import Change, changes
from tui.analysis.naming import named
from tui.analysis.preferences import PreferenceFigures, Strength
from tui.analysis.results import Filters, Look, Rank, results
from tui.report import preference_words, words
from tui.report.changes_words import change, same_bytes
from tui.report.figures_csv import figure_lines
from tui.report.layout import Page
from tui.report.table import lines
from tui.store.database import Store
from tui.store.figure_rows import figure_rows


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "grades.db") as opened:
        yield opened


def main(store, filters=Filters()):  # noqa: B008
    return results(figure_rows(store), filters).kinds[0].criteria[0]


def with_printed(store, *given):
    """A printed answer to the first item that passes, judged beside those of models that run here."""
    of = marks.answers(store, {name: len(letters) for name, letters in given})
    made = make.response(
        make.new_id(), of=make.model("first"), to=marks.item(1), origin="report-2023", origin_class="unknown",
        weights_sha256=None, adapter_sha256=None,
    )  # fmt: skip
    recorded = make.recorded(made, of=make.model("first"), to=marks.item(1), weights=None)
    store.responses.add(replace(recorded, rubric=marks.RUBRIC))
    marks.give(
        store, marks.begun(store, blind=False), of | {"printed": [made]}, dict(given) | {"printed": "p"}
    )


def test_one_model_beside_printed_answers_is_what_the_headline_is_about(store):
    with_printed(store, ("first", "ffa"))
    of = main(store)
    assert words.headline(of).startswith("first: strict 0.00")
    note = "Printed answers are compared with one another only, not here: first@report-2023."
    assert list(words.comparison_notes(of)) == [note]
    told = results(figure_rows(store), Filters())
    assert note in [line.text for line in lines(told, Page(200, wraps=False))]


def test_the_highest_is_none_of_the_printed_ones(store):
    with_printed(store, ("first", "pff"), ("second", "fff"))
    assert words.headline(main(store, Filters(blind_only=False, tasks=("code",)))).startswith(
        "Highest, first: strict 0.33"
    )


def test_all_that_are_as_high_are_named(store):
    marks.graded(store, {"first": "ppf", "second": "fpp", "third": "fff"})
    assert words.headline(main(store, Filters(tasks=("code",)))) == "Highest, first, second: strict 0.67."


def test_next_to_nothing_has_one_sign():
    of = Change(
        kind="person", criterion="overall", verdict="CANNOT TELL", estimate=-0.001, low=-0.2, high=-0.0,
        items=9, differing=2, compared=9, apart=0, p=0.5,
    )  # fmt: skip
    assert "strict +0.00 [-0.20, +0.00], 9 items" in change(of)
    assert words.decimal(-0.004) == "0.00"


def test_models_that_differ_by_halves_on_all_items_are_not_said_to_differ_on_a_quarter(store):
    of = marks.answers(store, {"first": 30, "second": 30})
    for grader, given in (("mei", "p" * 30), ("ada", "f" * 30)):
        session = marks.begun(store, grader, blind=False)
        marks.give(store, session, of, {"first": given, "second": "f" * 30})
    (told,) = (each for each in words.comparison_notes(main(store)) if "four times in five" in each)
    assert told.startswith("With 30 items that differ as these do (mean square 0.25), ")


@pytest.mark.parametrize("items", [1, 9, 29])
def test_of_few_items_nothing_is_said_of_rankings_that_was_found_of_nine(items):
    of = Strength(model="tiny", estimate=0.0, low=0.0, high=0.0, rank=Rank(model="tiny", first=1, last=4))
    figures = PreferenceFigures(
        criterion="overall", judgements=9, items=items, skipped=0, both_bad=0.0, shares=(), strengths=(of,),
        pieces=(),
    )  # fmt: skip
    told = list(preference_words.preference_notes(figures))
    assert preference_words.FEW_RANKED in told
    assert not any(f"With {items} item" in each for each in told)


def test_looks_into_two_sessions_of_one_grader_are_not_one():
    looks = [
        Look(grader="mei", session=session, into="results", judged=judged, planned=40)
        for session, judged in (("a", 10), ("b", 5), ("a", 20))
    ]
    assert list(words.looks(looks)) == [
        "Results of a session of mei were looked at when 10, 20 of 40 were judged.",
        "Results of a session of mei were looked at when 5 of 40 were judged.",
    ]


def test_answers_that_were_all_skipped_have_no_figure_and_are_counted(store):
    marks.graded(store, {"first": "ppf", "second": "sss"})
    of = main(store)
    assert [each.model for each in of.models] == ["first"]
    assert list(words.missing(of)) == ["second: 3 skipped and none graded, so that it has no figure"]
    cells = [cell for item in of.items for cell in item.cells if cell.model == "second"]
    assert {(each.strict, each.mean, each.judgements) for each in cells} == {(None, None, 0)}
    rows = figure_lines(results(figure_rows(store), Filters()))
    assert {each["estimate"] for each in rows if (each["scope"], each["model"]) == ("item", "second")} == {
        None
    }


def test_nothing_but_skips_is_told_too(store):
    marks.graded(store, {"first": "ss"})
    told = [line.text for line in lines(results(figure_rows(store), Filters()), Page(200, wraps=False))]
    assert "Nothing that counts was judged." in told
    assert "first: 2 skipped and none graded, so that it has no figure" in told


def test_answers_of_other_samples_only_are_not_said_to_be_of_other_items(store):
    for name, sample in (("first", 1), ("second", 2)):
        marks.answer(store, name, marks.item(1), name, sample)
    rows = figure_rows(store)
    told = same_bytes(changes(rows, *named(rows.models)))
    assert (
        told
        == "No answer of one has its like of the other: to the same item, with the same number of sample."
    )


def test_of_models_that_have_no_item_in_common_none_is_called_the_highest(store):
    of = marks.answers(store, {"first": 4, "second": 4})
    marks.give(store, marks.begun(store, blind=False), of, {"first": "pp..", "second": "..ff"})
    for filters in (Filters(), Filters(tasks=("code",))):
        found = main(store, filters)
        told = "No item has a judgement of every model, so that they are not compared."
        assert words.headline(found) == told
        assert told not in list(words.comparison_notes(found))
