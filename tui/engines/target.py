"""Targets of a request: weights on this machine, or a model that a server runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tui.catalogue.model import Model, Source


@dataclass(frozen=True)
class LocalTarget:
    """Equal ones share what is in memory, whichever model asks. `model` and `source` name it to a person
    where it does not fit."""

    path: Path
    """The GGUF file, the first one of split weights."""
    adapter_path: Path | None = None
    tokenizer_pre: str | None = None
    """Overrides the pre-tokenizer that the file names."""
    context_length: int = 2048
    model: Model | None = field(default=None, compare=False, repr=False)
    source: Source | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Endpoint:
    address: str
    """The server's address, for example `http://localhost:8080/v1`."""
    model: str
    """The server's name for the model."""


Target = LocalTarget | Endpoint
