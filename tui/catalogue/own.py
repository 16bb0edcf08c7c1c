"""A model for a GGUF file of a person's own, wherever a model of the catalogue can be named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui.catalogue.model import Model, Source

if TYPE_CHECKING:
    from pathlib import Path

_LONGEST_NAME = 64


def own_model(path: Path, template: str | None = None) -> Model:
    """Answers greedily, with the chat template in the file unless one is given. The file is not looked at."""
    whole = path.expanduser().absolute()
    return Model(
        name=_name(path.stem),
        title=path.name,
        licence="not known",
        sources=(Source(path=str(whole)),),
        template=template,
        note="a file of your own",
    )


def _name(stem: str) -> str:
    """`Qwen3 0.6B (Q8)` becomes `qwen3-0.6b-q8`."""
    fitting = re.sub(r"[^a-z0-9._]+", "-", stem.lower()).strip("-._")
    return fitting[:_LONGEST_NAME].rstrip("-._") or "own-model"
