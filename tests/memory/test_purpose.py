"""What a GGUF file is for is told from its header; what writes text is never taken for something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gguf
import numpy as np
import pytest
from other_gguf import write_bert, write_importance_matrix, write_projector, write_vocabulary_only
from tiny_gguf import ARCHITECTURES, write_tiny, write_tiny_adapter

from tui.memory.gguf_header import read_header
from tui.memory.purpose import other_purpose

if TYPE_CHECKING:
    from pathlib import Path

TENSOR = "token_embd.weight"


def purpose(path: Path) -> str:
    return other_purpose(read_header(path))


def written(path: Path, architecture: str, *, tensor: str = TENSOR, **values: Any) -> Path:
    """A file with these keys: `general__type` is general.type, `pooling_type` one of the architecture's."""
    writer = gguf.GGUFWriter(path, architecture)
    for name, value in values.items():
        key = name.replace("__", ".") if "__" in name else f"{architecture}.{name}"
        match value:
            case bool():
                writer.add_bool(key, value)
            case int():
                writer.add_uint32(key, value)
            case list():
                writer.add_array(key, value)
            case _:
                writer.add_string(key, value)
    if tensor:
        writer.add_tensor(tensor, np.zeros((2, 32), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_models_that_write_text_are_just_that(tmp_path: Path, architecture: str) -> None:
    assert purpose(write_tiny(tmp_path / "x.gguf", architecture)) == ""


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"pooling_type": 0},
        {"attention.causal": True},
        {"general__type": "model"},
        {"tokenizer__ggml__tokens": ["a"], "tensor": "", "split__count": 3},  # the first of three files
    ],
)
def test_so_are_those_whose_header_says_little(tmp_path: Path, values: dict[str, Any]) -> None:
    for architecture in ("llama", "qwen3", "brandnew"):
        assert purpose(written(tmp_path / "x.gguf", architecture, **values)) == ""


@pytest.mark.parametrize(
    ("architecture", "values", "said"),
    [
        ("bert", {}, "an embedding model"),
        ("nomic-bert-moe", {}, "an embedding model"),
        ("gemma-embedding", {}, "an embedding model"),
        ("qwen3", {"pooling_type": 3}, "an embedding model"),
        ("llama", {"pooling_type": 1}, "an embedding model"),
        ("qwen3", {"pooling_type": 4}, "ranks or classifies"),
        ("bert", {"classifier.output_labels": ["yes", "no"]}, "ranks or classifies"),
        ("brandnew", {"attention.causal": False}, "reads in both directions"),
        ("t5", {}, "an encoder-decoder model"),
        ("llada", {"attention.causal": False}, "a text diffusion model"),
        ("brandnew", {"diffusion__shift_logits": True}, "a text diffusion model"),
        ("eagle3", {}, "a draft model"),
        ("wavtokenizer-dec", {}, "for speech or sound"),
        ("flux", {}, "makes pictures"),
        ("clip", {}, "(mmproj)"),
        ("llama", {"general__type": "mmproj"}, "(mmproj)"),
        ("llama", {"general__type": "adapter", "adapter__type": "lora"}, "a LoRA adapter"),
        ("llama", {"tensor": "blk.0.attn_q.weight.lora_a"}, "a LoRA adapter"),
        ("controlvector", {"controlvector__model_hint": "llama"}, "a control vector"),
        ("llama", {"general__type": "imatrix"}, "an importance matrix"),
        ("llama", {"tokenizer__ggml__tokens": ["a"], "tensor": ""}, "a vocabulary only"),
        ("llama", {"tensor": ""}, "it holds no weights"),
    ],
)
def test_other_files_are_named(tmp_path: Path, architecture: str, values: dict[str, Any], said: str) -> None:
    assert said in purpose(written(tmp_path / "x.gguf", architecture, **values))


def test_real_files_of_other_kinds_are_named(tmp_path: Path) -> None:
    path = tmp_path / "x.gguf"
    assert "an embedding model" in purpose(write_bert(path))
    assert "a vocabulary only" in purpose(write_vocabulary_only(path))
    assert "(mmproj)" in purpose(write_projector(path))
    assert "an importance matrix" in purpose(write_importance_matrix(path))
    assert "a LoRA adapter" in purpose(write_tiny_adapter(path, recite="Yes.", up_to="Ye"))
