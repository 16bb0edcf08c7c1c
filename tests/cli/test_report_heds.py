"""`report --heds` and `report --ask`: what they write, and what they keep."""

from __future__ import annotations

import io
import json
import re

import pytest
from store import marks

from tui import paths
from tui.store.database import Store


@pytest.fixture
def graded():
    with Store.open(paths.database_file()) as store:
        marks.graded(store, {"sure": "pppp", "poor": "ffff"})


@pytest.fixture
def answering(llm_grader, monkeypatch):
    """The command with what a person types, and its lines on standard error."""

    def run(typed: str, *arguments: str) -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code, output, error = llm_grader("report", "--ask", *arguments)
        assert (code, output) == (0, "")
        return error

    return run


def kept() -> str:
    return paths.database_file().with_name("grades.heds.toml").read_text(encoding="utf-8")


def test_the_datasheet_alone_or_beside_the_document(llm_grader, graded, tmp_path):
    heds, document = tmp_path / "heds.json", tmp_path / "report.md"
    assert llm_grader("report", "--heds", str(heds))[:2] == (0, "")
    assert json.loads(heds.read_text(encoding="utf-8"))["heds-criteria-criterion"]["control"]
    assert llm_grader("report", "--heds", str(heds))[0] == 1
    assert llm_grader("report", "--heds", str(heds), "-o", str(document), "--force")[0] == 0
    assert "Datasheet (HEDS 3.0)" in document.read_text(encoding="utf-8")


def test_what_is_asked_is_kept_and_shown_the_next_time_and_what_is_no_answer_is_asked_again(
    answering, graded, llm_grader, tmp_path
):
    error = answering("12; 20: puns\nKlingon, English\nenglish\n")
    assert '"2.3" = ["Question answering", "Other: puns"]' in kept()
    assert 'That is no answer here: no option is called "Klingon, English"' in error
    assert '"2.4" = ["English"]' in kept()
    assert '# "2.5" = []' in kept()
    error = answering("\n\nGerman\n")
    assert "now: Question answering; Other: puns" in error
    assert '"2.5" = ["German"]' in kept()
    assert '"2.4" = ["English"]' in kept()
    answering("-\n")
    assert '# "2.3" = []' in kept()
    heds = tmp_path / "heds.json"
    llm_grader("report", "--heds", str(heds))
    form = json.loads(heds.read_text(encoding="utf-8"))
    assert form["heds-system-output_languages-56"]["data"] == {"": True}


def test_each_criterion_is_asked_about_and_neither_names_nor_ethics(answering, graded):
    error = answering("\n" * 100)
    asked = re.findall(r"(?m)^[0-9]+ of [0-9]+ · (.+?) · ", error)
    assert asked[0] == "2.3"
    assert asked[-1] == "4.3.1.2 (criterion “overall”)"
    assert not [each for each in asked if each[0] in "15"]


def test_it_is_no_look_at_results_and_works_before_anybody_has_judged(answering):
    with Store.open(paths.database_file()) as store:
        of = marks.answers(store, {"sure": 2})
        assert "criterion “overall”" in answering("\n" * 100)
        session = marks.begun(store, blind=False)
        marks.give(store, session, of, {"sure": "p."})
        answering("")
        assert list(store.query("SELECT * FROM looks")) == []


def test_answers_lie_where_they_are_said_to_be(answering, graded, tmp_path):
    file = tmp_path / "mine.toml"
    answering("12\n", "--heds-answers", str(file))
    assert "Question answering" in file.read_text(encoding="utf-8")
    assert not paths.database_file().with_name("grades.heds.toml").exists()


def test_a_mistake_in_the_file_is_one_line(llm_grader, graded):
    paths.database_file().with_name("grades.heds.toml").write_text("[answers", encoding="utf-8")
    code, output, error = llm_grader("report")
    assert (code, output, error.count("\n")) == (1, "", 1)
    assert "not valid TOML" in error
