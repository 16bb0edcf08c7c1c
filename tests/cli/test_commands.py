from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from making import runnable_models, task
from tasks_in_toml import PROMPT, TASK

import tui.engines.llama.engine
from tui import paths
from tui.catalogue.catalogue import load_catalogue
from tui.catalogue.item import items_of
from tui.catalogue.own_prompt import levels_of_lines
from tui.config import load_config
from tui.engines.scripted import Script, ScriptedEngine
from tui.generation.batch import Batch
from tui.generation.plan import plan
from tui.grading.decisions import Grade, Note
from tui.grading.judge import Judge
from tui.store.database import Store

ODD = '=1+1, "quoted"\r\n你好 👩‍👩‍👧 é [/INST]'


@pytest.fixture
async def graded(tmp_path):
    """The person's database with two graded answers of odd text."""

    class Quiet:
        def __getattr__(self, name):
            return lambda *_: None

    code = task("code", 1)
    planned = list(plan(runnable_models(tmp_path, 2), items_of(code)[:1]))
    with Store.open(paths.database_file()) as store:
        await Batch(planned, store=store, engine=ScriptedEngine(lambda _: [ODD])).run(Quiet())
        judge = Judge(store, "mei")
        for response in store.responses.all():
            judge.decide(response, items_of(code)[0], Grade(code.levels[2]))
            judge.decide(response, items_of(code)[0], Note("=note"))
    return paths.database_file()


def test_help_names_every_command_and_imports_no_front_and_no_engine():
    code = (
        "import sys; sys.argv = ['llm-grader', '--help']\n"
        "from tui.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = ('textual', 'llama_cpp', 'rich', 'msgspec', 'sqlite_utils', 'httpx2')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for command in ("demo", "export", "locate", "models", "prompts", "pull", "run"):
        assert f"\n  {command} " in done.stdout
    assert done.stdout.endswith("[]\n")


def test_version(llm_grader):
    code, output, _ = llm_grader("--version")
    assert code == 0
    assert output.startswith("llm-grader ")


def test_without_a_terminal_the_app_refuses_with_one_line(llm_grader):
    code, output, error = llm_grader()
    assert (code, output) == (1, "")
    assert error.count("\n") == 1
    assert "needs a terminal" in error


@pytest.mark.skipif(sys.platform == "win32", reason="Textual draws on standard output there")
def test_the_app_refuses_when_it_cannot_draw_on_standard_error(llm_grader, monkeypatch):
    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    code, output, error = llm_grader()
    assert (code, output) == (1, "")
    assert error.count("\n") == 1
    assert "standard error" in error


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("command", ["--help", "models", "prompts", "export"])
def test_a_full_disk_is_said_in_a_line(graded, command):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "tui", command], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 1
    told = "the output cannot be written: the disk is full: make room and start it again"
    assert done.stderr == f"llm-grader: {told}\n"


@pytest.mark.parametrize("command", ["models", "prompts", "export"])
def test_a_reader_that_goes_away_needs_no_word(graded, command):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "tui", command], stdout=closed, stderr=subprocess.PIPE, text=True
        )
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["nosuch"], "No such command 'nosuch'"),
        (["modles"], "No such command 'modles'. Did you mean 'models'?"),
        (["p"], "No such command 'p'. (Did you mean one of: 'prompts', 'pull'?)"),
        (["con"], "No such command 'con'. Did you mean 'convert'?"),
        (["models", "verfy"], "No such command 'verfy'. Did you mean 'verify'?"),
        (["run", "--shufle"], "No such option '--shufle'. Did you mean '--shuffle-models'?"),
        (["--db", "x", "run"], "--db goes after the command"),
        (["run", "-m", "falcon-7b"], "falcon-7b-instruct"),
        (["run", "-t", "nosuch"], 'there is no task "nosuch"'),
        (["run", "-p", "code-generation"], "name it by task and number"),
        (["run", "--template", __file__], "--template is for a GGUF file named with -m"),
        (["run", "--seed", "-1"], "0<=x<=4000000000"),
        (["run", "--seed", "4294967295"], "0<=x<=4000000000"),
    ],
)
def test_usage_mistakes_are_said_in_a_line_with_exit_code_2(llm_grader, arguments, expected):
    code, output, error = llm_grader(*arguments)
    assert code == 2
    assert output == ""
    assert expected in error


def test_a_model_that_is_not_here_is_one_line_and_exit_code_1(llm_grader):
    code, _, error = llm_grader("run", "-m", "/no/such.gguf")
    assert code == 1
    assert error == "llm-grader: such: no such file: /no/such.gguf\n"


def test_a_mistake_in_the_configuration_names_file_and_key(llm_grader):
    paths.config_dir().mkdir(parents=True)
    paths.config_file().write_text("gpu_layer = 3\n")
    code, _, error = llm_grader("run", "--demo")
    assert code == 1
    assert "config.toml" in error
    assert 'did you mean "gpu_layers"' in error


def test_a_binding_that_there_is_not_is_named_with_the_nearest(llm_grader, monkeypatch):
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    paths.config_dir().mkdir(parents=True)
    paths.config_file().write_text('[keys]\nundo = "x"\ngrade-1 = "f"\nskipp = "s"\n')
    code, _, error = llm_grader("demo")
    assert code == 1
    assert 'keys: unknown key "skipp", did you mean "skip"' in error


def test_a_level_must_not_take_a_key_of_the_app(llm_grader, monkeypatch, tmp_path):
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    (tmp_path / "sums.toml").write_text((TASK + PROMPT).replace('key = "p"', 'key = "q"'))
    code, _, error = llm_grader("demo", "--prompts-dir", str(tmp_path))
    assert code == 1
    assert 'the level "pass" of the task "sums" has the key "q", which is "quit" here' in error


def test_prompts_lists_the_nine_prompts_of_the_report(llm_grader):
    code, output, _ = llm_grader("prompts")
    assert code == 0
    assert sum(line.startswith("  ") for line in output.splitlines()) == 9
    code, output, _ = llm_grader("prompts", "code-generation/2")
    assert "prints the numbers from 1 to 100" in output
    assert "3 pass" in output


def test_models_says_what_is_here_and_what_is_missing(llm_grader, tmp_path):
    file = tmp_path / "my.toml"
    (tmp_path / "here.gguf").write_bytes(b"GGUF" * 1000)
    file.write_text(
        '[[models]]\nname = "mine"\ntitle = "Mine"\nlicence = "MIT"\n[[models.sources]]\npath = "here.gguf"\n'
    )
    code, output, _ = llm_grader("models", "--models-file", str(file))
    assert code == 0
    mine = next(line for line in output.splitlines() if line.startswith("mine"))
    assert "unverified" in mine
    assert "fits" in mine
    assert "non-commercial" in output
    code, output, _ = llm_grader("models", "--models-file", str(file), "--json")
    rows = {row["name"]: row for row in map(json.loads, output.splitlines())}
    assert (rows["mine"]["state"], rows["mine"]["bytes"]) == ("unverified", 4000)
    assert rows["falcon-40b-instruct"]["state"] == "absent"


def test_locate_says_where_things_are(llm_grader):
    code, output, _ = llm_grader("locate", "database")
    assert (code, output) == (0, f"{paths.database_file()}\n")


@pytest.mark.skipif(sys.platform == "win32", reason="of such a name Windows says that it is not there")
def test_of_a_place_that_cannot_be_looked_up_nothing_is_said_to_be_absent(llm_grader, monkeypatch, tmp_path):
    monkeypatch.setenv("LLM_GRADER_MODELS_DIR", str(tmp_path / ("x" * 256)))
    code, output, _ = llm_grader("locate")
    told = dict(line.split(maxsplit=1) for line in output.splitlines())
    assert code == 0
    assert told["database"].endswith("grades.db  (not there yet)")
    assert told["models"].endswith("x  (cannot be looked up: the name is too long: choose a shorter one)")
    for command in ("models", "models verify"):
        code, output, error = llm_grader(*command.split())
        assert (code, "pull MODEL" in output) == (command == "models verify", False)
        line = (
            "mpt-7b-chat: mpt-7b-chat.Q4_K.gguf of mav23/mpt-7b-chat-GGUF cannot be looked up: the name is "
        )
        assert line in output + error
    for command in ("models", "models verify"):
        code, output, error = llm_grader(*command.split())
        assert (code, "pull MODEL" in output) == (command == "models verify", False)
        assert (
            "mpt-7b-chat: mpt-7b-chat.Q4_K.gguf of mav23/mpt-7b-chat-GGUF cannot be looked up"
            in output + error
        )


async def test_exported_grades_read_back_with_the_same_text(llm_grader, graded):
    code, output, _ = llm_grader("export")
    rows = list(csv.DictReader(io.StringIO(output, newline="")))
    assert code == 0
    assert {row["response"] for row in rows} == {ODD}
    in_force = [(row["kind"], row["label"], row["note"]) for row in rows if row["in_force"] == "1"]
    assert in_force == [("grade", "pass", "=note")] * 2


async def test_export_for_excel_has_no_formula(llm_grader, graded, tmp_path):
    code, _, error = llm_grader("export", "--excel", "-o", str(tmp_path / "grades.csv"))
    text = (tmp_path / "grades.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert code == 0
    assert "rows written" in error
    assert all(row["response"].startswith("'=1+1") for row in rows)


async def test_export_does_not_overwrite_without_force(llm_grader, graded, tmp_path):
    target = tmp_path / "grades.csv"
    target.write_text("precious")
    code, _, error = llm_grader("export", "-o", str(target))
    assert code == 1
    assert "--force" in error
    assert target.read_text() == "precious"
    assert llm_grader("export", "-o", str(target), "--force")[0] == 0
    assert target.read_text().startswith("id,")


async def test_jsonl_holds_everything(llm_grader, graded):
    code, output, _ = llm_grader("export", "--what", "all", "--format", "jsonl")
    types = {json.loads(line)["type"] for line in output.splitlines()}
    assert code == 0
    assert {"response", "grade", "model", "item", "weights", "rubric", "run", "grader", "session"} <= types


@pytest.fixture
def scripted(monkeypatch):
    """`run` gets these answers instead of llama.cpp's."""

    def use(answers):
        monkeypatch.setattr(tui.engines.llama.engine, "LlamaEngine", lambda *_, **__: ScriptedEngine(answers))

    return use


def test_run_prints_failed_responses_as_json_too(llm_grader, scripted, tmp_path):
    (tmp_path / "mine.gguf").write_bytes(b"GGUF")
    arguments = ["run", "-m", str(tmp_path / "mine.gguf"), "-t", "code-generation", "--json"]
    scripted(lambda _: Script(("half",), error="killed"))
    code, output, error = llm_grader(*arguments)
    rows = [json.loads(line) for line in output.splitlines()]
    assert code == 1
    assert {(row["finish_reason"], row["text"], row["error"]) for row in rows} == {
        ("failed", "half", "killed")
    }
    assert error.count("failed: killed") == len(rows) > 1


def test_run_ends_with_what_is_next_and_how_many_answers_wait(llm_grader, scripted, tmp_path):
    (tmp_path / "mine.gguf").write_bytes(b"GGUF")
    arguments = ["run", "-m", str(tmp_path / "mine.gguf"), "-t", "code-generation"]
    scripted(lambda _: ["whole"])
    assert llm_grader(*arguments)[2].endswith("3 answers wait to be graded: llm-grader grade\n")
    assert "wait" not in llm_grader(*arguments)[2]

    item = load_catalogue().item("code-generation/1")
    with Store.open(paths.database_file()) as store:
        judge = Judge(store, load_config().grader)
        judge.decide(store.responses.all()[0], item, Grade(item.rubric.levels[0]))
    file = paths.database_file()
    error = llm_grader(*arguments, "--samples", "2", "--db", str(file))[2]
    assert error.endswith(f"5 answers wait to be graded: llm-grader grade --db {file}\n")


def test_run_says_nothing_is_next_where_nothing_was_written(llm_grader, scripted, tmp_path):
    (tmp_path / "mine.gguf").write_bytes(b"GGUF")
    scripted(lambda _: Script(("half",), error="killed"))
    assert "wait" not in llm_grader("run", "-m", str(tmp_path / "mine.gguf"), "-t", "code-generation")[2]


def test_export_without_a_database_says_so(llm_grader):
    code, output, error = llm_grader("export")
    assert (code, output) == (1, "")
    assert "There is no database" in error


def test_a_prompt_written_in_the_app_is_listed_shown_and_run(llm_grader):
    code, _, error = llm_grader("run", "--demo", "-p", "own/1")
    assert code == 2
    assert "no prompt was written in the app yet" in error
    assert not paths.database_file(demo=True).exists()
    with Store.open(paths.database_file(demo=True)) as store:
        store.own_items.add(
            "A fruit",
            "Name one of these.",
            input_="An apple, a stone.",
            levels=levels_of_lines("no: x\nyes: apple"),
        )
    assert "own/1  A fruit" in llm_grader("prompts", "--demo")[1]
    shown = llm_grader("prompts", "own/1", "--demo")[1].splitlines()
    assert shown[2:] == ["Name one of these.", "", "An apple, a stone.", "", "1 no: x", "2 yes: apple"]
    assert "own/1" not in llm_grader("prompts")[1]
    code, output, error = llm_grader("run", "--demo", "-m", "smollm2-greedy", "-p", "own/1", "--json")
    assert code == 0, error
    assert [json.loads(line)["task"] for line in output.splitlines()] == ["own"]
