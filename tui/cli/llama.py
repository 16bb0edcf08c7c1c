"""The llama.cpp engine as the options and the configuration want it."""

from __future__ import annotations

import platform
import re
from typing import TYPE_CHECKING

from tui.cli.options import split_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.config import Config
    from tui.engines.llama.engine import LlamaEngine
    from tui.generation.plan import RunnableModel


def llama_engine(
    config: Config,
    runnable_models: Sequence[RunnableModel],
    *,
    devices: tuple[str, ...],
    force: bool,
    first: bool = False,
) -> LlamaEngine:
    """`first` is for the app: its answers go before those of `run` in another process."""
    from tui import paths
    from tui.engines.llama.engine import LlamaEngine
    from tui.engines.llama.sharing.presence import Presence
    from tui.engines.llama.sharing.priority import Precedence
    from tui.engines.llama.sharing.reservations import Reservations
    from tui.generation.refusal import explainer

    # A home folder may be shared by machines, whose memory is not.
    here = paths.state_dir() / "engines" / re.sub(r"[^\w.-]", "_", platform.node() or "here")
    return LlamaEngine(
        devices=devices or split_names(config.device),
        force=force,
        explain=explainer(runnable_models),
        precedence=Precedence(Presence(here), first=first),
        reservations=Reservations(here),
    )
