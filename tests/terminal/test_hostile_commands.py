from __future__ import annotations

import json
import sys

import pytest
from store import marks

from terminal.escapes import foreign, tokens
from terminal.hostile import ALIVE, LINE, MARKER, MARKUP, SEQUENCES, TEXT, storable
from tui.catalogue.loading import load_models
from tui.errors import ConfigError
from tui.store.database import Store


def toml(value):
    """A TOML string with every character in it escaped."""
    return '"' + "".join(f"\\U{ord(character):08x}" for character in storable(value)) + '"'


def harmless(raw):
    """Colours and our own clearing of a line are all that may come with the text."""
    left = [token for token in foreign(raw) if token.text not in ("\x1b[K", "\t")]
    assert left == []
    assert not [token for token in tokens(raw) if token.kind != "text" and MARKER in token.text]
    return True


def models_file(folder, line, text):
    (folder / "weights.gguf").write_bytes(b"GGUF and nothing else")
    file = folder / "models.toml"
    entry = """
[[models]]
name = "{name}"
title = {title}
licence = {licence}
note = {title}

[[models.sources]]
path = {path}
"""
    file.write_text(
        entry.format(
            name="here", title=toml(line), licence=toml(text), note=toml(text), path=toml("weights.gguf")
        )
        + entry.format(name="absent", title=toml(text), licence=toml(line), note="''", path=toml(f"x{line}")),
        "utf-8",
    )
    return file


def prompts_dir(folder, line, text):
    directory = folder / "prompts"
    directory.mkdir()
    (directory / "task.toml").write_text(
        f"""
name = "hostile"
title = {toml(line)}
description = {toml(text)}

[[levels]]
label = "fail"
key = "f"
value = 0.0
anchor = {toml(text)}

[[levels]]
label = "pass"
key = "p"
value = 1.0
anchor = {toml(line)}

[[prompts]]
number = 1
title = {toml(line)}
text = {toml(text)}
input = {toml(line)}
expected = {toml(text)}

[[prompts]]
number = 2
title = {toml(text)}
text = {toml("fail " + text)}
""",
        "utf-8",
    )
    return directory


@pytest.fixture
def shown(terminal):
    """Everything a command wrote to its terminal, and its exit code."""

    def run(*arguments, program=("-m", "tui")):
        started = terminal(sys.executable, *program, *arguments, size=(200, 50))
        code = started.ends()
        assert b"Traceback" not in started.raw
        return bytes(started.raw), code

    return run


def test_prompts_of_a_file_are_listed_and_shown_as_text_only(shown, tmp_path):
    folder = prompts_dir(tmp_path, LINE, TEXT)
    raw, code = shown("prompts", "--prompts-dir", folder)
    assert code == 0
    assert ALIVE.encode() in raw
    assert harmless(raw)
    raw, code = shown("prompts", "hostile/1", "--prompts-dir", folder)
    assert code == 0
    assert raw.count(ALIVE.encode()) >= 5
    assert harmless(raw)


def test_models_of_a_file_are_listed_as_text_only(shown, tmp_path):
    file = models_file(tmp_path, LINE, TEXT)
    raw, code = shown("models", "--models-file", file)
    assert code == 0
    assert b"[/INST]" in raw
    assert harmless(raw)
    raw, code = shown("models", "--models-file", file, "--json")
    assert code == 0
    assert harmless(raw)
    here = next(row for row in map(json.loads, raw.decode().splitlines()) if row["name"] == "here")
    assert (here["title"], here["licence"]) == (storable(LINE), storable(TEXT))


@pytest.mark.parametrize("value", [*SEQUENCES, *MARKUP], ids=ascii)
def test_mistakes_in_files_quote_as_text_only(tmp_path, value):
    line = toml(value)
    model = "[[models]]\nname = 'a'\ntitle = 'a'\nlicence = 'a'\n"
    files = {
        "key.toml": f"{line} = 1",
        "name.toml": model.replace("'a'", line),
        "value.toml": f"{model}sampling = {{ top_k = {line} }}",
        "raw.toml": storable(value),
        "template.toml": f"{model}template = {toml('{{ ' + value)}",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content, "utf-8", newline="")
        with pytest.raises(ConfigError) as raised:
            load_models(tmp_path / name)
        assert harmless(str(raised.value).encode())


def test_files_with_hostile_names_are_named_as_text_only(shown, tmp_path):
    file = tmp_path / f"x{SEQUENCES[4]}{SEQUENCES[15]}.toml".replace("/", "")
    file.write_text("models = 1", "utf-8")
    raw, code = shown("models", "--models-file", file)
    assert code == 1
    assert harmless(raw)
    raw, code = shown("export", "--db", file.with_suffix(".db"))
    assert code == 1
    assert harmless(raw)
    raw, code = shown("run", "-m", file.with_suffix(".gguf"), "--prompts-dir", file)
    assert code
    assert harmless(raw)


def test_run_and_export_tell_of_answers_as_text_only(shown, tmp_path):
    answer = tmp_path / "answer.txt"
    answer.write_text(storable(TEXT), "utf-8", newline="")
    common = ("--db", tmp_path / "grades.db")
    files = ("--models-file", models_file(tmp_path, LINE, TEXT))
    files += ("--prompts-dir", prompts_dir(tmp_path, LINE, TEXT), "-m", "here", "-t", "hostile", *common)
    program = ("-m", "terminal.hosted_run", answer)
    raw, code = shown("run", *files, program=program)
    assert code == 1  # one of the two prompts fails
    assert b"here hostile/1: stop" in raw
    assert b"here hostile/2: failed" in raw
    assert harmless(raw)
    raw, code = shown("run", *files, "--samples", "2", "--json", program=program)
    assert harmless(raw)
    with Store.open(tmp_path / "grades.db") as store:
        texts = [response.text for response in store.responses.all() if response.finish_reason == "stop"]
    assert texts == [storable(TEXT)] * 2
    raw, code = shown("export", "--what", "responses", *common)
    assert code == 0
    assert not [token for token in foreign(raw) if token.kind != "text" and token.text != "\t"]
    raw, code = shown("export", "--what", "all", "--format", "jsonl", *common)
    assert code == 0
    assert harmless(raw)


def test_results_tell_of_models_and_graders_as_text_only(shown, tmp_path):
    line = storable(LINE)
    names = [line, *(storable(each) for each in MARKUP)]
    with Store.open(tmp_path / "grades.db") as store:
        for grader in (f"mei {line}", f"ada {line}"):
            marks.graded(store, dict.fromkeys(names, "pf"), grader=grader)
    common = ("results", "--db", tmp_path / "grades.db")
    for options in ((), ("--measure", "mean"), ("--json",), ("--compare", "[bold]", "[/INST]")):
        raw, code = shown(*common, *options)
        assert code == 0
        assert b"[/INST]" in raw
        assert harmless(raw)
    unknown = line.replace("\0", "")
    raw, code = shown(*common, "-m", unknown)
    assert code == 2
    assert harmless(raw)
