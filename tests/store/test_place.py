from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from tui.errors import StoreBlockedError
from tui.store.database import Store

from . import make

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be taken away there")


def delete(path: Path) -> None:
    path.unlink()


def move(path: Path) -> None:
    path.rename(path.with_name("archived.db"))


def replace(path: Path) -> None:
    shutil.copyfile(path, path.with_name("other.db"))
    path.with_name("other.db").replace(path)


def delete_everything(path: Path) -> None:
    shutil.rmtree(path.parent)


def delete_newest_changes(path: Path) -> None:
    path.with_name(path.name + "-wal").unlink()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "grades.db"


@pytest.mark.parametrize("take_away", [delete, move, replace, delete_everything, delete_newest_changes])
def test_nothing_counts_as_saved_in_a_file_that_is_not_at_its_path(
    store: Store, path: Path, take_away: Callable[[Path], None]
) -> None:
    response = make.store_response(store)
    make.add(store, before := make.grade(response, "fail"))
    take_away(path)

    with pytest.raises(StoreBlockedError, match="moved, deleted or replaced") as refused:
        make.add(store, make.grade(response, "pass"))
    with pytest.raises(StoreBlockedError, match="moved, deleted or replaced"):
        make.store_response(store)

    assert store.judgements.events() == [before]
    copy = str(refused.value).split("--db ")[1].split(": all")[0]
    with Store.open(path.parent / copy, create=False) as rescued:
        assert rescued.judgements.events() == [before]
        assert rescued.responses.all() == [response]
    assert os.stat(copy).st_mode & 0o077 == 0  # noqa: PTH116
    assert copy in store.parting_word()


def test_a_file_that_is_put_back_is_written_again(store: Store, path: Path) -> None:
    response = make.store_response(store)
    elsewhere = path.with_name("archived.db")
    path.rename(elsewhere)
    with pytest.raises(StoreBlockedError):
        make.add(store, make.grade(response))
    elsewhere.rename(path)

    make.add(store, again := make.grade(response))

    assert make.current(store, response.id) == again
    assert store.parting_word() == ""


def test_nothing_counts_as_saved_in_a_file_that_was_emptied(tmp_path: Path) -> None:
    """By `> grades.db`, say: it is the same file at the same place."""
    path = tmp_path / "grades.db"
    with Store.open(path) as store:
        response = make.store_response(store, text="x" * 100_000)
    content = path.read_bytes()
    with Store.open(path) as store:
        make.add(store, before := make.grade(response))  # what SQLite has read it does not read again
        os.truncate(path, 0)
        with pytest.raises(StoreBlockedError, match="was emptied while it was open") as refused:
            make.add(store, make.grade(response))
        assert "--db" not in str(refused.value)  # what is left of it is no copy of all that was saved
        assert "was emptied" in store.parting_word()

        path.write_bytes(content)
        make.add(store, made := make.grade(response))
        assert store.judgements.events() == [before, made]


def test_a_link_may_stand_for_the_file(tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "real.db")
    with Store.open(link) as store:
        response = make.store_response(store)
        (tmp_path / "real.db").rename(tmp_path / "away.db")
        with pytest.raises(StoreBlockedError, match=r"real\.db was moved"):
            make.add(store, make.grade(response))


def test_many_processes_at_one_file_do_not_move_it(store: Store, path: Path) -> None:
    response = make.store_response(store)
    for _ in range(3):
        with Store.open(path) as other:
            make.add(other, make.grade(response))
        make.add(store, make.grade(response))
    assert len(store.judgements.events()) == 6
