"""`llm-grader merge`, and who is meant where two graders have one name, or nearly."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from typing import TYPE_CHECKING

import pytest
from store import make

from tui.cli.who import who
from tui.store.database import Store
from tui.store.exchange.importing import import_built_in
from tui.store.graders import same_graders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

QUESTION = 'Is "mei" there the "Mei" here? [y/n]'


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """A terminal at which these lines are typed."""
    streams = []

    def write(*lines: str) -> None:
        reading, writing = os.pipe()
        with open(writing, "w") as pipe:  # noqa: PTH123
            pipe.write("".join(f"{line}\n" for line in lines))
        streams.append(open(reading))  # noqa: PTH123, SIM115
        monkeypatch.setattr(sys, "stdin", streams[-1])
        monkeypatch.setattr("tui.cli.who.can_be_asked", lambda: True)

    yield write
    for stream in streams:
        stream.close()


def graded(path: Path, *graders: str) -> Path:
    """With the answers of the report, of which each grader has judged one."""
    with Store.open(path) as store:
        import_built_in(store, "report-2023", app_version="0.1.0")
        response = store.responses.all()[0]
        for grader in graders:
            begun = store.sessions.begin(grader, mode="grade", app_version="0.1.0")
            store.judgements.add(make.grade(response, session_id=begun.id, grader_id=begun.grader_id))
    return path


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return graded(tmp_path / "here.db", "Mei")


@pytest.fixture
def there(tmp_path: Path) -> Path:
    return graded(tmp_path / "there.db", "mei", "Ada")


@pytest.fixture
def merge(llm_grader, here: Path, there: Path) -> Callable[..., tuple[int, str]]:
    def run(*options: str) -> tuple[int, str]:
        code, output, error = llm_grader("merge", str(there), "--db", str(here), *options)
        assert output == ""
        return code, error

    return run


def persons(path: Path) -> int:
    with Store.open(path) as store:
        (row,) = store.query(
            "SELECT count(DISTINCT person_id) AS persons FROM tidy_judgements WHERE run_id IS NULL"
        )
        return row["persons"] - 1  # without the report


def test_without_a_terminal_a_flag_is_asked_for_and_nothing_is_merged(merge, here: Path, there: Path) -> None:
    before = here.read_bytes(), there.read_bytes()

    code, error = merge()

    assert code == 2
    assert error.startswith('llm-grader: there is a grader "mei" in both databases: say with --same-graders ')
    assert error.count("\n") == 1
    assert (here.read_bytes(), there.read_bytes()) == before


@pytest.mark.parametrize(("flag", "expected"), [("--same-graders", 2), ("--other-graders", 3)])
def test_a_flag_decides_it(merge, here: Path, flag: str, expected: int) -> None:
    code, error = merge(flag)

    assert code == 0
    assert error.splitlines()[-1] == f"Added to {here}: 2 judgements, 2 sessions, 2 graders."
    assert persons(here) == expected
    assert merge() == (0, merge()[1])
    assert merge()[1].endswith("already: nothing was added.\n")


@pytest.mark.parametrize(("answer", "expected"), [("y", 2), ("n", 3)])
def test_in_a_terminal_it_is_asked_once(merge, typed, here: Path, answer: str, expected: int) -> None:
    typed(answer)
    code, error = merge()

    assert code == 0
    assert error.count(QUESTION) == 1
    assert "1 judgement." in error
    assert persons(here) == expected
    code, error = merge()
    assert (code, QUESTION in error) == (0, False)


def test_what_was_said_to_be_others_can_be_said_to_be_one_later(merge, here: Path, there: Path) -> None:
    merge("--other-graders")
    code, error = merge("--same-graders")

    assert code == 0
    assert error.startswith('"mei" there and "Mei" here are one grader now.\n')
    assert persons(here) == 2


def test_both_ways_agree_on_who_is_who(merge, llm_grader, here: Path, there: Path, tmp_path: Path) -> None:
    back = shutil.copy(here, tmp_path / "back.db")
    merge("--same-graders")
    llm_grader("merge", str(back), "--db", str(there), "--same-graders")

    exports = [
        llm_grader("export", "--what", "all", "--format", "jsonl", "--db", str(path))[1]
        for path in (here, there)
    ]

    assert exports[0] == exports[1]
    with Store.open(here) as store:
        mei = store.graders.find("MEI")
        assert mei is not None
        assert len(same_graders(store, mei.id)) == 2


def test_a_database_and_itself_are_one(llm_grader, here: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(here)
    before = here.read_bytes()

    for path in (here, link):
        code, _, error = llm_grader("merge", str(path), "--db", str(here))
        assert (code, error) == (0, f"{path} is this database itself: there is nothing to merge.\n")
    assert here.read_bytes() == before


def test_into_a_database_that_is_not_there_yet(llm_grader, there: Path, tmp_path: Path) -> None:
    code, _, error = llm_grader("merge", str(there), "--db", str(tmp_path / "new.db"))

    assert code == 0
    assert "30 answers, 44 judgements, 3 sessions, 3 graders, " in error
    assert error.endswith(" that these refer to.\n")


@pytest.mark.parametrize("kind", ["none", "text", "empty", "other", "earlier", "folder", "pipe"])
def test_what_is_no_database_of_ours_is_one_line_and_makes_none(
    llm_grader, tmp_path: Path, kind: str
) -> None:
    path, new = tmp_path / "it.db", tmp_path / "new.db"
    match kind:
        case "text":
            path.write_text("# notes\n" * 200)
        case "empty":
            path.touch()
        case "other" | "earlier":
            connection = sqlite3.connect(path)
            connection.execute("CREATE TABLE recipes (name TEXT)")
            if kind == "earlier":
                connection.execute(f"PRAGMA application_id = {0x4C4C4D47}")
            connection.close()
        case "folder":
            path.mkdir()
        case "pipe" if sys.platform != "win32":
            os.mkfifo(path)

    code, output, error = llm_grader("merge", str(path), "--db", str(new))

    assert (code, output, error.count("\n")) == (1, "", 1)
    assert str(path) in error
    assert not new.exists()


def test_of_two_graders_of_one_name_one_is_chosen_by_id(merge, llm_grader, typed, here: Path) -> None:
    merge("--other-graders")
    options = ("grade", "--plain", "--grader", "Mei", "--db", str(here))
    code, _, error = llm_grader(*options)
    assert code == 2
    assert error.startswith('llm-grader: several graders are called "Mei": say which by --grader ID, one of ')
    with Store.open(here) as store:
        ids = [row["id"] for row in store.query("SELECT id FROM graders WHERE name_key = 'mei' ORDER BY id")]
    assert all(f"{id_[:13]} (since 2" in error for id_ in ids)

    for id_ in ids:
        exported = llm_grader("export", "--grader", id_[:13], "--db", str(here))[1]
        assert exported.count("\n") == 2


def test_of_two_graders_of_one_name_a_person_says_which(merge, typed, here: Path) -> None:
    merge("--other-graders")
    with Store.open(here) as store:
        ids = [row["id"] for row in store.query("SELECT id FROM graders WHERE name_key = 'mei' ORDER BY id")]
        for number, id_ in enumerate(ids, 1):
            typed(str(number))
            assert who(store, "MEI").key == who(store, id_[:13]).key == id_
            assert store.sessions.begin(id_, mode="grade", app_version="0.1.0").grader_id == id_


NEAR = ["Mey", "me i", "Meii", "ei", "Mie", "\uff2dei"]
OTHERS = ["MEI", "Ada", "Mei2", "report-2023", "M", "Meier"]


@pytest.mark.parametrize("answer", ["y", "n"])
@pytest.mark.parametrize("name", NEAR)
def test_a_name_that_is_nearly_one_is_asked_about(typed, capfd, here: Path, name: str, answer: str) -> None:
    typed(answer)
    with Store.open(here) as store:
        assert who(store, name, typed=True).name == ("Mei" if answer == "y" else name)

    assert 'You may mean "Mei": are you the same? [y/n]' in capfd.readouterr().err


@pytest.mark.parametrize("name", OTHERS)
def test_any_other_name_is_taken_as_it_is(typed, capfd, here: Path, name: str) -> None:
    typed()
    with Store.open(here) as store:
        assert who(store, name, typed=True) == (name, name)

    assert capfd.readouterr().err == ""


def test_without_a_terminal_a_name_that_is_nearly_one_is_told(llm_grader, here: Path, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", open(os.devnull))  # noqa: PTH123, SIM115
    code, output, error = llm_grader("grade", "--plain", "--grader", "Mey", "--db", str(here))

    assert code == 0
    assert '"Mey" is new here; if you are "Mei", say so with --grader.\n' in error
    assert "grader: Mey" in output
