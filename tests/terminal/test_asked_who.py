"""Questions about graders, asked in a terminal before anything takes it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tui.store.database import Store
from tui.store.exchange.importing import import_built_in
from tui.store.ids import new_id, now

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from terminal.terminal import Terminal


@pytest.fixture
def databases(tmp_path: Path) -> tuple[Path, Path]:
    paths = tmp_path / "here.db", tmp_path / "there.db"
    for path, name in zip(paths, ("Mei", "mei"), strict=True):
        with Store.open(path) as store:
            import_built_in(store, "report-2023", app_version="0.1.0")
            store.sessions.begin(name, mode="grade", app_version="0.1.0")
    return paths


def test_a_merge_asks_and_does_as_it_was_told(
    terminal: Callable[..., Terminal], databases: tuple[Path, Path]
) -> None:
    here, there = databases
    asking = terminal(sys.executable, "-m", "tui", "merge", there, "--db", here)
    asking.shows('Is "mei" there the "Mei" here? [y/n]')
    asking.press("y\r")

    assert asking.ends() == 0
    with Store.open(here) as store:
        assert len(list(store.query("SELECT * FROM grader_aliases"))) == 1


def test_left_at_the_question_nothing_is_merged(
    terminal: Callable[..., Terminal], databases: tuple[Path, Path]
) -> None:
    here, there = databases
    before = here.read_bytes()
    asking = terminal(sys.executable, "-m", "tui", "merge", there, "--db", here)
    asking.shows("[y/n]")
    asking.press("\x03")

    assert asking.ends() == 130
    assert here.read_bytes() == before


@pytest.mark.parametrize("command", [("grade", "--plain"), ("grade",), ()])
def test_who_grades_is_asked_first(
    terminal: Callable[..., Terminal], databases: tuple[Path, Path], command: tuple[str, ...]
) -> None:
    here, _ = databases
    asking = terminal(sys.executable, "-m", "tui", *command, "--grader", "Meii", "--db", here)
    asking.shows('You may mean "Mei": are you the same? [y/n]')
    asking.press("y\r")

    asking.until(lambda: "grader: Mei" in asking.text or b"grader: Mei\r\n" in asking.raw)


def test_of_two_of_one_name_the_app_asks_which(
    terminal: Callable[..., Terminal], databases: tuple[Path, Path]
) -> None:
    here, _ = databases
    with Store.open(here) as store, store.transaction():
        other = {"id": new_id(), "created_at": now(), "name": "MEI", "name_key": "mei", "kind": "person"}
        store.insert("graders", other)
    asking = terminal(sys.executable, "-m", "tui", "--grader", "Mei", "--db", here)
    asking.shows('Several graders are called "Mei"', "Which of them are you?")
    asking.press("2\r")

    asking.shows("grader: MEI")
