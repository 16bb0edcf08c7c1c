"""Fetching of a LoRA adapter, as PEFT saved it, and making it a GGUF adapter once."""

from __future__ import annotations

import contextlib
import hashlib
from typing import TYPE_CHECKING

from tui.errors import GraderError, WeightsError
from tui.units import amount
from tui.weights.errors import ConnectionLostError, SourceFailedError, disk_failures
from tui.weights.events import Converting
from tui.weights.fetching.fetch_file import fetch_file, finished_last
from tui.weights.files.adapter import adapter_file, adapter_origin, adapter_sources, missing_adapter
from tui.weights.files.digest_cache import remember_sha256
from tui.weights.files.hub_cache import cached_file
from tui.weights.files.layout import PART, beside, part_size, target_of
from tui.weights.files.lock import TargetLock
from tui.weights.files.provenance import Provenance, write_provenance
from tui.weights.files.removal import remove_file

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from pathlib import Path

    from tui.catalogue.model import Adapter, Model, Source
    from tui.weights.control import Control
    from tui.weights.events import FetchEvent


def fetch_adapter(model: Model, base: Path, control: Control) -> Iterator[FetchEvent]:
    """Does nothing where it is here. `base` are the weights it is for. Raises WeightsError, StoppedError."""
    adapter = model.adapter
    if adapter is None or not adapter.repo or not missing_adapter(model):
        return
    files: dict[str, Path] = {}
    for source in adapter_sources(model):
        files[source.file] = yield from _original(model, source, control)
    target = adapter_file(model)
    lock = TargetLock(target)
    yield from lock.waited_for(control)
    try:
        if missing_adapter(model):  # else the process that was waited for has been here
            yield Converting("making the adapter a GGUF file", 1, 1)
            _convert(model, adapter, files.values(), base)
    finally:
        lock.release()
    for source in adapter_sources(model):
        with contextlib.suppress(WeightsError, OSError):  # the adapter is here: they may stay
            remove_file(model.name, target_of(source))


def _original(model: Model, source: Source, control: Control) -> Generator[FetchEvent, None, Path]:
    if cached := cached_file(source):
        return cached
    try:
        finished = yield from finished_last(fetch_file(source, control))
    except (SourceFailedError, ConnectionLostError) as error:
        here = part_size(source)
        go_on = f"; {amount(here)} of it are here: start it again to go on" if here else ""
        raise WeightsError(
            f"{model.name}: its adapter {source.repo} {source.file}: {error}{go_on}"
        ) from error
    return finished.path


def _convert(model: Model, adapter: Adapter, files: Iterable[Path], base: Path) -> None:
    # Here, for numpy and gguf take a tenth of a second to import.
    from tui.weights.adapters.gguf_adapter import read_base, write_gguf_adapter
    from tui.weights.adapters.peft import config_and_weights, read_peft_adapter
    from tui.weights.adapters.torch_file import RefusedError

    target = adapter_file(model)
    part = beside(target, PART)
    try:
        config, weights = config_and_weights(files)
        with disk_failures(target):
            part.unlink(missing_ok=True)  # a link that stood there would be written through
            about = {
                "general.name": adapter.repo,
                "general.source.sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
            }
            write_gguf_adapter(part, read_peft_adapter(config, weights), read_base(base), about)
            digest = hashlib.sha256(part.read_bytes()).hexdigest()
            origin = Provenance(
                adapter.repo, part.stat().st_size, "", digest, made_from=adapter_origin(adapter)
            )
            write_provenance(target, origin)
            part.replace(target)
    except GraderError:
        raise
    except Exception as error:  # files of anybody's, read by a dozen readers: none may end the program
        part.unlink(missing_ok=True)
        why = error if isinstance(error, RefusedError) else f"it is broken ({type(error).__name__}: {error})"
        raise WeightsError(f"{model.name}: its adapter {adapter.repo} cannot be used: {why}") from error
    remember_sha256(target, digest)
