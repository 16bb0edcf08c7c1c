"""Weights split into several files are known, measured and verified by all of them."""

from __future__ import annotations

import hashlib
import os
import shutil
from typing import TYPE_CHECKING

import pytest
from tiny_gguf import write_tiny

from tui.catalogue.model import Source
from tui.catalogue.own import own_model
from tui.catalogue.shards import first_shard, shards_of
from tui.errors import WeightsError
from tui.generation.fingerprint import fingerprint, remembered_fingerprint
from tui.generation.plan import RunnableModel
from tui.generation.recording import weights_record
from tui.memory.shape import read_shape
from tui.store.database import Store
from tui.store.exchange.export_tables import EVERY_TABLE, export_rows
from tui.weights.control import Control
from tui.weights.fetching.fetch import fetch
from tui.weights.files.locate import locate
from tui.weights.files.removal import remove
from tui.weights.files.status import state_of, verify
from tui.weights.overview import overview

from .quick import QUICK, model_of

if TYPE_CHECKING:
    from pathlib import Path

    from hub_server import HubServer


@pytest.fixture
def split(tmp_path: Path) -> Path:
    """The first of three, which holds no tensors."""
    return write_tiny(tmp_path / "tiny.gguf", shards=3, small_first_shard=True)


def digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def renamed(folder: Path, **names: str) -> None:
    moved = {new: folder / old for old, new in names.items()}
    for old in moved.values():
        old.rename(old.with_suffix(".moved"))
    for new, old in moved.items():
        old.with_suffix(".moved").rename(folder / new)


def problem(path: Path) -> str:
    with pytest.raises(WeightsError) as failure:
        locate(own_model(path))
    [line] = str(failure.value).splitlines()
    return line


def test_any_of_the_files_names_the_weights(split: Path) -> None:
    for shard in shards_of(split):
        model = own_model(shard)
        found = locate(model)

        assert model.name == "tiny-00001-of-00003"
        assert found.path == split
        assert found.size == sum(each.stat().st_size for each in shards_of(split))
        assert overview(model).bytes == found.size
        assert locate(model_of(Source(path=str(shard)))).path == split


def test_memory_is_for_the_tensors_of_all_files(tmp_path: Path, split: Path) -> None:
    whole = read_shape(write_tiny(tmp_path / "whole.gguf"))

    assert read_shape(split) == whole
    assert read_shape(write_tiny(tmp_path / "two.gguf", shards=2)) == whole


async def test_the_identity_is_of_all_files_in_order(split: Path) -> None:
    runnable = RunnableModel(own_model(split), locate(own_model(split)))
    known = await fingerprint(runnable)

    digests = [digest(shard) for shard in shards_of(split)]
    assert known.weights_sha256 == hashlib.sha256(b"".join(digests)).hexdigest()
    assert [each.file for each in known.files] == [shard.name for shard in shards_of(split)]
    assert [each.sha256 for each in known.files] == [each.hex() for each in digests]
    assert remembered_fingerprint(runnable) == known


async def test_a_later_change_of_any_file_is_another_identity(split: Path) -> None:
    runnable = RunnableModel(own_model(split), locate(own_model(split)))
    before = await fingerprint(runnable)
    last = shards_of(split)[-1]
    data = bytearray(last.read_bytes())
    data[-1] ^= 1
    last.write_bytes(data)
    os.utime(last, ns=(1, 1))

    assert remembered_fingerprint(runnable) is None
    assert (await fingerprint(runnable)).weights_sha256 != before.weights_sha256


async def test_one_file_is_known_by_its_own_sha256(tmp_path: Path) -> None:
    for name in ("whole.gguf", "whole-00001-of-00001.gguf"):
        path = write_tiny(tmp_path / name)
        known = await fingerprint(RunnableModel(own_model(path), locate(own_model(path))))

        assert known.weights_sha256 == digest(path).hex() == known.files[0].sha256
        assert len(known.files) == 1


async def test_the_same_first_file_and_other_others_are_two_weights_in_a_database(tmp_path: Path) -> None:
    records = []
    for seed in (1, 2):
        (tmp_path / str(seed)).mkdir()
        path = write_tiny(tmp_path / str(seed) / "tiny.gguf", shards=3, small_first_shard=True, seed=seed)
        runnable = RunnableModel(own_model(path), locate(own_model(path)))
        records.append(weights_record(runnable, None, await fingerprint(runnable)))
    one, other = records

    assert one.sha256 != other.sha256
    assert one.files != other.files
    assert one.size == other.size == sum(path.stat().st_size for path in (tmp_path / "1").iterdir())
    with Store.open(tmp_path / "grades.db") as store:
        assert [*export_rows(store, EVERY_TABLE[0])] == []


def test_a_file_that_is_missing_is_named(split: Path) -> None:
    _, second, third = shards_of(split)
    third.unlink()

    assert "part 3 of 3 is missing: tiny-00003-of-00003.gguf" in problem(split)
    assert "part 3 of 3 is missing: tiny-00003-of-00003.gguf" in problem(second)
    assert overview(own_model(split)).problem
    split.unlink()
    assert "tiny-00001-of-00003.gguf" in problem(second)


def test_files_that_were_swapped_are_named(split: Path) -> None:
    renamed(split.parent, **{"tiny-00002-of-00003.gguf": "tiny-00003-of-00003.gguf",
                             "tiny-00003-of-00003.gguf": "tiny-00002-of-00003.gguf"})  # fmt: skip

    assert "tiny-00002-of-00003.gguf is part 3 of 3 of split weights, and its name says otherwise" in problem(
        split
    )


def test_a_part_that_was_renamed_says_how_it_has_to_be_called(split: Path) -> None:
    alone = split.with_name("model.gguf")
    shutil.copy(split, alone)

    assert "it is part 1 of 3 of split weights: its name has to end with -00001-of-00003.gguf" in problem(
        alone
    )


def test_files_of_other_weights_do_not_belong(tmp_path: Path, split: Path) -> None:
    other = write_tiny(tmp_path / "other.gguf", shards=2)
    whole = write_tiny(tmp_path / "whole.gguf")

    shutil.copy(shards_of(other)[1], shards_of(split)[1])
    assert "tiny-00002-of-00003.gguf is part 2 of 2 of split weights" in problem(split)
    shutil.copy(whole, shards_of(split)[1])
    assert "tiny-00002-of-00003.gguf is not a part of split weights" in problem(split)


def test_files_that_hold_too_few_tensors_do_not_belong(tmp_path: Path, split: Path) -> None:
    (tmp_path / "other").mkdir()
    other = write_tiny(tmp_path / "other" / "tiny.gguf", "gptneox", shards=3, small_first_shard=True)
    shutil.copy(shards_of(other)[2], shards_of(split)[2])

    assert "its 3 parts hold" in problem(split)


def test_verifying_reads_all_files(split: Path) -> None:
    model = own_model(split)
    whole = sum(each.stat().st_size for each in shards_of(split))

    assert [*verify(model)][-1] == whole
    identity = hashlib.sha256(b"".join(digest(shard) for shard in shards_of(split))).hexdigest()
    assert state_of(model).sha256 == identity
    good = model_of(Source(path=str(split), size=whole, sha256=identity))
    assert state_of(good).word == "verified"
    assert state_of(model_of(Source(path=str(split), sha256="0" * 64))).word == "broken"


def test_all_files_are_fetched_and_removed(hub: HubServer, tmp_path: Path, split: Path) -> None:
    for shard in shards_of(split):
        hub.add("someone/tiny", shard.name, shard.read_bytes())
    model = model_of(Source(repo="someone/tiny", file=split.name))

    *_, finished = fetch(model, control=Control(QUICK))

    assert finished.verified
    assert state_of(model).word == "verified"
    target = locate(model).path
    assert [digest(shard) for shard in shards_of(target)] == [digest(shard) for shard in shards_of(split)]
    shards_of(target)[1].unlink()
    assert state_of(model).word == "broken"
    *_, again = fetch(model, control=Control(QUICK))
    assert again.fetched
    assert len([path for path in remove(model).paths if path.suffix == ".gguf"]) == 3
    assert not target.parent.exists()


def test_names_that_only_look_like_parts_are_files_of_their_own(tmp_path: Path) -> None:
    for name in ("a-00004-of-00003.gguf", "a-00000-of-00003.gguf", "a-1-of-3.gguf", "a-00001-of-99999.gguf"):
        assert shards_of(tmp_path / name) == (tmp_path / name,)
        assert first_shard(tmp_path / name) == tmp_path / name
