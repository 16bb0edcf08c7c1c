"""What `results` prints, and what it leaves out."""

from __future__ import annotations

import csv
import io
import json

import pytest
from store import make, marks

from tui import paths
from tui.store.database import Store

TWO = {"sure": "pppppppppp", "poor": "ffffffffff"}
ALIKE = {"sure": "ppppppf", "poor": "pppppff"}


@pytest.fixture
def store():
    with Store.open(paths.database_file()) as opened:
        yield opened


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_headline_comes_first_and_what_strict_means_before_its_figures(llm_grader, store):
    marks.graded(store, TWO)
    code, output, error = llm_grader("results")
    assert (code, error) == (0, "")
    lines = [line for line in output.splitlines() if line]
    assert lines[:3] == [
        "People: mei",
        "overall (20 judgements, 2 models, 10 items)",
        "sure is better than poor.",
    ]
    assert lines[3].startswith("strict: share of answers with the best level, “pass”.")
    assert [line.split()[:4] for line in lines[5:7]] == [
        ["sure", "1", "1.00", "[0.72,"],
        ["poor", "2", "0.00", "[0.00,"],
    ]
    assert "  sure is better than poor (+1.00 [+0.62, +1.00], 10 items, p = 0.002)" in lines


def test_models_that_cannot_be_told_apart_are_never_called_equal(llm_grader, store):
    marks.graded(store, ALIKE)
    output = llm_grader("results")[1]
    assert "sure and poor cannot be told apart." in output
    assert "cannot tell apart" in output
    assert "“Cannot tell apart” does not mean equal." in output


def test_a_pipe_gets_plain_text(llm_grader, store):
    marks.graded(store, TWO)
    output = llm_grader("results")[1]
    assert output.replace("“", "").replace("”", "").isascii()
    assert "\x1b" not in output
    assert llm_grader("results")[1] == output


def test_json_is_the_whole_tree_and_csv_a_row_for_each_figure_of_it(llm_grader, store):
    marks.graded(store, TWO)
    told = json.loads(llm_grader("results", "--json")[1])
    assert told == json.loads(llm_grader("results", "--format", "json")[1])
    assert (told["schema"], told["seed"], told["app_version"]) == (1, 2023, "0.1.0")
    (criterion,) = told["kinds"][0]["criteria"]
    rows = rows_of(llm_grader("results", "--format", "csv")[1])
    for model in criterion["models"]:
        for measure in ("strict", "lenient", "mean"):
            (row,) = [
                each
                for each in rows
                if (each["scope"], each["model"], each["figure"]) == ("all", model["model"], measure)
            ]
            assert [float(row[name]) for name in ("estimate", "low", "high")] == [
                model[measure][name] for name in ("estimate", "low", "high")
            ]
    (difference,) = [each for each in rows if each["scope"] == "difference"]
    assert float(difference["p"]) == criterion["comparison"]["differences"][0]["p"]
    assert len([each for each in rows if each["scope"] == "item"]) == 40


def test_what_is_filtered_is_exploratory(llm_grader, store):
    marks.graded(store, TWO)
    marks.graded(store, ALIKE, grader="ada")
    for options in (["--grader", "mei"], ["--blind"], ["-t", "code"], ["--criterion", "overall"]):
        told = json.loads(llm_grader("results", "--json", *options)[1])
        comparison = told["kinds"][0]["criteria"][0]["comparison"]
        assert (comparison["is_tested"], comparison["differences"][0]["p"]) == (False, None)
        assert "Exploratory: no p, no ranks." in llm_grader("results", *options)[1]


def test_a_model_is_named_as_figures_name_it_whatever_is_chosen(llm_grader, store):
    marks.graded(store, TWO)
    other = make.store_response(store, of=make.model("sure"), to=marks.item(1), text="of other weights")
    session = marks.begun(store)
    marks.give(store, session, {"sure": [other]}, {"sure": "f"})
    store.sessions.reveal(session.id)
    names = [each["model"] for each in json.loads(llm_grader("results", "--json")[1])["answered"]]
    labels = [name for name in names if name.startswith("sure~")]
    assert len(labels) == 2
    for label in labels:
        told = json.loads(llm_grader("results", "--json", "-m", label)[1])
        assert [each["model"] for each in told["answered"]] == [label]
    both = json.loads(llm_grader("results", "--json", "-m", "sure")[1])
    assert [each["model"] for each in both["answered"]] == labels


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["-m", "shure"], 'no answer is of a model "shure"; did you mean sure?'),
        (["--criterion", "overal"], 'nothing was judged by a criterion "overal"; did you mean overall?'),
        (["--grader", "may"], "judgement of the grader"),
        (["-t", "cod"], "answer to the task"),
        (["-p", "code/77"], "answer to the prompt"),
    ],
)
def test_a_name_that_nothing_has_is_told_with_the_nearest(llm_grader, store, options, told):
    marks.graded(store, TWO)
    code, output, error = llm_grader("results", *options)
    assert (code, output) == (2, "")
    assert told in error


def test_where_nothing_was_judged_a_line_says_so(llm_grader, store):
    assert llm_grader("results")[0] == 0
    assert "There is no answer to judge" in llm_grader("results")[2]
    marks.answers(store, {"sure": 2})
    code, output, error = llm_grader("results")
    assert (code, output) == (0, "")
    assert error == "None of these answers was judged: `llm-grader grade` does that.\n"
    assert json.loads(llm_grader("results", "--json")[1])["kinds"] == []


def test_nothing_of_a_blind_session_is_in_any_figure_until_its_reveal(llm_grader, store):
    of = marks.answers(store, {"sure": 3, "poor": 3})
    session = marks.begun(store)
    marks.give(store, session, of, {"sure": "ppp", "poor": "fff"})
    for form in ("table", "json", "csv"):
        code, output, error = llm_grader("results", "--format", form)
        assert code == 0
        assert "sure" not in output + error
        assert "poor" not in output + error
        command = f"llm-grader grade --session {session.id[:13]} --grader mei"
        assert f"Hidden: what mei judges blind, until the reveal. `B` in `{command}` ends that" in error
    assert "sure" not in llm_grader("results", "-m", "shure")[2]
    store.sessions.reveal(session.id)
    assert "sure" in llm_grader("results")[1]


def test_names_that_would_steer_a_terminal_or_be_markup_are_shown_as_they_are(llm_grader, store):
    hostile = {"[red]x[/red]": "pp", "esc\x1b[31m": "fp", "שלום": "pf", "模型模型模型": "ff"}
    marks.graded(store, hostile)
    output = llm_grader("results")[1]
    assert "[red]x[/red]" in output
    assert "esc�[31m" in output
    assert "模型模型模型" in output
    assert "\x1b" not in output
