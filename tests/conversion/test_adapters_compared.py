"""The adapter made without PyTorch is the one that llama.cpp's own script makes with it."""

from __future__ import annotations

import json
import subprocess
import sys

import gguf
import numpy as np
import pytest
from peft_files import write_peft_adapter
from tiny_gguf import write_tiny

from tui.weights.adapters.gguf_adapter import read_base, write_gguf_adapter
from tui.weights.adapters.peft import read_peft_adapter
from tui.weights.adapters.torch_file import read_torch_file

WIDTH, RANK = 64, 4
PROJECTIONS = (*(f"self_attn.{letter}_proj" for letter in "qkvo"), "mlp.down_proj")


@pytest.fixture
def adapter(tmp_path):
    random = np.random.default_rng(3)
    columns = {"mlp.down_proj": 32}
    matrices = {}
    for projection in PROJECTIONS:
        name = f"base_model.model.model.layers.0.{projection}.lora_"
        matrices[f"{name}A.weight"] = random.standard_normal((RANK, columns.get(projection, WIDTH)))
        matrices[f"{name}B.weight"] = random.standard_normal((WIDTH, RANK))
    matrices = {name: matrix.astype(np.float32) for name, matrix in matrices.items()}
    return write_peft_adapter(tmp_path / "peft", matrices)


def tensors(path):
    return {tensor.name: np.array(tensor.data) for tensor in gguf.GGUFReader(path).tensors}


def alpha(path):
    return gguf.GGUFReader(path).fields["adapter.lora.alpha"].contents()


def test_the_same_tensors_as_convert_lora_to_gguf(tmp_path, adapter, script):
    (tmp_path / "base").mkdir()
    config = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": WIDTH,
        "num_attention_heads": 4,
        "num_key_value_heads": 4,
        "num_hidden_layers": 1,
        "intermediate_size": 32,
        "max_position_embeddings": 64,
        "rms_norm_eps": 1e-5,
        "vocab_size": 100,
    }
    (tmp_path / "base" / "config.json").write_text(json.dumps(config))
    theirs, ours = tmp_path / "theirs.gguf", tmp_path / "ours.gguf"
    command = [sys.executable, str(script), "--base", str(tmp_path / "base"), "--outfile", str(theirs)]
    subprocess.run([*command, str(adapter[0].parent)], check=True, capture_output=True)
    write_gguf_adapter(ours, read_peft_adapter(*adapter), read_base(write_tiny(tmp_path / "tiny.gguf")), {})
    expected, found = tensors(theirs), tensors(ours)
    assert sorted(found) == sorted(expected)
    assert all((found[name] == expected[name]).all() for name in expected)
    assert alpha(ours) == alpha(theirs)


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_what_torch_saves_is_read_as_torch_reads_it(sdist, tmp_path, dtype):
    import torch

    torch.manual_seed(1)
    whole = torch.randn(6, 5).to(getattr(torch, dtype))
    saved = {"plain": whole, "slice": whole[2:4, 1:], "turned": whole.T, "shared": whole.view(5, 6)}
    torch.save(saved, tmp_path / "adapter_model.bin")
    found = read_torch_file(tmp_path / "adapter_model.bin")
    assert sorted(found) == sorted(saved)
    assert all((found[name] == saved[name].float().numpy()).all() for name in saved)
