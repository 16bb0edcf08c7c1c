"""The engine as the options and the configuration want it."""

from __future__ import annotations

import platform
import re
from typing import TYPE_CHECKING

from tui.cli.options import split_names

if TYPE_CHECKING:
    from tui.config import Config
    from tui.engines.router import Router


def make_engine(
    config: Config, *, gpu_layers: int | None, devices: tuple[str, ...], force: bool, first: bool = False
) -> Router:
    """`first` is for the app: its answers go before those of `run` in another process."""
    from tui import paths
    from tui.engines.llama.engine import LlamaEngine
    from tui.engines.llama.settings import MachineSettings
    from tui.engines.llama.sharing.presence import Presence
    from tui.engines.llama.sharing.priority import Priority
    from tui.engines.llama.sharing.reservations import Reservations
    from tui.engines.router import Router

    settings = MachineSettings(
        threads=config.threads,
        gpu_layers=config.gpu_layers if gpu_layers is None else gpu_layers,
        devices=devices or split_names(config.device),
        force=force,
    )
    # A home folder may be shared by machines, whose memory is not.
    here = paths.state_dir() / "engines" / re.sub(r"[^\w.-]", "_", platform.node() or "here")
    local = LlamaEngine(
        settings, priority=Priority(Presence(here), first=first), reservations=Reservations(here)
    )
    return Router(local)
