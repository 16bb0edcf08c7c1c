"""Weights as large as real ones and as meaningless as noise, to measure speed with: LLaMA, 1.1 billion, Q4_0.

python bench/synthetic.py FILE.gguf [--large]     --large: 6.5 billion, as LLaMA 7B has
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import gguf
import numpy as np

sys.path.append(str(Path(__file__).parent.parent / "tests"))
from tiny_gguf import SPECIAL_TOKENS, Vocabulary, add_vocabulary

CONTEXT = 2048
BLOCK, BLOCK_BYTES = 32, 18


class Size(NamedTuple):
    width: int
    feed_forward: int
    layers: int
    heads: int


SMALL = Size(2048, 5632, 22, 32)
LARGE = Size(4096, 11008, 32, 32)


def write(path: Path, model: Size = SMALL) -> None:
    vocabulary = Vocabulary(sentencepiece=False)
    width, feed_forward, layers, heads = model
    size = len(vocabulary.tokens)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("synthetic")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(width)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(feed_forward)
    writer.add_head_count(heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(width // heads)
    add_vocabulary(writer, vocabulary, pre="gpt-2")
    writer.add_chat_template("{{ messages[-1].content }}")
    noise = np.random.default_rng(0)
    output = _q4_0(noise, size, width)
    for token in SPECIAL_TOKENS:
        output[vocabulary[token]] = 0  # never the likeliest: no answer ends by itself
    _add(writer, "output.weight", output)
    _add(writer, "token_embd.weight", _q4_0(noise, size, width))
    writer.add_tensor("output_norm.weight", np.ones(width, np.float32))
    for layer in range(layers):
        for name, rows, columns in (
            *[(f"attn_{part}", width, width) for part in ("q", "k", "v", "output")],
            ("ffn_gate", feed_forward, width),
            ("ffn_up", feed_forward, width),
            ("ffn_down", width, feed_forward),
        ):
            _add(writer, f"blk.{layer}.{name}.weight", _q4_0(noise, rows, columns))
        for name in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{layer}.{name}.weight", np.ones(width, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _q4_0(noise: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Blocks of 32: a half-precision scale, then 16 bytes of two weights each."""
    blocks = noise.integers(0, 256, (rows, columns // BLOCK, BLOCK_BYTES), dtype=np.uint8)
    blocks[..., :2] = np.array([0.003], np.float16).view(np.uint8)
    return blocks.reshape(rows, -1)


def _add(writer: gguf.GGUFWriter, name: str, blocks: np.ndarray) -> None:
    writer.add_tensor(name, blocks, raw_dtype=gguf.GGMLQuantizationType.Q4_0)


if __name__ == "__main__":
    write(Path(sys.argv[1]), LARGE if "--large" in sys.argv else SMALL)
