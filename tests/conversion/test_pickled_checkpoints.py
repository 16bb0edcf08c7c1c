"""Checkpoints of 2023 are often pickles in shards: PyTorch reads them, and runs nothing that is in them."""

from __future__ import annotations

import json
import shutil

import gguf
import numpy as np
import pytest

from tui.conversion.conversion import Conversion
from tui.conversion.steps import convert
from tui.errors import WeightsError


@pytest.fixture
def pickled(checkpoint, tmp_path):
    """The same checkpoint in two shards of torch.save, with their index."""
    import torch
    from safetensors.torch import load_file

    folder = tmp_path / "pickled" / checkpoint.folder.name
    shutil.copytree(checkpoint.folder, folder)
    tensors = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    shards = {f"pytorch_model-0000{number}-of-00002.bin": {} for number in (1, 2)}
    for place, (name, tensor) in enumerate(sorted(tensors.items())):
        list(shards.values())[place % 2][name] = tensor
    for file, shard in shards.items():
        torch.save(shard, folder / file)
    weight_map = {name: file for file, shard in shards.items() for name in shard}
    (folder / "pytorch_model.bin.index.json").write_text(json.dumps({"weight_map": weight_map}))
    return folder


def converted(folder, target):
    *_, finished = convert(Conversion("tiny", folder, target, "F16"))
    return {tensor.name: np.array(tensor.data) for tensor in gguf.GGUFReader(finished.path).tensors}


def test_pickled_shards_give_the_same_tensors_as_safetensors(converter, checkpoint, pickled, tmp_path):
    expected = converted(checkpoint.folder, tmp_path / "safe.gguf")
    found = converted(pickled, tmp_path / "pickled.gguf")
    assert sorted(found) == sorted(expected)
    assert all((found[name] == expected[name]).all() for name in expected)


class Payload:
    def __init__(self, file):
        self._file = str(file)

    def __reduce__(self):
        return open, (self._file, "w")


def test_a_payload_in_a_shard_is_refused_and_does_not_run(converter, pickled, tmp_path):
    import torch

    ran = tmp_path / "ran"
    torch.save({"payload": Payload(ran)}, pickled / "pytorch_model-00001-of-00002.bin")
    with pytest.raises(WeightsError) as raised:
        converted(pickled, tmp_path / "bad.gguf")
    assert "\n" not in str(raised.value)
    assert "UnpicklingError: Weights only load failed" in str(raised.value)
    assert not ran.exists()
    assert not (tmp_path / "bad.gguf").exists()
