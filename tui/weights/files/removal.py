"""Removal of files that are ours, and of nothing else."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui import paths
from tui.catalogue.shards import first_shard, shards_of
from tui.errors import WeightsError
from tui.weights.errors import SourceFailedError, disk_failures
from tui.weights.files.adapter import adapter_file, adapter_sources
from tui.weights.files.layout import (
    ORIGIN,
    PART,
    UNFINISHED_ORIGIN,
    WHOLE,
    beside,
    is_ours,
    placed_by_hand,
    remove_empty_folders,
    target_of,
)
from tui.weights.files.locate import present
from tui.weights.files.lock import TargetLock
from tui.weights.files.manifest import known_files, manifest_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tui.catalogue.model import Checkpoint, Model, Source


@dataclass(frozen=True)
class Removed:
    """`kept` are files of the model outside the models folder: another program's, or the person's own."""

    paths: tuple[Path, ...]
    bytes: int
    kept: tuple[Path, ...]


def of_the_same_file(model: Model, models: Iterable[Model]) -> list[str]:
    """The names of the others that lose theirs when this model's is removed."""
    sources = set(model.all_sources)
    return [each.name for each in models if each.name != model.name and sources & set(each.all_sources)]


def remove(model: Model) -> Removed:
    """The model's files in the models folder, whole and partial. Raises WeightsError while one is fetched."""
    on_hub = [source for source in model.all_sources if source.repo]
    fetched = list(_conversion_files(model.checkpoint)) if model.checkpoint else []
    fetched += [*_targets([*on_hub, *adapter_sources(model)]), adapter_file(model)]
    fetched += [shard for source in model.sources if source.path for shard in _shards_of_own(source.path)]
    removed: list[tuple[Path, int]] = []
    for target in dict.fromkeys(fetched):
        removed += remove_file(model.name, target)
    by_hand = (shard for source in on_hub for shard in shards_of(placed_by_hand(source)))
    for path in dict.fromkeys(by_hand):
        removed += _unlinked(path)
    kept = tuple(shard for file in present(model) for shard in file.shards if shard.is_file())
    return Removed(tuple(path for path, _ in removed), sum(size for _, size in removed), kept)


def _shards_of_own(path: str) -> tuple[Path, ...]:
    return shards_of(first_shard(paths.expanded(path)))


def _targets(sources: Iterable[Source]) -> Iterator[Path]:
    for source in sources:
        with contextlib.suppress(SourceFailedError):  # so nothing was ever fetched from it
            yield from shards_of(target_of(source))


def remove_checkpoint(name: str, checkpoint: Checkpoint) -> None:
    """Remove its fetched files, but not the list of them. `name` is the model's. Raises WeightsError."""
    for source in known_files(checkpoint):
        remove_file(name, target_of(source))


def _conversion_files(checkpoint: Checkpoint) -> Iterator[Path]:
    yield manifest_file(checkpoint)  # first: a conversion that goes on holds its lock
    for source in known_files(checkpoint):
        yield target_of(source)
    yield beside(target_of(checkpoint.converted), WHOLE)


def remove_traces(target: Path) -> None:
    """A part that is not wanted any more, unless a process is working on it."""
    if not beside(target, PART).exists() or not is_ours(target):
        return
    lock = TargetLock(target)
    if lock.try_now():
        try:
            list(_unlinked(beside(target, PART)))
            if not target.exists():
                list(_unlinked(beside(target, ORIGIN)))
        finally:
            lock.release()
        remove_empty_folders(target.parent)


def remove_file(name: str, target: Path) -> list[tuple[Path, int]]:
    """Remove it with all that is kept beside it, and give the sizes. The lock's file goes too, even one of a
    dead process. Raises WeightsError while another process is fetching it for the model `name`."""
    with disk_failures(target):
        if not target.parent.is_dir() or not is_ours(target):
            return []
    lock = TargetLock(target)
    if not lock.try_now():
        raise WeightsError(f"{name}: another process is fetching {target}: stop it first")
    all_of_it = (target, *(beside(target, suffix) for suffix in (PART, ORIGIN, UNFINISHED_ORIGIN)))
    try:
        removed = [each for path in all_of_it for each in _unlinked(path)]
    finally:
        lock.release()
    remove_empty_folders(target.parent)
    return removed


def _unlinked(path: Path) -> Iterator[tuple[Path, int]]:
    with disk_failures(path):
        if not path.is_file() or not is_ours(path):
            return
        size = path.lstat().st_size
        path.unlink()
    yield path, size
