from __future__ import annotations

import json
import sys

import pytest

from tui import paths
from tui.cli.import_output import ImportOutput
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
    ("name", "expected", "code"),
    [
        ("./report-2023", "report-2023: there is no such file or folder", 1),
        ("answers.jsonl", "answers.jsonl: there is no such file or folder", 1),
        (
            "report",
            'there is no built-in set "report", and no such file; the built-in sets are: report-2023',
            2,
        ),
    ],
)
def test_what_is_neither_a_set_nor_a_file_is_one_line(
    llm_grader, tmp_path, monkeypatch, name, expected, code
):
    monkeypatch.chdir(tmp_path)

    assert llm_grader("import", name) == (code, "", f"llm-grader: {expected}\n")
    assert not paths.database_file().exists()


def test_a_built_in_set_takes_no_choices(llm_grader):
    code, _, error = llm_grader("import", "report-2023", "--as-task", "x", "--text", "y")

    assert code == 2
    assert error == "llm-grader: report-2023 comes in as it is: take --text and --as-task away\n"


def test_a_file_may_have_the_name_of_a_built_in_set(llm_grader, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "report-2023").write_text('{"prompt": "Say it.", "model": "m", "text": "a"}\n')

    code, _, error = llm_grader("import", "./report-2023")

    assert code == 0
    assert error == (
        "report-2023: 1 answer of 1 model to 1 prompt, 1 of them new, in the task report-2023."
        " Judge them: llm-grader grade\n"
    )


def test_answers_are_graded_from_the_line_that_ends_their_import(llm_grader, tmp_path):
    file, database = tmp_path / "answers.csv", str(tmp_path / "grades.db")
    file.write_text("question,generator,output\nSay it.,m,a\nSay it.,n,b\n")

    code, output, error = llm_grader("import", str(file), "--db", database)

    assert (code, output) == (0, "")
    assert error == (
        "answers.csv: 2 answers of 2 models to 1 prompt, 1 of them new, in the task answers."
        f" Judge them: llm-grader grade --db {database}\n"
    )
    again = llm_grader("import", str(file), "--db", database)
    assert again == (0, "", "answers.csv was imported before: nothing was added.\n")


def test_an_export_says_how_many_rows_were_there_already(llm_grader, tmp_path):
    llm_grader("import", "report-2023")
    file, database = str(tmp_path / "all.jsonl"), str(tmp_path / "other.db")
    llm_grader("export", "--what", "all", "-o", file)
    rows = len((tmp_path / "all.jsonl").read_bytes().splitlines())

    first = llm_grader("import", file, "--db", database)
    second = llm_grader("import", file, "--db", database)

    assert first == (0, "", f"all.jsonl: {rows} rows added, 0 were there already.\n")
    assert second == (0, "", f"all.jsonl: 0 rows added, {rows} were there already.\n")


def test_prompts_become_a_task_that_every_command_knows(llm_grader, tmp_path):
    file = tmp_path / "x.jsonl"
    file.write_text("".join(json.dumps({"q": f"{n}+1?", "a": str(n + 1)}) + "\n" for n in range(3)))
    options = ("--as-task", "sums", "--text", "q", "--expected", "a", "-o", str(tmp_path / "sums.toml"))

    code, _, error = llm_grader("import", str(file), *options)

    assert code == 0
    assert error == (
        "x.jsonl: 3 prompts added to the task sums, 0 there already."
        " Have them answered: llm-grader run -t sums\n"
    )
    assert "  sums/3  2+1?\n" in llm_grader("prompts")[1]
    assert "A correct answer: 3" in llm_grader("prompts", "sums/3")[1]
    (tmp_path / "prompts").mkdir()
    (tmp_path / "sums.toml").rename(tmp_path / "prompts" / "sums.toml")
    listed = llm_grader("prompts", "--prompts-dir", str(tmp_path / "prompts"))[1]
    assert listed.count("sums/3") == 1


def test_a_terminal_sees_how_far_it_is_and_how_fast(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    times = iter((0.0, 0.1, 2.0, 2.1))
    monkeypatch.setattr("tui.cli.import_output.monotonic", lambda: next(times))
    output = ImportOutput()

    for rows in (500, 3000, 3500):
        output.progress(rows, rows / 6000)
    output.end()

    assert capsys.readouterr().err == "\r\x1b[K3,000 rows, 50%, 1,500 a second\r\x1b[K"


def test_a_pipe_sees_the_last_line_only(capsys):
    output = ImportOutput()

    output.progress(1_000_000, 0.5)
    output.end()

    assert capsys.readouterr().err == ""
