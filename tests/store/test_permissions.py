from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from tui import paths
from tui.engines.llama.sharing.presence import Presence
from tui.engines.llama.worker_log import new_log
from tui.store import rescue
from tui.store.database import Store
from tui.store.exchange.export import export_to_path

from . import make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no such mode there")


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """The usual one, by which everybody may read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def readable(folder: Path) -> list[str]:
    """What others than the owner may do something with."""
    return [str(each) for each in (folder, *folder.rglob("*")) if stat.S_IMODE(each.stat().st_mode) & 0o077]


def test_data_and_state_are_their_owners_alone(tmp_path: Path) -> None:
    from tui.app.remembered import remember_theme
    from tui.weights.files.digest_cache import sha256_of

    weights = tmp_path / "weights.gguf"
    weights.write_bytes(b"GGUF")
    with Store.open(paths.database_file()) as store:
        response = make.store_response(store)
        store.claims.take_next(make.new_id(), "code", make.item().prompt_hash, make.key(make.model()), 0)
        export_to_path(store, paths.data_dir() / "new" / "grades.csv")
        export_to_path(store, paths.data_dir() / "all", what="all")
        new_log(paths.log_dir(), "tiny.gguf")
        remember_theme("nord")
        sha256_of(weights)
        Presence(paths.state_dir() / "engines").show("answering", True)
        rescue.keep([make.recorded(response)], store.path)

        made = {each.name for each in paths.database_file().parent.parent.rglob("*")}
        assert {
            "grades.db",
            "grades.db-wal",
            "grades.db-shm",
            "grades.csv",
            "app.json",
            "fingerprints.json",
        } <= made
        assert readable(paths.data_dir()) == []
        assert readable(paths.state_dir()) == []


def test_a_folder_of_the_persons_own_keeps_its_mode(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()

    with Store.open(folder / "grades.db") as store:
        make.store_response(store)

        assert stat.S_IMODE(folder.stat().st_mode) == 0o755
        assert {stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()} == {0o600}


def test_a_database_that_others_were_allowed_to_read_stays_so(path: Path) -> None:
    Store.open(path).close()
    path.chmod(0o640)

    Store.open(path).close()

    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_weights_outside_of_the_data_folder_are_for_everybody(tmp_path: Path) -> None:
    paths.make_shared_folder(tmp_path / "models" / "owner")
    paths.make_shared_folder(paths.models_dir() / "owner")

    assert stat.S_IMODE((tmp_path / "models" / "owner").stat().st_mode) == 0o755
    assert stat.S_IMODE(paths.data_dir().stat().st_mode) == 0o700
