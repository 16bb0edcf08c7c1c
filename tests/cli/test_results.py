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
    (told,) = [line for line in lines if line.startswith("  sure is better than poor (+1.00 [")]
    assert told.endswith(", +1.00], 10 items, p = 0.002)")


def test_models_that_cannot_be_told_apart_are_never_called_equal(llm_grader, store):
    marks.graded(store, ALIKE)
    output = llm_grader("results")[1]
    assert "sure and poor cannot be told apart." in output
    assert "cannot tell apart" in output
    assert "“Cannot tell apart” does not mean equal." in output


def test_what_was_judged_after_the_names_were_shown_is_counted_beside_the_figures(llm_grader, store):
    of = marks.answers(store, {"sure": 2, "poor": 2})
    session = marks.begun(store)
    marks.give(store, session, of, {"sure": "pp", "poor": "f."})
    marks.give(store, session, of, {"sure": "..", "poor": "fp"}, occasion="after_reveal", blind=False)
    store.sessions.reveal(session.id)
    output = llm_grader("results")[1]
    assert "overall (3 judgements, 2 models, 2 items)" in output
    assert "2 judgements after the names were shown: figures of models are of first ones." in output


def test_of_three_models_it_says_that_p_is_corrected_and_the_intervals_are_not(llm_grader, store):
    marks.graded(store, TWO | {"third": "ppppppffff"})
    assert (
        "Each p is corrected for 3 comparisons (Holm), and decides; the intervals are not."
        in (llm_grader("results")[1])
    )


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


def test_a_look_at_an_unfinished_session_is_recorded_once_for_each_stage_and_printed(llm_grader, store):
    of = marks.answers(store, {"sure": 3, "poor": 3})
    session = marks.begun(store, blind=False)
    marks.give(store, session, of, {"sure": "pp.", "poor": "f.."})
    told = "Results of a session of mei were looked at when 3 of 6 were judged."
    assert told in llm_grader("results")[1]
    assert told in llm_grader("results", "-m", "sure")[1]
    marks.give(store, session, of, {"sure": "..p", "poor": "..."})
    assert "looked at when 3, 4 of 6 were judged." in llm_grader("results")[1]
    marks.give(store, session, of, {"sure": "...", "poor": ".ff"})
    assert "looked at when 3, 4 of 6 were judged." in llm_grader("results")[1]
    looks = list(store.query("SELECT looked_into, judged, planned FROM looks ORDER BY seq"))
    assert [tuple(row.values()) for row in looks] == [("results", 3, 6), ("results", 4, 6)]


def test_many_looks_are_told_in_short(llm_grader, store):
    of = marks.answers(store, {"sure": 9})
    session = marks.begun(store, blind=False)
    for place in range(6):
        marks.give(store, session, of, {"sure": "." * place + "p" + "." * (8 - place)})
        output = llm_grader("results")[1]
    assert "were looked at when 1 to 6 (6 times) of 9 were judged." in output


def test_answers_that_came_after_a_session_began_do_not_make_it_unfinished(llm_grader, store):
    marks.graded(store, TWO)
    marks.answers(store, {"late": 3})
    marks.graded(store, {"later": "pp"})
    llm_grader("results")
    assert [row["judged"] for row in store.query("SELECT judged FROM looks")] == [2]


def test_a_session_whose_answers_were_judged_in_another_is_at_its_end(llm_grader, store):
    of = marks.answers(store, {"sure": 3})
    first, second = marks.begun(store, blind=False), marks.begun(store, blind=False)
    marks.give(store, first, of, {"sure": "p.."})
    marks.give(store, second, of, {"sure": ".pp"})
    llm_grader("results")
    assert list(store.query("SELECT * FROM looks")) == []


def test_figures_are_told_where_the_look_cannot_be_recorded(llm_grader, store):
    of = marks.answers(store, {"sure": 3})
    marks.give(store, marks.begun(store, blind=False), of, {"sure": "p.."})
    with store.transaction():
        store.execute("CREATE TRIGGER full BEFORE INSERT ON looks BEGIN SELECT RAISE(ABORT, 'full'); END")
    code, output, error = llm_grader("results")
    assert (code, error) == (0, "")
    assert "sure: strict 1.00" in output


def test_a_comparison_says_its_verdict_first_and_ends_well_whatever_it_is(llm_grader, store):
    marks.graded(store, TWO)
    for names, verdict in ((("sure", "poor"), "BETTER"), (("poor", "sure"), "WORSE")):
        code, output, error = llm_grader("results", "--compare", *names)
        assert (code, error) == (0, "")
        assert output.splitlines()[0] == f"{names[0]} against {names[1]}: {verdict}"
        told = json.loads(llm_grader("results", "--json", "--compare", *names)[1])
        assert [told["changes"][0]["verdict"], told["schema"]] == [verdict, 1]
    assert "p = 0.002 if it is this comparison that was planned" in output


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--compare", "sure", "sure"], "--compare is about two models."),
        (["--compare", "sure", "pour"], 'no answer is of a model "pour"; did you mean poor?'),
        (["--compare", "sure", "poor", "--format", "csv"], "--compare is a table, or JSON."),
        (["--plan", "--format", "csv"], "--plan is a table, or JSON."),
        (["--plan", "--compare", "sure", "poor"], "--plan is about what nobody has graded"),
        (["--plan", "--grader", "mei"], "--plan is about what nobody has graded"),
        (["--models", "3"], "--models is for --plan"),
        (
            ["--compare", "sure", "poor", "--measure", "mean"],
            "--compare has figures of its own: take --measure",
        ),
    ],
)
def test_what_does_not_go_together_is_said_in_a_line(llm_grader, store, options, told):
    marks.graded(store, TWO)
    code, output, error = llm_grader("results", *options)
    assert (code, output) == (2, "")
    assert error.startswith(f"llm-grader: {told}")


def test_a_plan_needs_no_database_and_says_that_nine_prompts_can_hardly_rank_four_models(llm_grader):
    code, output, error = llm_grader("results", "--plan", "--models", "4")
    assert (code, error) == (0, "")
    lines = output.splitlines()
    assert lines[0] == "9 items can hardly rank 4 models."
    assert "apart are 8, all of them differing one way." in lines[1]
    assert not paths.database_file().exists()
    assert llm_grader("results", "--plan")[0] == 2


def test_a_plan_counts_what_is_chosen_and_what_is_stored(llm_grader, store):
    def told(*options):
        found = json.loads(llm_grader("results", "--plan", "--json", *options)[1])
        return found["items"], found["models"], found["least_items"]

    marks.graded(store, TWO)
    assert told() == (9, 2, 6)
    assert told("-t", "code-generation", "-m", "one", "-m", "two", "-m", "three") == (3, 3, 7)
    assert told("-p", "code-generation/1", "-p", "extractive-qa/1", "--models", "20") == (2, 20, 13)


def test_a_report_of_an_unfinished_session_is_a_look_that_it_prints_itself(llm_grader, store):
    of = marks.answers(store, {"sure": 3, "poor": 3})
    session = marks.begun(store, blind=False)
    marks.give(store, session, of, {"sure": "pp.", "poor": "f.."})
    code, output, _ = llm_grader("report", "--format", "md")
    assert code == 0
    assert "Reports of a session of mei were looked at when 3 of 6 were judged." in output
    looks = list(store.query("SELECT looked_into, judged, planned FROM looks"))
    assert [tuple(row.values()) for row in looks] == [("report", 3, 6)]


def test_a_report_names_models_as_figures_do_whatever_is_chosen(llm_grader, store):
    marks.graded(store, TWO)
    other = make.store_response(
        store, of=make.model("sure"), to=marks.item(1, "text"), text="of other weights"
    )
    session = marks.begun(store)
    marks.give(store, session, {"sure": [other]}, {"sure": "f"})
    store.sessions.reveal(session.id)
    (named,) = json.loads(llm_grader("results", "--json", "-t", "text")[1])["kinds"]
    (model,) = named["criteria"][0]["models"]
    assert model["model"].startswith("sure~")
    assert model["model"] in llm_grader("report", "--format", "md", "-t", "text")[1]


def test_what_is_said_of_graders_comes_after_the_models(llm_grader, store):
    of = marks.graded(store, {"sure": "ppppppppppp", "poor": "fffffffffff"})
    other = marks.begun(store, "ada", blind=False)
    marks.give(store, other, of, {"sure": "ppppppppppf", "poor": "fffffffffff"})
    lines = llm_grader("results")[1].splitlines()
    assert lines.index("Agreement") > lines.index("By one grader, strict")
    assert lines[lines.index("Agreement") + 1].startswith("  mei and ada agree on 21 of 22 answers: 0.95 [")
    assert lines.index("Habits") > lines.index("Agreement")
    measured = llm_grader("results", "--measure", "mean")[1]
    assert "Agreement" not in measured
    rows = rows_of(llm_grader("results", "--format", "csv")[1])
    agreed = {row["figure"]: row for row in rows if row["scope"] == "agreement: graders"}
    assert {*agreed} == {"raw", "alpha"}
    assert agreed["raw"]["grader"] == "mei; ada"
    assert {row["figure"] for row in rows if row["scope"] == "habit"} >= {"later"}


def test_two_formats_at_once_are_refused(llm_grader, store):
    code, output, error = llm_grader("results", "--json", "--format", "csv")
    assert (code, output) == (2, "")
    assert "--format asks for csv" in error
