"""The real llama.cpp on weights that are split into several files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tiny_gguf import write_tiny

from tui.catalogue.shards import shards_of
from tui.engines.llama.protocol import LoadSpec

from .listening import PLAIN, ask, listen

if TYPE_CHECKING:
    from pathlib import Path

    from tui.engines.llama.engine import LlamaEngine


@pytest.mark.parametrize(("shards", "small_first_shard"), [(2, False), (3, False), (3, True)])
async def test_split_weights_answer_as_whole_ones(
    engine: LlamaEngine, tmp_path: Path, shards: int, small_first_shard: bool
) -> None:
    first = write_tiny(
        tmp_path / "tiny.gguf", recite="All of it", shards=shards, small_first_shard=small_first_shard
    )

    answer = await listen(engine.generate(LoadSpec(path=str(first)), ask(template=PLAIN)))

    assert answer.text == "All of it", answer.finished.error
    assert len(shards_of(first)) == shards


@pytest.mark.parametrize("place", [1, 2])
async def test_a_file_that_went_missing_is_one_line(engine: LlamaEngine, tmp_path: Path, place: int) -> None:
    first = write_tiny(tmp_path / "tiny.gguf", recite="All of it", shards=3, small_first_shard=True)
    shards_of(first)[place].unlink()

    answer = await listen(engine.generate(LoadSpec(path=str(first)), ask(template=PLAIN)))

    assert answer.finished.reason == "failed"
    [line] = answer.finished.error.splitlines()
    assert shards_of(first)[place].name in line
