"""Weights are loaded as the target says which, and the machine's settings how."""

from __future__ import annotations

from pathlib import Path

from tui.engines.llama.settings import MachineSettings
from tui.engines.target import LocalTarget


def test_weights_are_loaded_as_the_target_and_the_settings_say() -> None:
    adapter = Path("adapter.gguf")
    target = LocalTarget(Path("some.gguf"), adapter_path=adapter, tokenizer_pre="olmo", context_length=512)
    settings = MachineSettings(threads=3, gpu_layers=5, devices=("CUDA0",))

    spec = settings.spec_of(target, lanes=2)

    assert (spec.path, spec.adapter_path) == ("some.gguf", "adapter.gguf")
    assert (spec.tokenizer_pre, spec.context_length) == ("olmo", 512)
    assert (spec.threads, spec.gpu_layers, spec.devices, spec.parallel) == (3, 5, ("CUDA0",), 2)
