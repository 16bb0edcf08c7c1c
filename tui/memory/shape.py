"""The shape of a model, as far as memory depends on it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from tui.catalogue.shards import shards_of
from tui.errors import WeightsError
from tui.memory.gguf_header import Header, read_header

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tui.memory.gguf_header import Tensor

_MOST_LAYERS = 1024
_MOST = 1 << 31
"""The most of anything that a header counts; llama.cpp has 32-bit numbers for them."""

_REPACKED = {2, 8, 10, 12, 13, 14, 20, 39}
"""ggml's numbers of Q4_0, Q8_0, Q2_K, Q4_K, Q5_K, Q6_K, IQ4_NL and MXFP4."""
_LAYER = re.compile(r"blk\.(\d{1,4})\.")


@dataclass(frozen=True)
class Shape:
    """Sizes in bytes, widths in numbers per token."""

    architecture: str
    width: int
    feed_forward: int
    is_gated: bool
    """True if the feed-forward part multiplies two branches, which are both kept while it computes."""
    heads: int
    cache_widths: tuple[int, ...]
    """Keys and values together that a token leaves in each layer."""
    vocabulary: int
    trained_context: int
    is_rotary: bool
    """Rotary positions end with those of training; others may be extrapolated."""
    original_context: int
    """The context before it was stretched to the trained one: llama.cpp may rotate differently up to it."""
    layer_bytes: tuple[int, ...]
    input_bytes: int
    """The token embeddings, and what else is never on a GPU."""
    output_bytes: int
    """Bytes on a GPU that computes the output; with tied embeddings those of a copy of them."""
    output_is_tied: bool
    is_repacked: bool = False
    """True if llama.cpp lays most of it out anew for the CPU, where the CPU can use that."""

    @property
    def layers(self) -> int:
        return len(self.layer_bytes)

    @property
    def weights(self) -> int:
        return sum(self.layer_bytes) + self.input_bytes + (0 if self.output_is_tied else self.output_bytes)


def read_shape(path: Path) -> Shape:
    """Raises WeightsError with one line for a file whose header does not say what is needed."""
    return shape_of(_whole_header(path), path.name)


def _whole_header(path: Path) -> Header:
    """The headers of split weights as one: the first file has the keys, perhaps nothing else."""
    first, *others = [read_header(shard) for shard in shards_of(path)]
    tensors = chain(first.tensors, *(each.tensors for each in others))
    return Header(first.values, first.lengths, tuple(tensors))


def shape_of(header: Header, name: str) -> Shape:
    keys = _Keys(header, name)
    layers, width = keys.count("block_count", most=_MOST_LAYERS), keys.count("embedding_length")
    heads = keys.per_layer("attention.head_count", layers)
    tensors = {tensor.name: tensor for tensor in header.tensors}
    output = tensors.get("output.weight")
    embeddings = tensors.get("token_embd.weight")
    layer_bytes = _layer_bytes(header.tensors, layers)
    output_bytes = _bytes(output or embeddings)
    own_output = _bytes(output)
    return Shape(
        architecture=keys.architecture,
        width=width,
        feed_forward=_feed_forward(keys, layers),
        is_gated=any("ffn_gate" in each.name for each in header.tensors),
        heads=max(heads, default=0),
        cache_widths=_cache_widths(keys, heads, width, layers),
        vocabulary=embeddings.dimensions[-1] if embeddings and embeddings.dimensions else 0,
        trained_context=keys.count("context_length", default=0),
        original_context=keys.count("rope.scaling.original_context_length", default=0),
        is_rotary=not keys.has("attention.max_alibi_bias"),
        layer_bytes=layer_bytes,
        input_bytes=sum(each.bytes for each in header.tensors) - sum(layer_bytes) - own_output,
        output_bytes=output_bytes,
        output_is_tied=output is None,
        is_repacked=_is_repacked(header.tensors),
    )


class _Keys:
    """The keys of the file's own architecture: `llama.block_count` is asked for as `block_count`."""

    def __init__(self, header: Header, name: str) -> None:
        self._header = header
        self._name = name
        self.architecture = str(header.values.get("general.architecture", ""))

    def has(self, key: str) -> bool:
        return f"{self.architecture}.{key}" in self._header.values

    def count(self, key: str, *, default: int | None = None, most: int = _MOST) -> int:
        return max(self.per_layer(key, 1, default=default, most=most))

    def per_layer(
        self, key: str, layers: int, *, default: int | None = None, most: int = _MOST
    ) -> tuple[int, ...]:
        """One count for each layer, whether the file gives one for all or a list."""
        value = self._header.values.get(f"{self.architecture}.{key}", default)
        counts = value if isinstance(value, tuple) and value else (value,)
        whole = [each for each in counts if isinstance(each, int) and 0 <= each <= most]
        if len(whole) < len(counts):
            raise WeightsError(f"{self._name}: its header does not say {key.replace('_', ' ')}")
        return tuple(whole[min(layer, len(whole) - 1)] for layer in range(layers))


def _feed_forward(keys: _Keys, layers: int) -> int:
    """The size in the widest layer; in a mixture of experts, that of those that work at a time."""
    dense = keys.per_layer("feed_forward_length", layers, default=0)
    experts = keys.count("expert_feed_forward_length", default=0) * keys.count("expert_used_count", default=0)
    return max(experts, max(dense, default=0))


def _cache_widths(keys: _Keys, heads: tuple[int, ...], width: int, layers: int) -> tuple[int, ...]:
    head = width // max(1, max(heads, default=0))
    both = keys.count("attention.key_length", default=head) + keys.count(
        "attention.value_length", default=head
    )
    if keys.has("attention.head_count_kv"):
        heads = keys.per_layer("attention.head_count_kv", layers)
    return tuple(each * both for each in heads)


def _layer_bytes(tensors: Iterable[Tensor], layers: int) -> tuple[int, ...]:
    sizes = [0] * layers
    for tensor in tensors:
        if (found := _LAYER.match(tensor.name)) and int(found[1]) < layers:
            sizes[int(found[1])] += tensor.bytes
    return tuple(sizes)


def _is_repacked(tensors: Iterable[Tensor]) -> bool:
    sizes = {True: 0, False: 0}
    for tensor in tensors:
        sizes[tensor.kind in _REPACKED and tensor.name != "token_embd.weight"] += tensor.bytes
    return sizes[True] > sizes[False]


def _bytes(tensor: Tensor | None) -> int:
    return tensor.bytes if tensor else 0
