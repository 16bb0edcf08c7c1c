"""An original checkpoint: the files of a repository that a conversion needs, all of one commit."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from huggingface_hub import try_to_load_from_cache

from tui.catalogue.model import Source
from tui.errors import WeightsError
from tui.weights.asking import patiently
from tui.weights.events import Finished, Progress, Started
from tui.weights.failures import ConnectionLostError, SourceFailedError, disk_failures
from tui.weights.fetch_file import fetch_file
from tui.weights.hub import RemoteRepository, describe_repository
from tui.weights.places import MANIFEST, beside, part_size, target_of

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from tui.catalogue.model import Checkpoint
    from tui.weights.control import Control
    from tui.weights.events import FetchEvent
    from tui.weights.hub import RepositoryFile
    from tui.weights.patience import Patience

_DESCRIBING = (".json", ".model", ".txt", ".jinja")
_SAFE, _PICKLED = ".safetensors", ".bin"


def fetch_checkpoint(
    checkpoint: Checkpoint, patience: Patience, control: Control
) -> Generator[FetchEvent, None, Path]:
    """The folder with all its files: in another program's cache, where they are there already.

    Goes on where it was, with the commit it began with. Raises WeightsError, StoppedError.
    """
    files = yield from checkpoint_files(checkpoint, patience, control)
    if folder := _folder_in_hub_cache(files):
        return folder
    with _named(checkpoint):
        yield from _fetch_all(files, patience, control)
    return target_of(files[0]).parent


def checkpoint_files(
    checkpoint: Checkpoint, patience: Patience, control: Control
) -> Generator[FetchEvent, None, list[Source]]:
    """Asks the Hub once, and keeps the answer beside the place of the converted file.

    Raises WeightsError, StoppedError.
    """
    if known := known_files(checkpoint):
        return known
    with _named(checkpoint):
        repository = yield from _described(checkpoint, patience, control)
    manifest = manifest_file(checkpoint)
    with disk_failures(manifest):
        manifest.parent.mkdir(parents=True, exist_ok=True)
        manifest.write_bytes(msgspec.json.encode(repository))
    return known_files(checkpoint)


def published_bytes(
    checkpoint: Checkpoint, patience: Patience, control: Control
) -> Generator[FetchEvent, None, int]:
    """Of all files that a conversion needs. Raises SourceFailedError, ConnectionLostError, StoppedError."""
    if known := known_files(checkpoint):
        return sum(each.size or 0 for each in known)
    repository = yield from _described(checkpoint, patience, control)
    return sum(file.size for file in repository.files)


def known_files(checkpoint: Checkpoint) -> list[Source]:
    """Those of a checkpoint that was begun to be fetched, else none."""
    try:
        manifest = msgspec.json.decode(manifest_file(checkpoint).read_bytes(), type=RemoteRepository)
    except (OSError, msgspec.DecodeError, SourceFailedError):
        return []
    return [
        Source(
            repo=checkpoint.repo,
            revision=manifest.commit,
            file=file.name,
            size=file.size or None,
            sha256=file.sha256,
        )
        for file in manifest.files
    ]


def fetched_bytes(checkpoint: Checkpoint) -> int:
    """Of a checkpoint that was begun; all, where another program's cache has it."""
    files = known_files(checkpoint)
    if files and _folder_in_hub_cache(files):
        return sum(each.size or 0 for each in files)
    return sum(map(_here, files))


def manifest_file(checkpoint: Checkpoint) -> Path:
    return beside(target_of(checkpoint.converted), MANIFEST)


def _described(
    checkpoint: Checkpoint, patience: Patience, control: Control
) -> Generator[FetchEvent, None, RemoteRepository]:
    ask = partial(describe_repository, checkpoint.repo, checkpoint.revision)
    repository = yield from patiently(ask, patience, control)
    needed = tuple(_needed(repository.files))
    if not needed:
        raise SourceFailedError("the repository holds no checkpoint in the format of transformers")
    return RemoteRepository(repository.commit, needed)


@contextmanager
def _named(checkpoint: Checkpoint) -> Iterator[None]:
    try:
        yield
    except (SourceFailedError, ConnectionLostError) as error:
        go_on = "; what is here stays: start it again to go on" if fetched_bytes(checkpoint) else ""
        raise WeightsError(f"{checkpoint.repo}: {error}{go_on}") from error


def _needed(files: Iterable[RepositoryFile]) -> Iterator[RepositoryFile]:
    """Configuration, tokenizer and weights; of weights in both formats those that are no pickles."""
    top = [file for file in files if "/" not in file.name]
    safe = any(file.name.endswith(_SAFE) for file in top)
    for file in top:
        is_weights = file.name.endswith(_SAFE if safe else _PICKLED) and file.name != "training_args.bin"
        if is_weights or file.name.endswith(_DESCRIBING):
            yield file


def _fetch_all(files: Sequence[Source], patience: Patience, control: Control) -> Iterator[FetchEvent]:
    """As if they were one file."""
    total, before, begun = sum(each.size or 0 for each in files), 0, False
    for source in files:
        for event in fetch_file(source, patience, control):
            match event:
                case Progress(done, _, rate):
                    left = (total - before - done) / rate if rate else None
                    yield Progress(before + done, total, rate, left)
                case Started() if begun:
                    pass
                case Started():
                    begun = True
                    yield replace(event, size=total, done=sum(map(_here, files)), target=event.target.parent)
                case Finished():
                    pass
                case _:
                    yield event
        before += source.size or 0


def _here(source: Source) -> int:
    target = target_of(source)
    return target.stat().st_size if target.is_file() else part_size(source)


def _folder_in_hub_cache(files: Sequence[Source]) -> Path | None:
    """Where all of them lie together, as another program left them."""
    found = [try_to_load_from_cache(each.repo, each.file, revision=each.revision) for each in files]
    folders = {Path(path).parent if isinstance(path, str) else None for path in found}
    return folders.pop() if len(folders) == 1 else None
