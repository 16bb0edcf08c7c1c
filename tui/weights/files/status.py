"""The status of a model's file: absent, partial, verified, unverified or broken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tui.catalogue.shards import shards_of
from tui.weights.files.adapter import adapter_path
from tui.weights.files.digest_cache import read_sha256
from tui.weights.files.digests import read_identity
from tui.weights.files.layout import part_size, target_of
from tui.weights.files.locate import present
from tui.weights.files.manifest import fetched_bytes, known_files
from tui.weights.files.provenance import read_provenance

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.catalogue.model import Model, Source
    from tui.weights.files.local_file import LocalFile

Word = Literal["absent", "partial", "verified", "unverified", "broken"]


@dataclass(frozen=True)
class WeightsState:
    """verified: hashed, and the sha256 is a published one, or the one noted when the file was made here.
    unverified: none is known, or it was never hashed. broken: another size or sha256 than it should have, as
    `defect` says."""

    word: Word
    source: Source | None = None
    path: Path | None = None
    size: int | None = None
    """Bytes of the whole file, or of all that the weights are split into."""
    done: int = 0
    defect: str = ""
    sha256: str | None = None

    @property
    def label(self) -> str:
        """The word, or how much is here: `43 %`."""
        # Down, so that 100 % is never said of a part.
        return f"{self.done * 100 // self.size} %" if self.word == "partial" and self.size else self.word


def state_of(model: Model) -> WeightsState:
    """Reads no file as a whole."""
    broken = None
    for file in present(model):
        state = _state_of_file(file)
        if state.word != "broken":
            return state
        broken = broken or state
    return _partial(model) or broken or WeightsState("absent")


def verify(model: Model) -> Iterator[int]:
    """Hashes the file that would be run, else one that is broken, whatever is known of it, and the adapter;
    gives the number of bytes read of each. `state_of` and `missing_adapter` know more afterwards. Raises
    WeightsError."""
    path = state_of(model).path
    if path and all(shard.is_file() for shard in shards_of(path)):
        yield from read_identity(path)
    if (adapter := adapter_path(model)) and adapter.is_file():
        yield from read_sha256(adapter)


def _state_of_file(file: LocalFile) -> WeightsState:
    size, problem = file.size, file.defect
    word: Word = "broken" if problem else "verified" if file.is_verified else "unverified"
    return WeightsState(word, file.source, file.path, size, size, problem, file.sha256)


def _partial(model: Model) -> WeightsState | None:
    for source in model.sources:
        if source.repo and (done := part_size(source)):
            origin = read_provenance(target_of(source))
            return WeightsState("partial", source, size=origin.size if origin else None, done=done)
    checkpoint = model.checkpoint
    if checkpoint and (done := fetched_bytes(checkpoint)):
        size = sum(source.size or 0 for source in known_files(checkpoint))
        return WeightsState("partial", checkpoint.converted, size=size, done=done)
    return None
