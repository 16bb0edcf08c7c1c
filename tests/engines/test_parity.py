"""Sampling means what llama.cpp means, and one sequence alone writes what llama.cpp writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import llama_cpp
import llama_cpp.llama_cpp as llama
import numpy as np
import pytest

from tui.catalogue.model import Sampling
from tui.engines.llama.worker.sampler import Sampler

from .decoding_stage import Stage
from .listening import SMOLLM2

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .conftest import MakeTiny

PROMPT = "Once upon a time there was a fox who wanted to cross a river. One morning"
TOKENS = 48


@pytest.fixture(scope="module")
def alone() -> Iterator[Stage]:
    stage = Stage(SMOLLM2, 1, context_length=512, threads=1)
    yield stage
    stage.close()


def written(stage: Stage, **sampling: Any) -> list[int]:
    stage.clear()
    stage.join("1", PROMPT, max_tokens=TOKENS, **sampling)
    sequence = stage.running["1"]
    prompt = len(sequence.tokens)
    stage.finish()
    return sequence.tokens[prompt:]


def plain_loop(stage: Stage, *samplers: Any) -> list[int]:
    """llama.cpp's own sampler over a batch of the prompt and then one token at a time."""
    context, vocabulary = stage.weights.context, stage.weights.vocabulary
    context.forget()
    chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
    for sampler in samplers:
        llama.llama_sampler_chain_add(chain, sampler)
    ids = vocabulary._ids(PROMPT.encode(), parse_special=False)
    tokens: list[int] = []
    while len(tokens) < TOKENS:
        array = (llama.llama_token * len(ids))(*ids)  # the batch only points to it
        assert llama.llama_decode(context.handle, llama.llama_batch_get_one(array, len(ids))) == 0
        ids = [llama.llama_sampler_sample(chain, context.handle, -1)]
        tokens += ids
    llama.llama_sampler_free(chain)
    return tokens


def test_greedy_is_token_for_token_a_plain_low_level_loop(alone: Stage) -> None:
    assert written(alone) == plain_loop(alone, llama.llama_sampler_init_greedy())


def test_greedy_is_token_for_token_the_binding(alone: Stage) -> None:
    binding = llama_cpp.Llama(
        str(SMOLLM2),
        n_ctx=512,
        n_threads=1,
        n_threads_batch=1,
        n_gpu_layers=-1,
        flash_attn=True,
        verbose=False,
    )
    ids = alone.weights.vocabulary._ids(PROMPT.encode(), parse_special=False)

    tokens = [token for token, _ in zip(binding.generate(ids, temp=0.0), range(TOKENS), strict=False)]
    binding.close()

    assert written(alone) == tokens


def test_every_setting_is_llama_cpps_own_sampler_in_its_servers_order(alone: Stage) -> None:
    sampling: dict[str, Any] = {
        "repeat_penalty": 1.2,
        "repeat_last_n": 8,
        "top_k": 40,
        "typical_p": 0.9,
        "top_p": 0.9,
        "min_p": 0.02,
        "temperature": 0.8,
    }
    penalties = llama.llama_sampler_init_penalties(alone.weights.vocabulary.size, 8, 1.2, 0.0, 0.0)
    for token in alone.weights.vocabulary._ids(PROMPT.encode(), parse_special=False):
        llama.llama_sampler_accept(penalties, token)

    expected = plain_loop(
        alone,
        penalties,
        llama.llama_sampler_init_top_k(40),
        llama.llama_sampler_init_typical(0.9, 0),
        llama.llama_sampler_init_top_p(0.9, 0),
        llama.llama_sampler_init_min_p(0.02, 0),
        llama.llama_sampler_init_temp(0.8),
        llama.llama_sampler_init_dist(11),
    )

    assert written(alone, seed=11, **sampling) == expected


def test_of_equally_likely_tokens_greedy_takes_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    logits = np.zeros(8, np.float32)
    logits[[2, 5]] = 1.0
    pointer = logits.ctypes.data_as(llama.ctypes.POINTER(llama.ctypes.c_float))
    monkeypatch.setattr(llama, "llama_get_logits_ith", lambda _context, _index: pointer)
    sampler = Sampler(Sampling(temperature=0), seed=0, vocabulary_size=8)
    candidates = (llama.llama_token_data * 8)(*[(token, float(logits[token]), 0.0) for token in range(8)])
    array = llama.llama_token_data_array(data=candidates, size=8, selected=-1, sorted=False)
    greedy = llama.llama_sampler_init_greedy()
    llama.llama_sampler_apply(greedy, array)

    assert sampler.choose(None, 0) == candidates[array.selected].id == 2

    llama.llama_sampler_free(greedy)
    sampler.close()


def test_a_worker_of_several_lanes_writes_the_same_for_one_alone(alone: Stage) -> None:
    several = Stage(SMOLLM2, 3, context_length=512, threads=1)

    tokens = written(several)
    several.close()

    assert tokens == written(alone)


@pytest.mark.parametrize("architecture", ["mpt", "gptneox"])
def test_the_same_seed_gives_the_same_bytes_whatever_was_generated_before(
    tiny: MakeTiny, architecture: str
) -> None:
    def tell(stage: Stage) -> str:
        stage.clear()
        stage.join("1", "zz" * 300, max_tokens=100, temperature=1.0, seed=5)
        stage.finish()
        return stage.texts["1"]

    stage, fresh = (Stage(tiny(architecture), 1, threads=1) for _ in range(2))
    stage.join("other", "zz" * 290 + "y", max_tokens=80, temperature=1.0)
    stage.finish()

    assert tell(stage) == tell(stage) == tell(fresh)
    stage.close()
    fresh.close()


def test_an_answer_ends_when_its_time_is_over(cased_path: Path) -> None:
    stage = Stage(cased_path, 2)
    stage.join("limited", "!", max_tokens=1500, seconds=60.0)
    stage.until_ready()
    stage.join("free", "?", max_tokens=30)
    stage.until_ready()
    stage.running["limited"]._clock._started -= 61.0
    stage.finish()

    assert stage.finished["limited"].reason == "length"
    assert 0 < stage.finished["limited"].tokens < 1500
    assert stage.finished["free"].tokens == 30
    stage.close()


def test_a_prompt_that_is_not_read_in_time_fails_with_a_line(cased_path: Path) -> None:
    stage = Stage(cased_path, 1)
    stage.join("late", "!" * 1500, seconds=2.0)
    stage.running["late"]._clock._started -= 3.0
    stage.finish()

    assert stage.finished["late"].reason == "failed"
    assert stage.finished["late"].error == "the prompt was not read within 2 seconds"
    assert stage.decoded_tokens == 0
    stage.close()
