"""Fetching of an original checkpoint: the files that a conversion needs, all of one commit."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from tui.catalogue.model import Source
from tui.errors import WeightsError
from tui.files import LARGEST_STATE, read_small, replace_whole
from tui.paths import make_shared_folder
from tui.weights.errors import ConnectionLostError, SourceFailedError, UnreachableError, disk_failures
from tui.weights.events import Finished, Progress, Started
from tui.weights.fetching.fetch_file import fetch_file
from tui.weights.files.disk import folder_bytes
from tui.weights.files.hub_cache import cached_repository
from tui.weights.files.layout import beside, target_of
from tui.weights.files.local_file import LocalFile
from tui.weights.files.manifest import RemoteRepository, bytes_here, known_files, manifest_file
from tui.weights.hub.asking import patiently
from tui.weights.hub.metadata import describe_repository

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence
    from pathlib import Path

    from tui.catalogue.model import Checkpoint
    from tui.weights.control import Control
    from tui.weights.events import FetchEvent
    from tui.weights.files.manifest import RepositoryFile

_MOST_FILES = 1000
_DESCRIBING = (".json", ".model", ".txt", ".jinja")
_SAFE = re.compile(r"model.*\.safetensors")
_PICKLED = re.compile(r"pytorch_model.*\.bin")


class _Index(Struct):
    weight_map: dict[str, str]


def fetch_checkpoint(checkpoint: Checkpoint, control: Control) -> Generator[FetchEvent, None, Path]:
    """The folder with all its files: in another program's cache, where they are there already.

    Goes on where it was, with the commit it began with. What is here is not asked for again. Raises
    WeightsError, StoppedError.
    """
    if folder := _folder_in_hub_cache(checkpoint):
        return folder
    files = yield from checkpoint_files(checkpoint, control)
    with _named(checkpoint):
        yield from _fetch_all(files, control)
    return target_of(files[0]).parent


def checkpoint_files(checkpoint: Checkpoint, control: Control) -> Generator[FetchEvent, None, list[Source]]:
    """Asks the Hub once, and keeps the answer beside the place of the converted file. None for a checkpoint
    in another program's cache: those are not ours. Raises WeightsError, StoppedError.
    """
    if _folder_in_hub_cache(checkpoint):
        return []
    if known := known_files(checkpoint):
        return known
    with _named(checkpoint):
        repository = yield from _described(checkpoint, control)
    manifest = manifest_file(checkpoint)
    with disk_failures(manifest):
        make_shared_folder(manifest.parent)
        replace_whole(manifest, msgspec.json.encode(repository), beside(manifest, ".tmp"))
    return known_files(checkpoint)


def published_bytes(checkpoint: Checkpoint, control: Control) -> Generator[FetchEvent, None, int]:
    """The size of all files that a conversion needs. Raises SourceFailedError, ConnectionLostError,
    StoppedError."""
    if folder := _folder_in_hub_cache(checkpoint):
        return folder_bytes(folder)
    if known := known_files(checkpoint):
        return sum(each.size or 0 for each in known)
    repository = yield from _described(checkpoint, control)
    return sum(file.size for file in repository.files)


def _described(checkpoint: Checkpoint, control: Control) -> Generator[FetchEvent, None, RemoteRepository]:
    ask = partial(describe_repository, checkpoint.repo, checkpoint.revision)
    repository = yield from patiently(ask, control)
    needed = tuple(_needed(repository.files))
    if not needed:
        raise SourceFailedError("the repository holds no checkpoint in the format of transformers")
    if len(needed) > _MOST_FILES:
        raise SourceFailedError(
            f"the repository lists {len(needed):,} files where {_MOST_FILES} would be many"
        )
    for file in needed:
        target_of(Source(repo=checkpoint.repo, file=file.name))  # refuses a name that leads elsewhere
    return RemoteRepository(repository.commit, needed)


@contextmanager
def _named(checkpoint: Checkpoint) -> Iterator[None]:
    try:
        yield
    except (SourceFailedError, ConnectionLostError) as error:
        go_on = _go_on(checkpoint, error)
        if isinstance(error, UnreachableError) and not go_on:
            raise  # which holds for every other repository too
        raise WeightsError(f"{checkpoint.repo}: {error}{go_on}") from error


def _go_on(checkpoint: Checkpoint, error: Exception) -> str:
    files = known_files(checkpoint)
    if not any(map(bytes_here, files)):
        return ""
    if isinstance(error, ConnectionLostError):
        return "; what is here stays: start it again to go on"
    folder, manifest = target_of(files[0]).parent, manifest_file(checkpoint)
    return f"; to begin anew, with what the repository holds now, remove {folder} and {manifest}"


def _needed(files: Iterable[RepositoryFile]) -> Iterator[RepositoryFile]:
    """Configuration, tokenizer and weights; of weights in both formats those that are no pickles. Which
    files are weights, the converter knows by the same names."""
    top = [file for file in files if "/" not in file.name]
    weights = [file for file in top if _SAFE.fullmatch(file.name)]
    weights = weights or [file for file in top if _PICKLED.fullmatch(file.name)]
    if weights:
        yield from (file for file in top if file in weights or file.name.endswith(_DESCRIBING))


def _fetch_all(files: Sequence[Source], control: Control) -> Iterator[FetchEvent]:
    """Fetch the files as if they were one."""
    total, before, begun = sum(each.size or 0 for each in files), 0, False
    for source in files:
        for event in () if _is_here(source) else fetch_file(source, control):
            match event:
                case Progress(done, _, rate):
                    left = (total - before - done) / rate if rate else None
                    yield Progress(before + done, total, rate, left)
                case Started() if begun:
                    pass
                case Started():
                    begun = True
                    yield replace(
                        event, size=total, done=sum(map(bytes_here, files)), target=event.target.parent
                    )
                case Finished():
                    pass
                case _:
                    yield event
        before += source.size or 0


def _is_here(source: Source) -> bool:
    file = LocalFile(target_of(source), source)
    return file.path.is_file() and file.size == (source.size or 0) and not file.defect


def _folder_in_hub_cache(checkpoint: Checkpoint) -> Path | None:
    """The folder in which another program left all of it."""
    folder = cached_repository(checkpoint.repo, checkpoint.revision)
    if folder is None:
        return None
    try:
        names = [file.name for file in folder.iterdir() if file.is_file()]
    except OSError:
        return None
    weights = [name for name in names if _SAFE.fullmatch(name) or _PICKLED.fullmatch(name)]
    whole = "config.json" in names and weights and _shards(folder) <= set(names)
    return folder if whole else None


def _shards(folder: Path) -> set[str]:
    """The shards that the checkpoint's index names; none for one in a single file."""
    found: set[str] = set()
    for index in folder.glob("*.index.json"):
        try:
            found |= set(
                msgspec.json.decode(read_small(index, LARGEST_STATE), type=_Index).weight_map.values()
            )
        except (OSError, ValueError, RecursionError):
            return {"a readable index"}
    return found
