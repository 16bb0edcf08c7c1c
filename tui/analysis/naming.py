"""Names of models in figures: one for each template, sampling and weights that answered."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

MARK: Final = "~"
"""Stands between a name that several have and what tells them apart."""
_SHOWN: Final = 4


class ModelId(NamedTuple):
    """A model of the figures."""

    name: str
    config_hash: str
    origin: str
    label: str
    """The name, with the mark and a few characters where several have it."""


def named(models: Iterable[tuple[str, str, str]]) -> tuple[ModelId, ...]:
    """Each with a label of its own: of those with one name, by the first characters of the hash of their
    settings where that differs for all of them, else of that and the weights."""
    each = list(models)
    counts = Counter(name for name, _, _ in each)
    told: dict[tuple[str, str, str], str] = {}
    for name in counts:
        same = [model for model in each if model[0] == name]
        told |= {same[0]: name} if len(same) == 1 else _apart(same)
    return tuple(ModelId(*model, told[model]) for model in each)


def _apart(models: list[tuple[str, str, str]]) -> dict[tuple[str, str, str], str]:
    marks = {model: _marks(model, models) for model in models}
    for length in range(_SHOWN, 65):
        shown = {model: "-".join(mark[:length] for mark in of) for model, of in marks.items()}
        if len(set(shown.values())) == len(models):
            break
    return {model: f"{model[0]}{MARK}{shown[model]}" for model in models}


def _marks(model: tuple[str, str, str], models: list[tuple[str, str, str]]) -> list[str]:
    """What is different among the models, without the word before a colon."""
    differ = [place for place in (1, 2) if len({each[place] for each in models}) > 1]
    return [model[place].rpartition(":")[2] for place in differ]
