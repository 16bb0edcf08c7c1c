"""The person's settings for loading weights on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.engines.llama.protocol import LoadSpec

if TYPE_CHECKING:
    from tui.engines.target import LocalTarget


class MachineSettings(NamedTuple):
    threads: int = 0
    """0 lets the worker choose: see `tui/engines/llama/threads.py`."""
    gpu_layers: int = -1
    """-1 is as many as fit, where the build has a GPU backend."""
    devices: tuple[str, ...] = ()
    """llama.cpp's names of the GPUs to use, for example CUDA0; none named is all of them."""
    force: bool = False
    """Load also what does not fit into memory."""

    def spec_of(self, target: LocalTarget, lanes: int) -> LoadSpec:
        return LoadSpec(
            path=str(target.path),
            adapter_path=str(target.adapter_path) if target.adapter_path else None,
            context_length=target.context_length,
            tokenizer_pre=target.tokenizer_pre,
            gpu_layers=self.gpu_layers,
            devices=self.devices,
            threads=self.threads,
            parallel=lanes,
        )
