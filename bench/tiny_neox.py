"""A GPT-NeoX of random weights that is small enough for Python's share of each token to show.

python bench/tiny_neox.py FILE.gguf
"""

from __future__ import annotations

import sys
from pathlib import Path

import gguf
import numpy as np

sys.path.append(str(Path(__file__).parent.parent / "tests"))
from tiny_gguf import SPECIAL_TOKENS, Vocabulary, add_vocabulary

WIDTH, FEED_FORWARD, LAYERS, HEADS, CONTEXT, VOCABULARY = 64, 256, 4, 4, 4096, 50_000


def write(path: Path) -> None:
    vocabulary = Vocabulary(sentencepiece=False)
    for number in range(VOCABULARY - len(vocabulary.tokens)):
        vocabulary.add(f"w{number}")
    writer = gguf.GGUFWriter(path, "gptneox")
    writer.add_name("tiny GPT-NeoX")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_layer_norm_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_parallel_residual(True)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    add_vocabulary(writer, vocabulary, pre="olmo")
    noise = np.random.default_rng(0)
    output = _matrix(noise, VOCABULARY, WIDTH)
    output[[vocabulary[token] for token in SPECIAL_TOKENS]] = (
        0  # never the likeliest: no answer ends by itself
    )
    writer.add_tensor("output.weight", output)
    writer.add_tensor("token_embd.weight", _matrix(noise, VOCABULARY, WIDTH))
    _add_norm(writer, "output_norm")
    for layer in range(LAYERS):
        for name, rows, columns in (
            ("attn_qkv", 3 * WIDTH, WIDTH),
            ("attn_output", WIDTH, WIDTH),
            ("ffn_up", FEED_FORWARD, WIDTH),
            ("ffn_down", WIDTH, FEED_FORWARD),
        ):
            writer.add_tensor(f"blk.{layer}.{name}.weight", _matrix(noise, rows, columns))
            writer.add_tensor(f"blk.{layer}.{name}.bias", np.zeros(rows, np.float32))
        for name in ("attn_norm", "ffn_norm"):
            _add_norm(writer, f"blk.{layer}.{name}")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _matrix(noise: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    return (noise.standard_normal((rows, columns), dtype=np.float32) / columns**0.5).astype(np.float16)


def _add_norm(writer: gguf.GGUFWriter, name: str) -> None:
    writer.add_tensor(f"{name}.weight", np.ones(WIDTH, np.float32))
    writer.add_tensor(f"{name}.bias", np.zeros(WIDTH, np.float32))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
