"""Settings: the person's config.toml, with what the environment says over it."""

from __future__ import annotations

import getpass
import os
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from tui import paths
from tui.toml.reading import is_there, read_toml

MOST_THREADS = 512
"""The most that ggml has room for."""
MOST_GPU_LAYERS = 1_000_000
MOST_SECONDS = 604_800
"""A week."""


class Config(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The settings in config.toml. A flag comes before LLM_GRADER_<NAME>, which comes before the file."""

    grader: str = ""
    """Whose grades these are; empty is the name of the account."""
    theme: str = ""
    """A Textual theme for every start; empty is the one last chosen in the app."""
    threads: Annotated[int, Meta(ge=0, le=MOST_THREADS)] = 0
    """Threads of the engine; 0 chooses by the machine."""
    gpu_layers: Annotated[int, Meta(ge=-1, le=MOST_GPU_LAYERS)] = -1
    """Layers on the GPU; -1 is as many as fit, 0 none."""
    device: str = ""
    """GPUs to use, as `llm-grader doctor` names them, separated by commas; empty is all of them."""
    seconds_per_response: Annotated[float, Meta(ge=0, le=MOST_SECONDS)] = 0
    """An answer ends as it is after so many seconds, reading the prompt included; 0 is without limit."""
    keys: dict[str, str] = {}
    """Keys by binding id, for example skip = "s"; several keys are separated by commas."""


def load_config() -> Config:
    """Raises ConfigError for a mistake in the file."""
    file = paths.config_file()
    config = read_toml(file, Config) if is_there(file) else Config()
    return replace(
        config,
        grader=os.environ.get("LLM_GRADER_GRADER") or config.grader or account_name(),
        theme=os.environ.get("LLM_GRADER_THEME") or config.theme,
    )


def account_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # no such account, as in some containers
        return "grader"
