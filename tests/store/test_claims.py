from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from tui.store.database import Store
from tui.store.records import ResponseKey

from . import make, processes

if TYPE_CHECKING:
    from pathlib import Path

ASKED = ("code", make.prompt().content_hash, make.key(make.model()), 0)
KEY = ResponseKey(
    task="code",
    prompt_hash=make.prompt().content_hash,
    model="tiny",
    model_config_hash=make.model().config_hash,
    weights_sha256=make.WEIGHTS.sha256,
    adapter_sha256="",
    sample=1,
    seed=0,
)


@pytest.fixture
def other(path: Path):
    with Store.open(path) as opened:
        yield opened


def test_two_windows_do_not_write_the_same_sample(store: Store, other: Store) -> None:
    first, second = make.new_id(), make.new_id()

    assert store.claim_next(first, *ASKED) == 1
    assert other.claim_next(second, *ASKED) == 2
    assert other.claim(make.new_id(), KEY) == "elsewhere"

    make.store_response(store, id=first)
    assert other.claim(make.new_id(), KEY) == "answered"
    make.store_response(other, id=second, sample=2, seed=1)
    assert store.claim_next(make.new_id(), *ASKED) == 3


def test_what_fails_or_does_not_come_frees_its_sample(store: Store, other: Store) -> None:
    failed, gone = make.new_id(), make.new_id()
    store.claim_next(failed, *ASKED)
    make.store_response(store, id=failed, finish_reason="failed")
    assert other.claim(gone, KEY) == "ours"

    other.end_claim(gone)

    assert store.claim_next(make.new_id(), *ASKED) == 1


def test_a_claim_given_up_while_another_program_writes_is_free_at_the_next_one(
    store: Store, path: Path
) -> None:
    gone = make.new_id()
    assert store.claim_next(gone, *ASKED) == 1
    holder, here = processes.start(processes.hold_write_lock, path)
    here.recv()
    store.end_claim(gone)
    here.send("enough")
    holder.join()

    assert store.claim_next(make.new_id(), *ASKED) == 1


def test_another_seed_is_another_experiment(store: Store, other: Store) -> None:
    assert store.claim(make.new_id(), KEY) == "ours"
    assert other.claim(make.new_id(), msgspec.structs.replace(KEY, seed=7)) == "ours"


@pytest.mark.parametrize("how", ["killed", "ended"])
def test_a_claim_ends_with_its_process(store: Store, path: Path, how: str) -> None:
    process, here = processes.start(processes.claim, path, KEY)
    assert here.recv() == "ours"
    assert store.claim(make.new_id(), KEY) == "elsewhere"

    process.kill() if how == "killed" else here.send("enough")
    process.join()

    assert store.claim(make.new_id(), KEY) == "ours"
    store.close()
    assert [file.name for file in path.parent.glob("*claims*")] == []


def test_a_claim_of_nobody_knows_whom_is_none(store: Store, other: Store, path: Path) -> None:
    store.claim(make.new_id(), KEY)
    for owner in ("", "../../etc/passwd", "0" * 32):
        store._database.execute("UPDATE claims SET owner = ?", [owner])
        id_ = make.new_id()
        assert other.claim(id_, KEY) == "ours"
        other._database.execute("UPDATE claims SET owner = ? WHERE id = ?", [owner, id_])
