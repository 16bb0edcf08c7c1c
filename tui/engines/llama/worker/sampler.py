"""Sampling: the settings of a model as a chain of llama.cpp's samplers, in the order its server uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import llama_cpp.llama_cpp as llama
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.catalogue.model import Sampling

_RANDOM_SEED = 0xFFFFFFFF
"""llama.cpp takes this seed for "choose one", which nobody could repeat."""


class Sampler:
    """Chooses the next token. It remembers the tokens before, prompt included, for the repeat penalty."""

    def __init__(self, sampling: Sampling, seed: int, vocabulary_size: int) -> None:
        self._penalised = _penalises(sampling)
        self._plainly_greedy = sampling.temperature == 0 and not self._penalised
        self._vocabulary_size = vocabulary_size
        self._chain: Any = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
        for sampler in _samplers(sampling, seed % _RANDOM_SEED, vocabulary_size):
            llama.llama_sampler_chain_add(self._chain, sampler)

    def read(self, prompt: Iterable[int]) -> None:
        if self._penalised:
            for token in prompt:
                llama.llama_sampler_accept(self._chain, token)

    def choose(self, context: Any, index: int) -> int:
        """The token after output `index` of the last batch; it counts as generated from here on."""
        if self._plainly_greedy:
            return self._likeliest(context, index)
        token: int = llama.llama_sampler_sample(self._chain, context, index)
        return token

    def _likeliest(self, context: Any, index: int) -> int:
        """The choice of llama.cpp's greedy sampler, of equals the first, without a list of all candidates."""
        logits = llama.llama_get_logits_ith(context, index)
        return int(np.ctypeslib.as_array(logits, (self._vocabulary_size,)).argmax())

    def close(self) -> None:
        if self._chain:
            llama.llama_sampler_free(self._chain)
            self._chain = None


def _penalises(sampling: Sampling) -> bool:
    return sampling.repeat_penalty != 1.0 and sampling.repeat_last_n > 0


def _samplers(sampling: Sampling, seed: int, vocabulary_size: int) -> Iterator[Any]:
    if _penalises(sampling):
        yield llama.llama_sampler_init_penalties(
            vocabulary_size, sampling.repeat_last_n, sampling.repeat_penalty, 0.0, 0.0
        )
    if sampling.temperature == 0:
        yield llama.llama_sampler_init_greedy()
        return
    if sampling.top_k > 0:
        yield llama.llama_sampler_init_top_k(sampling.top_k)
    if sampling.typical_p < 1.0:
        yield llama.llama_sampler_init_typical(sampling.typical_p, 0)
    if sampling.top_p < 1.0:
        yield llama.llama_sampler_init_top_p(sampling.top_p, 0)
    if sampling.min_p > 0.0:
        yield llama.llama_sampler_init_min_p(sampling.min_p, 0)
    yield llama.llama_sampler_init_temp(sampling.temperature)
    yield llama.llama_sampler_init_dist(seed)
