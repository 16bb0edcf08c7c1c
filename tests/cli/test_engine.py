"""What a person has set for this machine, in a file or by options, goes to the engine when it is made."""

from __future__ import annotations

from tui.cli.engine import make_engine
from tui.config import Config
from tui.engines.llama.settings import MachineSettings

CONFIG = Config(threads=3, gpu_layers=7, device="CUDA0, CUDA1")


def settings_of(*, gpu_layers: int | None = None, devices: tuple[str, ...] = (), force: bool = False):
    return make_engine(CONFIG, gpu_layers=gpu_layers, devices=devices, force=force)._local._settings


def test_the_configuration_is_heeded() -> None:
    assert settings_of() == MachineSettings(threads=3, gpu_layers=7, devices=("CUDA0", "CUDA1"))


def test_an_option_wins_over_the_configuration() -> None:
    chosen = settings_of(gpu_layers=0, devices=("Vulkan0",), force=True)
    assert chosen == MachineSettings(threads=3, gpu_layers=0, devices=("Vulkan0",), force=True)
