from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from tui import paths
from tui.store import rescue
from tui.store.database import Store

from . import make, processes

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "unsaved"


def kept() -> list[Path]:
    return list((paths.state_dir() / FOLDER).glob("*"))


def test_what_could_not_be_saved_is_in_the_database_after_the_next_start(path: Path) -> None:
    Store.open(path).close()
    recorded = [make.recorded(make.response(make.new_id(), sample=number)) for number in (1, 2)]
    rescue.keep(recorded, path)

    with Store.open(path) as store:
        assert store.responses.all() == [each.response for each in recorded]
        assert store.remarks.take() == ["Answers kept when they could not be saved are in now: 2."]
    assert kept() == []
    with Store.open(path) as store:
        assert len(store.responses.all()) == 2
        assert store.remarks.take() == []


def test_what_is_there_already_is_not_taken_in_again(store: Store, path: Path) -> None:
    response = make.store_response(store)
    rescue.keep([make.recorded(response)], path)

    with Store.open(path) as again:
        assert again.responses.all() == [response]
    assert kept() == []


def test_it_waits_for_its_own_database(path: Path, tmp_path: Path) -> None:
    rescue.keep([make.recorded(make.response(make.new_id()))], path)

    with Store.open(tmp_path / "another.db") as another:
        assert another.responses.all() == []
    assert len(kept()) == 1


def test_it_stays_where_the_database_is_locked_or_refuses_it(store: Store, path: Path) -> None:
    rescue.keep([make.recorded(make.response(make.new_id(), finish_reason="stop"))], path)
    holder, here = processes.start(processes.hold_write_lock, path)
    here.recv()
    with Store.open(path) as locked:
        assert "the next start" in locked.remarks.take()[0]
    here.send("enough")
    holder.join()
    rescue.keep([make.recorded(make.response(make.new_id(), sample=2, tokens=-1))], path)
    (paths.state_dir() / FOLDER / "torn.jsonl").write_bytes(b'{"database":')

    with Store.open(path) as later:
        assert len(later.responses.all()) == 1
        assert ["cannot be taken" in remark for remark in later.remarks.take()].count(True) == 2
    assert len(kept()) == 2


def test_one_that_the_database_refuses_keeps_no_other_out(path: Path) -> None:
    Store.open(path).close()
    refused, good = make.response(make.new_id(), tokens=-1), make.response(make.new_id(), sample=2)
    rescue.keep([make.recorded(refused), make.recorded(good)], path)

    with Store.open(path) as store:
        assert store.responses.all() == [good]
        said = store.remarks.take()
        assert "are in now: 1." in said[0]
        assert "cannot be taken" in said[1]
    assert len(kept()) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_a_database_whose_name_is_no_text_gets_its_answers_too(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"gr\xe4des.db")
    Store.open(path).close()
    rescue.keep([make.recorded(make.response(make.new_id()))], path)

    with Store.open(path) as store:
        assert len(store.responses.all()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_disk_that_takes_only_some_of_them_is_left_without_a_torn_file(path: Path) -> None:
    import resource

    recorded = [make.recorded(make.response(make.new_id(), text="x" * 100_000))]
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            rescue.keep(recorded, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert kept() == []
