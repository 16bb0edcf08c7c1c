"""The demo has a database of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tui import paths
from tui.store.database import Store

from .every_command import COMMANDS

if TYPE_CHECKING:
    import click


def options(command: click.Command) -> set[str]:
    return {name for each in command.params for name in each.opts}


def answers_in(file) -> int:
    with Store.open(file, create=False) as store:
        return len(store.responses.all())


def test_demo_stands_wherever_a_database_can_be_named():
    without = [
        " ".join(names) for names, it in COMMANDS if "--db" in options(it) and "--demo" not in options(it)
    ]

    assert without == ["demo"]


def test_what_the_demo_stores_is_not_among_a_persons_grades(llm_grader):
    llm_grader("import", "report-2023", "--demo")

    assert answers_in(paths.database_file().with_name("demo.db")) == 30
    assert not paths.database_file().exists()
    assert "There is no database at" in llm_grader("export")[2]
    assert llm_grader("export", "--demo")[1].count("report-2023") > 30


def test_a_database_that_is_named_comes_before_that_of_the_demo(llm_grader, tmp_path):
    llm_grader("import", "report-2023", "--demo", "--db", str(tmp_path / "mine.db"))

    assert answers_in(tmp_path / "mine.db") == 30
    assert not paths.database_file(demo=True).exists()


def test_the_demos_database_lies_beside_the_usual_one_wherever_that_is(llm_grader, monkeypatch, tmp_path):
    monkeypatch.setenv("LLM_GRADER_DB", str(tmp_path / "course" / "grades.db"))

    llm_grader("import", "report-2023", "--demo")

    assert answers_in(tmp_path / "course" / "demo.db") == 30
    assert [each.name for each in (tmp_path / "course").glob("*.db")] == ["demo.db"]
    assert llm_grader("locate", "demo")[1] == f"{tmp_path / 'course' / 'demo.db'}\n"


def test_the_variable_names_the_usual_database(llm_grader, monkeypatch, tmp_path):
    monkeypatch.setenv("LLM_GRADER_DB", str(tmp_path / "course.db"))

    llm_grader("import", "report-2023")

    assert answers_in(tmp_path / "course.db") == 30


@pytest.mark.parametrize("command", [("demo",), ("--demo",)])
def test_the_app_of_the_demo_opens_it(llm_grader, monkeypatch, command):
    opened = {}
    monkeypatch.setattr("tui.cli.open_app.open_app", lambda **given: opened.update(given))

    llm_grader(*command)

    assert (opened["demo"], opened["db"]) == (True, None)
