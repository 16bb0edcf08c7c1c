"""A seal on the command line: made with `export --seal`, compared with `verify-seal`."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from tui import paths
from tui.store.database import Store

WHOLE = """rubrics: 9 as sealed
items: 9 as sealed
responses: 30 as sealed
judgements: 42 as sealed
sessions: 1 as sealed
"""


@pytest.fixture
def seal(llm_grader, tmp_path):
    assert llm_grader("import", "report-2023")[0] == 0
    code, output, error = llm_grader("export", "--seal", "-o", str(tmp_path / "seal.json"))
    assert (code, output) == (0, "")
    made = json.loads((tmp_path / "seal.json").read_text(encoding="utf-8"))
    assert error.startswith(f"The seal {made['sha256']} written to ")
    return tmp_path / "seal.json"


def test_a_seal_that_holds_is_a_line_for_each_part_and_exit_code_0(llm_grader, seal):
    code, output, error = llm_grader("verify-seal", str(seal))

    assert (code, output) == (0, WHOLE)
    made = json.loads(seal.read_text(encoding="utf-8"))
    assert error == f"Whole: {made['sha256']}, sealed at {made['made_at']}.\n"


def test_what_was_changed_or_is_missing_is_named_and_exit_code_1(llm_grader, seal):
    with closing(sqlite3.connect(paths.database_file())) as database, database:
        for name in ("responses_refuse_update", "judgements_refuse_delete"):
            database.execute(f"DROP TRIGGER {name}")
        (changed,) = database.execute("SELECT min(id) FROM responses").fetchone()
        database.execute("UPDATE responses SET text = 'another' WHERE id = ?", (changed,))
        database.execute("DELETE FROM judgements WHERE id IN (SELECT id FROM judgements ORDER BY id LIMIT 7)")

    code, output, error = llm_grader("verify-seal", str(seal))

    assert code == 1
    assert error == f"llm-grader: {paths.database_file()} is not what was sealed: responses, judgements.\n"
    lines = dict(line.split(": ", 1) for line in output.splitlines())
    assert lines["responses"] == f"29 of 30 as sealed; changed: {changed}"
    assert lines["judgements"].startswith("35 of 42 as sealed; missing, by the sha256 of their ids: ")
    assert lines["judgements"].endswith(" and 2 more")
    assert lines["items"] == "9 as sealed"


def test_what_came_later_is_counted_and_an_earlier_place_is_named(llm_grader, seal):
    with closing(sqlite3.connect(paths.database_file())) as database, database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(judgements)")]
        (note,) = database.execute("SELECT max(id) FROM judgements WHERE kind = 'note'").fetchone()
        for number, seq in enumerate((1, 10_000)):
            new = f"'01990000-0000-7000-8000-00000000000{number}'"
            copied = ", ".join({"id": new, "seq": str(seq)}.get(name, name) for name in columns)
            database.execute(f"INSERT INTO judgements SELECT {copied} FROM judgements WHERE id = ?", (note,))

    code, output, _ = llm_grader("verify-seal", str(seal))

    assert code == 0
    assert (
        "judgements: 42 as sealed; 2 came later; placed before its end, as by a merge:"
        " 01990000-0000-7000-8000-000000000000\n"
    ) in output


def test_another_database_is_compared_with_demo_or_db(llm_grader, seal, tmp_path):
    llm_grader("import", "report-2023", "--demo")

    assert llm_grader("verify-seal", str(seal), "--demo")[:2] == (0, WHOLE)
    code, _, error = llm_grader("verify-seal", str(seal), "--db", str(tmp_path / "nosuch.db"))
    assert code == 1
    assert "There is no database at" in error


@pytest.mark.parametrize("text", ["", "{}", "[" * 5000, '{"llm_grader_seal": 1}', "\x00", '"\ud83e"', "no"])
def test_what_is_no_seal_is_said_in_a_line(llm_grader, seal, tmp_path, text):
    (tmp_path / "other.json").write_text(text, encoding="utf-8", errors="surrogatepass")

    code, output, error = llm_grader("verify-seal", str(tmp_path / "other.json"))

    assert (code, output) == (2, "")
    assert "is no seal of llm-grader export --seal" in error
    assert error.count("\n") == 1


def test_a_seal_that_is_not_there_or_exists_already_is_said_in_a_line(llm_grader, seal, tmp_path):
    assert llm_grader("verify-seal", str(tmp_path))[0] == 1
    assert "there is no such file" in llm_grader("verify-seal", str(tmp_path / "nosuch"))[2]
    assert "--force" in llm_grader("export", "--seal", "-o", str(seal))[2]


def test_a_blind_session_hides_which_answers_were_changed(llm_grader, seal):
    with Store.open(paths.database_file()) as store:
        store.graders.found_or_added("mei")
        store.sessions.begin("mei", mode="grade", app_version="0.1.0", seed=1, blind=True)
    with closing(sqlite3.connect(paths.database_file())) as database, database:
        database.execute("DROP TRIGGER responses_refuse_update")
        (changed,) = database.execute("SELECT min(id) FROM responses").fetchone()
        database.execute("UPDATE responses SET text = 'another' WHERE id = ?", (changed,))

    code, output, error = llm_grader("verify-seal", str(seal))

    assert code == 1
    assert "changed: 1 (which ones is told after the reveal)" in output
    assert changed not in output + error
