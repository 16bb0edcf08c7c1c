"""A small GGUF file of random weights, for finding out what llama.cpp can do on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gguf
import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

VOCABULARY = 320
_WIDTH, _FEED_FORWARD, _HEADS = 256, 512, 4
"""Whole blocks of every quantisation, and whole tiles of every layout."""
_SMALL = np.float32(0.02)


def write_tiny_weights(path: Path) -> None:
    """A LLaMA of one layer in 32 bits."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(512)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(_FEED_FORWARD)
    writer.add_head_count(_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(_WIDTH // _HEADS)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    _add_vocabulary(writer)
    random = np.random.default_rng(0)
    for name, shape in _shapes().items():
        matrix = random.standard_normal(shape).astype(np.float32) * _SMALL
        writer.add_tensor(name, np.ones(shape, np.float32) if len(shape) == 1 else matrix)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_vocabulary(writer: gguf.GGUFWriter) -> None:
    texts = ["<unk>", "<s>", "</s>", *(f"<0x{value:02X}>" for value in range(256))]
    texts += [f"w{number}" for number in range(VOCABULARY - len(texts))]
    kinds = [gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL, gguf.TokenType.CONTROL]
    kinds += [gguf.TokenType.BYTE] * 256
    kinds += [gguf.TokenType.NORMAL] * (VOCABULARY - len(kinds))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(texts)
    writer.add_token_types(kinds)
    writer.add_token_scores([-float(index) for index in range(VOCABULARY)])
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)


def _shapes() -> dict[str, tuple[int, ...]]:
    return {
        "token_embd.weight": (VOCABULARY, _WIDTH),
        **{f"blk.0.attn_{part}.weight": (_WIDTH, _WIDTH) for part in ("q", "k", "v", "output")},
        "blk.0.ffn_gate.weight": (_FEED_FORWARD, _WIDTH),
        "blk.0.ffn_up.weight": (_FEED_FORWARD, _WIDTH),
        "blk.0.ffn_down.weight": (_WIDTH, _FEED_FORWARD),
        "blk.0.attn_norm.weight": (_WIDTH,),
        "blk.0.ffn_norm.weight": (_WIDTH,),
        "output_norm.weight": (_WIDTH,),
        "output.weight": (VOCABULARY, _WIDTH),
    }
