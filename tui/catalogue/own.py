"""A model for a GGUF file of a person's own, wherever a model of the catalogue can be named."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING

from tui import paths
from tui.catalogue.model import Model, Source
from tui.catalogue.shards import first_shard

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_LONGEST_NAME = 64


def own_model(path: Path, template: str | None = None, *, taken: Collection[str] = ()) -> Model:
    """Answers greedily, with the chat template in the file unless one is given. The file is not looked at.

    Of split weights any file may be named, and the first is taken. Called like the file, or, where that name
    is taken, like the file and its folder.
    """
    whole = first_shard(paths.expanded(path).absolute())
    name = next(name for name in _names(whole) if name not in taken)
    return Model(
        name=name,
        title=whole.name if name == _name(whole.stem) else f"{whole.parent.name}/{whole.name}",
        sources=(Source(path=str(whole)),),
        template=template,
        note="a file of your own",
    )


def _names(path: Path) -> Iterator[str]:
    yield _name(path.stem)
    if path.parent.name:
        yield _name(path.stem, f"-{_name(path.parent.name)}")
    for number in count(2):
        yield _name(path.stem, f"-{number}")


def _name(stem: str, ending: str = "") -> str:
    """`Qwen3 0.6B (Q8)` becomes `qwen3-0.6b-q8`."""
    ending = ending[: _LONGEST_NAME // 2]
    fitting = re.sub(r"[^a-z0-9._]+", "-", stem.lower()).strip("-._")
    return (fitting[: _LONGEST_NAME - len(ending)].rstrip("-._") or "own-model") + ending
