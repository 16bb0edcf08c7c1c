"""Weights as large as real ones and as meaningless as noise, to measure speed with: LLaMA, 1.1 billion, Q4_0.

python bench/synthetic.py FILE.gguf
"""

from __future__ import annotations

import sys
from pathlib import Path

import gguf
import numpy as np

sys.path.append(str(Path(__file__).parent.parent / "tests"))
from tiny_gguf import SPECIAL_TOKENS, Vocabulary, add_vocabulary

WIDTH, FEED_FORWARD, LAYERS, HEADS, CONTEXT = 2048, 5632, 22, 32, 2048
BLOCK, BLOCK_BYTES = 32, 18


def write(path: Path) -> None:
    vocabulary = Vocabulary(sentencepiece=False)
    size = len(vocabulary.tokens)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("synthetic")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    add_vocabulary(writer, vocabulary, pre="gpt-2")
    writer.add_chat_template("{{ messages[-1].content }}")
    noise = np.random.default_rng(0)
    output = _q4_0(noise, size, WIDTH)
    for token in SPECIAL_TOKENS:
        output[vocabulary[token]] = 0  # never the likeliest: no answer ends by itself
    _add(writer, "output.weight", output)
    _add(writer, "token_embd.weight", _q4_0(noise, size, WIDTH))
    writer.add_tensor("output_norm.weight", np.ones(WIDTH, np.float32))
    for layer in range(LAYERS):
        for name, rows, columns in (
            *[(f"attn_{part}", WIDTH, WIDTH) for part in ("q", "k", "v", "output")],
            ("ffn_gate", FEED_FORWARD, WIDTH),
            ("ffn_up", FEED_FORWARD, WIDTH),
            ("ffn_down", WIDTH, FEED_FORWARD),
        ):
            _add(writer, f"blk.{layer}.{name}.weight", _q4_0(noise, rows, columns))
        for name in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{layer}.{name}.weight", np.ones(WIDTH, np.float32))
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
    write(Path(sys.argv[1]))
