"""GGUF files that hold something else than a model that writes text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gguf
import numpy as np
from tiny_gguf import CHAT_TEMPLATE, Vocabulary, add_vocabulary

if TYPE_CHECKING:
    from pathlib import Path

_WIDTH, _FEED_FORWARD = 64, 32


def write_bert(path: Path) -> Path:
    """An embedding model of one layer, with a chat template: llama.cpp loads it, and aborts in a decode."""
    vocabulary = Vocabulary(sentencepiece=True)
    writer = gguf.GGUFWriter(path, "bert")
    writer.add_context_length(128)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(_FEED_FORWARD)
    writer.add_head_count(4)
    writer.add_layer_norm_eps(1e-5)
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_token_type_count(2)
    add_vocabulary(writer, vocabulary)
    writer.add_chat_template(CHAT_TEMPLATE)
    square, bias = (_WIDTH, _WIDTH), (_WIDTH,)
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (len(vocabulary.tokens), _WIDTH),
        "token_types.weight": (2, _WIDTH),
        "position_embd.weight": (128, _WIDTH),
        "token_embd_norm.weight": bias,
        "token_embd_norm.bias": bias,
    }
    for name, shape in {
        **{f"attn_{part}": square for part in ("q", "k", "v", "output")},
        "ffn_up": (_FEED_FORWARD, _WIDTH),
        "ffn_down": (_WIDTH, _FEED_FORWARD),
        "attn_output_norm": bias,
        "layer_output_norm": bias,
    }.items():
        shapes[f"blk.0.{name}.weight"] = shape
        shapes[f"blk.0.{name}.bias"] = shape[:1]
    for name, shape in shapes.items():
        writer.add_tensor(name, np.full(shape, 0.01, np.float32))
    return _finish(writer, path)


def write_vocabulary_only(path: Path) -> Path:
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(128)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(_FEED_FORWARD)
    writer.add_head_count(4)
    writer.add_layer_norm_rms_eps(1e-5)
    add_vocabulary(writer, Vocabulary(sentencepiece=True))
    return _finish(writer, path)


def write_projector(path: Path) -> Path:
    """What a model sees with, as published beside it."""
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_type(gguf.GGUFType.MMPROJ)
    writer.add_clip_has_vision_encoder(True)
    writer.add_tensor("v.patch_embd.weight", np.zeros((4, 3, 2, 2), np.float32))
    return _finish(writer, path)


def write_importance_matrix(path: Path) -> Path:
    writer = gguf.GGUFWriter(path, "")
    writer.add_type(gguf.GGUFType.IMATRIX)
    writer.add_array("imatrix.datasets", ["text.txt"])
    writer.add_tensor("blk.0.attn_q.weight.in_sum2", np.zeros((1, 64), np.float32))
    return _finish(writer, path)


def _finish(writer: gguf.GGUFWriter, path: Path) -> Path:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
