"""Names of models in figures: one for each template, sampling and weights that answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MARK: Final = "~"
"""Stands between a name that several have and the hash that tells them apart."""
_SHOWN: Final = 4
_WHOLE: Final = 64

Key = tuple[str, str, str]
"""Name, hash of the settings, origin."""


class ModelId(NamedTuple):
    """A model of the figures."""

    name: str
    config_hash: str
    origin: str
    label: str
    """The name; of printed answers with where they are from; of several that have it, with a mark."""

    @property
    def is_printed(self) -> bool:
        """True of a model whose answers somebody else printed, such as the report of 2023."""
        return is_printed(self.origin)


def is_printed(origin: str) -> bool:
    """True of the name of a set. Other origins have a colon in them: a hash, a file's, an endpoint's."""
    return ":" not in origin


def named(models: Iterable[Key]) -> tuple[ModelId, ...]:
    """Each with a label of its own. Those with one name have the first characters of the hash of their
    settings where it tells them apart, else of their origin, else of both."""
    keys = list(models)
    live: dict[str, list[Key]] = {}
    for key in keys:
        if not is_printed(key[2]):
            live.setdefault(key[0], []).append(key)
    labels = {key: f"{key[0]}@{key[2]}" for key in keys}
    for name, same in live.items():
        labels |= {same[0]: name} if len(same) == 1 else _apart(same)
    return tuple(ModelId(*key, labels[key]) for key in keys)


def _apart(same: Sequence[Key]) -> dict[Key, str]:
    for parts in ((1,), (2,), (1, 2)):
        hashes = {key: [key[part].rpartition(":")[2] for part in parts] for key in same}
        for length in range(_SHOWN, _WHOLE + 1):
            marks = {key: "-".join(each[:length] for each in of) for key, of in hashes.items()}
            if len(set(marks.values())) == len(same):
                return {key: f"{key[0]}{MARK}{mark}" for key, mark in marks.items()}
    return {key: f"{key[0]}{MARK}{place}" for place, key in enumerate(same, 1)}
