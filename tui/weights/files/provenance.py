"""A note of where a file in the models folder came from, kept beside it from its first byte on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from tui.files import read_small, replace_whole
from tui.weights.files.layout import ORIGIN, UNFINISHED_ORIGIN, beside

if TYPE_CHECKING:
    from pathlib import Path


_LARGEST = 100_000


class Provenance(Struct, frozen=True):
    """`etag` and `sha256` are what the Hub said; `served_etag` is the header of the answer with the bytes,
    which may come from another host and then is that host's own."""

    url: str
    size: int
    etag: str
    sha256: str | None = None
    served_etag: str = ""
    made_from: str = ""
    """The source of a file that was made here, so that one made from something else is not taken for it."""


def read_provenance(target: Path) -> Provenance | None:
    try:
        return msgspec.json.decode(
            read_small(beside(target, ORIGIN), _LARGEST, follow=False), type=Provenance
        )
    except (OSError, ValueError, RecursionError):
        return None


def write_provenance(target: Path, origin: Provenance) -> None:
    encoded, temporary = msgspec.json.encode(origin), beside(target, UNFINISHED_ORIGIN)
    replace_whole(beside(target, ORIGIN), encoded, temporary)
