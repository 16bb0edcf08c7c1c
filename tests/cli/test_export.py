from __future__ import annotations

import csv
import io
import json

import pytest

FOLDER = "CSV of everything is a folder of files: name one that does not end in .csv."
FOR_GRADES = "--history is for grades; --what all has every event in any case."
WHOLE = "--what all is the whole database: take tasks, prompts, models and graders away."


@pytest.fixture(autouse=True)
def report(llm_grader):
    assert llm_grader("import", "report-2023")[0] == 0


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_without_options_it_is_what_counts_and_with_history_every_event(llm_grader):
    counting = rows_of(llm_grader("export")[1])
    events = rows_of(llm_grader("export", "--history")[1])

    assert {row["kind"] for row in counting} == {"grade"}
    assert {row["in_force"] for row in counting} == {"1"}
    assert [row["kind"] for row in events].count("grade") == len(counting) == 30
    assert [row["kind"] for row in events].count("note") == 12


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (["-t", "extractive-qa", "-t", "text-classification"], 14),
        (["-p", "extractive-qa/2", "-m", "falcon-40b-instruct"], 1),
        (["--grader", "Report-2023", "-m", "alpaca-lora-7b"], 5),
    ],
)
def test_tasks_prompts_models_and_graders_can_be_chosen(llm_grader, options, count):
    code, output, _ = llm_grader("export", *options)

    assert code == 0
    assert len(rows_of(output)) == count


@pytest.mark.parametrize(
    ("name", "options", "begins"),
    [
        ("x.jsonl", [], '{"schema":2,"type":"grade",'),
        ("x.JSONL", ["--what", "responses"], '{"schema":2,"type":"response",'),
        ("x.csv", [], "id,seq,"),
        ("x.txt", [], "id,seq,"),
        ("x.txt", ["--format", "jsonl"], '{"schema":2,'),
        ("x.csv", ["--excel"], '\ufeff"id",'),
        ("x", ["--excel"], '\ufeff"id",'),
    ],
)
def test_a_file_is_in_the_format_that_its_name_ends_in(llm_grader, tmp_path, name, options, begins):
    code, _, error = llm_grader("export", "-o", str(tmp_path / name), *options)

    assert code == 0, error
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)


@pytest.mark.parametrize(
    ("name", "options", "told"),
    [
        ("x.csv", ["--format", "jsonl"], '"x.csv" ends as csv does, and --format jsonl asks for jsonl.'),
        ("x.jsonl", ["--format", "csv"], '"x.jsonl" ends as jsonl does, and --format csv asks for csv.'),
        ("x.jsonl", ["--excel"], '"x.jsonl" ends as jsonl does, and --excel asks for csv.'),
        ("x", ["--excel", "--format", "jsonl"], "--excel is for --format csv."),
        ("x.csv", ["--what", "all"], FOLDER),
        ("x", ["--what", "all", "--history"], FOR_GRADES),
        ("x", ["--what", "responses", "--history"], FOR_GRADES),
        ("x.jsonl", ["--what", "all", "-t", "extractive-qa"], WHOLE),
        ("x", ["--what", "all", "--grader", "mei"], WHOLE),
    ],
)
def test_what_does_not_go_together_is_said_in_a_line(llm_grader, tmp_path, name, options, told):
    code, output, error = llm_grader("export", "-o", str(tmp_path / name), *options)

    assert (code, output, error) == (2, "", f"llm-grader: {told}\n")
    assert list(tmp_path.iterdir()) == []


TOGETHER = [
    (["--as", "trl", "--what", "grades"], "--as and --what do not go together."),
    (["--as", "kto", "--excel"], "--as and --excel do not go together."),
    (["--as", "arena", "--history"], "--as and --history do not go together."),
    (["--as", "trl", "--format", "csv"], "--as and --format csv do not go together."),
    (["--criterion", "overall"], "--criterion is for --as."),
    (["--seal", "--as", "trl"], "--seal and --as do not go together."),
    (["--seal", "--what", "all"], "--seal and --what do not go together."),
    (["--seal", "--format", "jsonl"], "--seal and --format do not go together."),
    (["--seal", "-t", "extractive-qa"], "--seal and a selection do not go together."),
    (["--as", "trl", "-o", "x.csv"], '"x.csv" ends as csv does, and --as asks for jsonl.'),
    (["--seal", "-o", "x.jsonl"], '"x.jsonl" ends as jsonl does, and --seal asks for json.'),
]


@pytest.mark.parametrize(("options", "told"), TOGETHER, ids=lambda each: " ".join(each))
def test_what_another_program_reads_is_asked_for_alone(llm_grader, options, told):
    assert llm_grader("export", *options) == (2, "", f"llm-grader: {told}\n")


def test_the_report_is_written_for_other_programs_and_what_is_left_out_is_said(llm_grader, tmp_path):
    code, output, error = llm_grader("export", "--as", "trl")
    told = "No pair was judged that has a winner: each row is of two grades that one grader gave.\n"
    assert (code, error) == (0, told)
    assert {tuple(json.loads(line)) for line in output.splitlines()} == {("prompt", "chosen", "rejected")}

    code, output, error = llm_grader(
        "export", "--as", "kto", "--format", "jsonl", "-o", str(tmp_path / "x.jsonl")
    )
    assert (code, output) == (0, "")
    assert "Left out: 1 grade between the best level and the worst.\n" in error
    rows = [json.loads(line) for line in (tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines()]
    assert error.startswith(f"{len(rows)} rows written to ")
    assert {row["label"] for row in rows} == {True, False}

    assert llm_grader("export", "--as", "arena") == (0, "", "")


def test_everything_as_json_lines_is_named_by_the_file_alone(llm_grader, tmp_path):
    file = tmp_path / "all.jsonl"

    llm_grader("export", "--what", "all", "-o", str(file))

    types = [json.loads(line)["type"] for line in file.read_text(encoding="utf-8").splitlines()]
    assert [types.count(name) for name in ("response", "grade", "import", "session")] == [30, 42, 1, 1]
