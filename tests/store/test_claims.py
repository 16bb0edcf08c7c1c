from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from tui.store.database import Store
from tui.store.records import ResponseKey

from . import make, processes

if TYPE_CHECKING:
    from pathlib import Path

ASKED = ("code", make.item().prompt_hash, make.key(make.model()), 0)
KEY = ResponseKey(
    task="code",
    prompt_hash=make.item().prompt_hash,
    model="tiny",
    model_config_hash=make.model().config_hash,
    origin=make.key(make.model()).origin,
    sample=1,
    seed=0,
)


@pytest.fixture
def other(path: Path):
    with Store.open(path) as opened:
        yield opened


def test_two_windows_do_not_write_the_same_sample(store: Store, other: Store) -> None:
    first, second = make.new_id(), make.new_id()

    assert store.claims.take_next(first, *ASKED) == 1
    assert other.claims.take_next(second, *ASKED) == 2
    assert other.claims.take(make.new_id(), KEY) == "elsewhere"

    make.store_response(store, id=first)
    assert other.claims.take(make.new_id(), KEY) == "answered"
    make.store_response(other, id=second, sample=2, seed=1)
    assert store.claims.take_next(make.new_id(), *ASKED) == 3


def test_what_fails_or_does_not_come_frees_its_sample(store: Store, other: Store) -> None:
    failed, gone = make.new_id(), make.new_id()
    store.claims.take_next(failed, *ASKED)
    make.store_response(store, id=failed, finish_reason="failed")
    assert other.claims.take(gone, KEY) == "ours"

    other.claims.end(gone)

    assert store.claims.take_next(make.new_id(), *ASKED) == 1


def test_a_claim_given_up_while_another_program_writes_is_free_at_the_next_one(
    store: Store, path: Path
) -> None:
    gone = make.new_id()
    assert store.claims.take_next(gone, *ASKED) == 1
    holder, here = processes.start(processes.hold_write_lock, path)
    here.recv()
    store.claims.end(gone)
    here.send("enough")
    holder.join()

    assert store.claims.take_next(make.new_id(), *ASKED) == 1


def test_another_seed_is_another_experiment(store: Store, other: Store) -> None:
    assert store.claims.take(make.new_id(), KEY) == "ours"
    assert other.claims.take(make.new_id(), msgspec.structs.replace(KEY, seed=7)) == "ours"


@pytest.mark.parametrize("how", ["killed", "ended"])
def test_a_claim_ends_with_its_process(store: Store, path: Path, how: str) -> None:
    process, here = processes.start(processes.claim, path, KEY)
    assert here.recv() == "ours"
    assert store.claims.take(make.new_id(), KEY) == "elsewhere"

    process.kill() if how == "killed" else here.send("enough")
    process.join()

    assert store.claims.take(make.new_id(), KEY) == "ours"
    store.close()
    assert [file.name for file in path.parent.glob("*claims*")] == []


def test_a_claim_of_nobody_knows_whom_is_none(store: Store, other: Store, path: Path) -> None:
    store.claims.take(make.new_id(), KEY)
    for owner in ("", "../../etc/passwd", "0" * 32):
        store._database.execute("UPDATE claims SET owner = ?", [owner])
        id_ = make.new_id()
        assert other.claims.take(id_, KEY) == "ours"
        other._database.execute("UPDATE claims SET owner = ? WHERE id = ?", [owner, id_])
