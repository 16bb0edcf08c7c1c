"""What llama.cpp's devices are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.engines.llama.worker import devices as module
from tui.engines.llama.worker.devices import devices, found_devices

if TYPE_CHECKING:
    import pytest


def test_a_worker_s_facts_ask_no_card_for_its_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def library(name: str) -> object:
        made = real(name)
        if hasattr(made, "ggml_backend_dev_memory"):
            made.ggml_backend_dev_memory = lambda device, *_sizes: asked.append(device)
        return made

    real = module._library
    monkeypatch.setattr(module, "_library", library)

    assert devices() and not asked
    assert len(found_devices()) == len(asked) == len(devices())
