"""`report`: where it writes, and what it says when there is nothing to write."""

from __future__ import annotations

import pytest
from store import marks

from tui import paths
from tui.store.database import Store


@pytest.fixture
def graded():
    with Store.open(paths.database_file()) as store:
        marks.graded(store, {"sure": "pppp", "poor": "ffff"})


@pytest.mark.parametrize(
    ("name", "begins"),
    [("a.html", "<!DOCTYPE html>"), ("a.md", "# Evaluation of 2"), ("a.tex", "% pdflatex sets this file")],
)
def test_the_name_of_the_file_decides_the_format(llm_grader, graded, tmp_path, name, begins):
    file = tmp_path / name
    assert llm_grader("report", "-o", str(file)) == (0, "", f"written to {file}\n")
    assert file.read_text(encoding="utf-8").startswith(begins)


def test_a_name_that_contradicts_the_format_is_refused(llm_grader, graded, tmp_path):
    code, _, error = llm_grader("report", "--format", "md", "-o", str(tmp_path / "a.html"))
    assert code == 2
    assert "ends as html does, and --format asks for md" in error


def test_a_file_that_is_there_stays_unless_it_is_forced(llm_grader, graded, tmp_path):
    file = tmp_path / "a.html"
    file.write_text("mine")
    code, _, error = llm_grader("report", "-o", str(file))
    assert (code, file.read_text()) == (1, "mine")
    assert "--force" in error
    assert llm_grader("report", "-o", str(file), "--force")[0] == 0
    assert file.read_text(encoding="utf-8").startswith("<!DOCTYPE")


def test_without_a_file_it_is_html_on_standard_output(llm_grader, graded):
    code, output, error = llm_grader("report")
    assert (code, error) == (0, "")
    assert output.startswith("<!DOCTYPE html>")
    assert output.endswith("</html>\n")


def test_where_nothing_was_judged_a_line_says_what_to_do_and_nothing_is_written(llm_grader, tmp_path):
    file = tmp_path / "a.html"
    with Store.open(paths.database_file()) as store:
        code, output, error = llm_grader("report", "-o", str(file))
        assert (code, output, error.count("\n")) == (0, "", 1)
        assert "There is no answer to judge" in error
        marks.answers(store, {"sure": 1})
    assert "None of these answers was judged: `llm-grader grade`" in llm_grader("report", "-o", str(file))[2]
    assert not file.exists()


def test_a_blind_session_is_named_with_the_command_that_ends_it(llm_grader):
    with Store.open(paths.database_file()) as store:
        of = marks.answers(store, {"sure": 1})
        marks.give(store, marks.begun(store), of, {"sure": "p"})
    code, output, error = llm_grader("report")
    assert code == 0
    assert "sure<" not in output
    assert error.startswith(
        "Hidden: who wrote the answers that mei judges blind. `B` in `llm-grader grade --session"
    )


def test_the_document_names_the_command_without_places_of_this_machine(llm_grader, graded, tmp_path):
    db = str(paths.database_file())
    output = llm_grader("report", "--db", db, "-m", "sure", "--seed", "7", "--answers", "none")[1]
    assert "\nllm-grader report -m sure --seed 7 --answers none</pre>" in output
    assert db not in output
