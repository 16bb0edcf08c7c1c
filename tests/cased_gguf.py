"""Tiny weights whose every token depends on the prompt, so that an answer shows whose prompt it came of.

They recite the alphabet over and over: in capitals after a prompt of exclamation marks, in small letters
after one of question marks. Attention is uniform over the prompt and the answer; what the marks add up to
lies in one dimension of the residual stream, whose sign chooses the case.
"""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase
from typing import TYPE_CHECKING

import gguf
import numpy as np
from tiny_gguf import Vocabulary, _shapes, _write_shape, add_vocabulary

if TYPE_CHECKING:
    from pathlib import Path

_ARCHITECTURE = "gptneox"
CAPITALS, SMALL = "!", "?"


def write_cased(path: Path, *, context_length: int = 2048) -> Path:
    vocabulary = Vocabulary(sentencepiece=False)
    size = len(vocabulary.tokens)
    width = size // 64 * 64 + 64
    case = width - 1  # the dimension that no token has
    writer = gguf.GGUFWriter(path, _ARCHITECTURE)
    _write_shape(writer, _ARCHITECTURE, width, context_length)
    add_vocabulary(writer, vocabulary, pre="olmo")
    tensors = {
        name: np.zeros(shape, np.float32) for name, shape in _shapes(_ARCHITECTURE, size, width).items()
    }
    for name in ("blk.0.attn_norm.weight", "blk.0.ffn_norm.weight", "output_norm.weight"):
        tensors[name][:] = 1.0
    tensors["token_embd.weight"][:] = np.eye(size, width)
    values = tensors["blk.0.attn_qkv.weight"][2 * width :]
    values[0, vocabulary[CAPITALS]], values[0, vocabulary[SMALL]] = 1.0, -1.0
    tensors["blk.0.attn_output.weight"][case, 0] = 1.0
    _recite(tensors["output.weight"], vocabulary, case)
    for name, tensor in tensors.items():
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _recite(output: np.ndarray, vocabulary: Vocabulary, case: int) -> None:
    for letters, sign in ((ascii_uppercase, 1.0), (ascii_lowercase, -1.0)):
        ids = [vocabulary[letter] for letter in letters]
        output[ids, case] = sign
        for before, after in zip(ascii_lowercase, [*ids[1:], ids[0]], strict=True):
            output[after, [vocabulary[before], vocabulary[before.upper()]]] = 1.0
        output[ids[0], [vocabulary[CAPITALS], vocabulary[SMALL]]] = 1.0


def recital(mark: str, length: int) -> str:
    letters = ascii_uppercase if mark == CAPITALS else ascii_lowercase
    return (letters * (length // len(letters) + 1))[:length]
