from __future__ import annotations

import pytest

from tui import paths
from tui.store.database import Store


def test_the_answers_of_the_report_come_in_with_one_line_that_says_what_is_next(llm_grader):
    code, output, error = llm_grader("import", "report-2023")

    assert (code, output) == (0, "")
    assert error == (
        "30 answers of 4 models to 9 prompts, and the verdicts of report-2023 on them, are in"
        f" {paths.database_file()} now. Judge them: llm-grader grade\n"
    )
    with Store.open(paths.database_file(), create=False) as store:
        assert len(store.responses.all()) == 30


def test_a_second_time_it_says_that_nothing_was_added(llm_grader, tmp_path):
    file = str(tmp_path / "my grades.db")
    llm_grader("import", "report-2023", "--db", file)

    code, output, error = llm_grader("import", "report-2023", "--db", file)

    assert (code, output) == (0, "")
    assert error == (
        f"report-2023 is in {file} already: nothing was added. Judge them: llm-grader grade --db '{file}'\n"
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("./report-2023", '"./report-2023" is a file, and none can be imported yet; the built-in sets are: '),
        ("answers.jsonl", '"answers.jsonl" is a file, and none can be imported yet; the built-in sets are: '),
        ("report", 'there is no built-in set "report"; the built-in sets are: '),
    ],
)
def test_what_is_no_built_in_set_is_refused_with_those_there_are(llm_grader, name, expected):
    code, output, error = llm_grader("import", name)

    assert (code, output) == (2, "")
    assert error == f"llm-grader: {expected}report-2023\n"
    assert not paths.database_file().exists()
