"""Warnings of llama.cpp while it loads a file, in words that say what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNKNOWN_SPLIT = (
    "the file does not say how its text is split into tokens, as files from before May 2024 do not: "
    "the model may read and write worse than it can; take a newer file, or name this one in a models file "
    "with tokenizer_pre"
)
_EMPHASIS = re.compile(r"GENERATION QUALITY WILL BE DEGRADED!|CONSIDER REGENERATING THE MODEL|[a-z_0-9]+:")


def in_words(warnings: Iterable[str]) -> list[str]:
    """A line each; what only adds emphasis to another goes."""
    return [_meaning(warning) for warning in warnings if not _EMPHASIS.fullmatch(warning)]


def _meaning(warning: str) -> str:
    return _UNKNOWN_SPLIT if "missing pre-tokenizer type" in warning else warning
