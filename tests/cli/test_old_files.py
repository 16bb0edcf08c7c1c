"""Files from before May 2024 do not say how their text is split: never silently run without being told."""

from __future__ import annotations

import json

import pytest
from tiny_gguf import write_tiny

from tui import paths
from tui.store.database import Store

WARNING = "the file does not say how its text is split into tokens"
PROMPTS = """\
name = "mine"
title = "Own"
[[levels]]
label = "fail"
key = "f"
value = 0.0
anchor = "wrong"
[[levels]]
label = "pass"
key = "p"
value = 1.0
anchor = "right"
[[prompts]]
number = 1
title = "one"
text = "Say 12345"
[[prompts]]
number = 2
title = "two"
text = "Say 54321"
"""


@pytest.fixture
def old(tmp_path):
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "mine.toml").write_text(PROMPTS)
    return write_tiny(tmp_path / "old.gguf", "gptneox", pre=None)


def answered(llm_grader, *options):
    code, output, error = llm_grader("run", "-t", "mine", "--json", *options)
    assert code == 0, error
    return [json.loads(line) for line in output.splitlines()], error


def test_a_person_who_runs_one_is_told_once_and_the_answers_keep_it(llm_grader, old, tmp_path):
    records, error = answered(llm_grader, "-m", str(old), "--prompts-dir", str(tmp_path / "prompts"))
    assert error.count(WARNING) == 1
    assert f"old: warning: {WARNING}" in error
    assert [WARNING in record["warnings"] for record in records] == [True, True]
    _, csv, _ = llm_grader("export", "--what", "responses")
    assert csv.count(WARNING) == 2


def test_one_that_the_catalogue_knows_is_split_right_and_says_nothing(llm_grader, old, tmp_path):
    """The override counts as a setting: its answers are not taken for those of the degraded file."""
    entry = '[[models]]\nname = "{}"\ntitle = "Old"\nlicence = "MIT"\n[[models.sources]]\npath = "{}"\n{}'
    path = old.as_posix()
    (tmp_path / "my.toml").write_text(
        entry.format("bad", path, "") + entry.format("good", path, 'tokenizer_pre = "olmo"\n')
    )
    options = ("--models-file", str(tmp_path / "my.toml"), "--prompts-dir", str(tmp_path / "prompts"))
    bad, _ = answered(llm_grader, "-m", "bad", *options)
    good, error = answered(llm_grader, "-m", "good", *options)
    assert WARNING not in error
    assert [record["warnings"] for record in good] == ["", ""]
    assert good[0]["weights_sha256"] == bad[0]["weights_sha256"]
    assert good[0]["model_config_hash"] != bad[0]["model_config_hash"]
    with Store.open(paths.database_file()) as store:
        configs = {row["name"]: json.loads(row["config"]) for row in store.query("SELECT * FROM models")}
    assert configs["good"]["tokenizer_pre"] == "olmo"
    assert configs["bad"]["tokenizer_pre"] is None
