"""The steps from a checkpoint to a GGUF file. One that is finished leaves a file, and is not done again."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tui.catalogue.model import Checkpoint
from tui.conversion.child import ChildFailedError, lines_of
from tui.conversion.converter import converter_folder, fetch_converter, require_packages
from tui.conversion.estimate import DIRECT, estimate, require_room
from tui.conversion.trying import try_file
from tui.engine.quantiser import Quantising
from tui.engine.worker_log import new_log
from tui.errors import WeightsError
from tui.paths import log_dir
from tui.weights.checkpoint import (
    checkpoint_files,
    fetch_checkpoint,
    fetched_bytes,
    known_files,
    manifest_file,
)
from tui.weights.control import Control
from tui.weights.events import Checking, Converting, Finished, Remark
from tui.weights.failures import disk_failures
from tui.weights.fingerprint import remember_sha256, remembered_sha256
from tui.weights.lock import TargetLock
from tui.weights.origin import Origin, write_origin
from tui.weights.pace import now_and_then
from tui.weights.patience import Patience
from tui.weights.places import PART, WHOLE, beside
from tui.weights.tidying import remove_checkpoint

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from tui.weights.events import FetchEvent

_PERCENT = re.compile(r"Writing: +(\d+)%")
_READ = 1 << 22

CONVERTER, CHECKPOINT, GGUF, TRIAL = (
    "fetching llama.cpp's converter",
    "fetching the checkpoint",
    "making a GGUF file",
    "trying it",
)


@dataclass(frozen=True)
class Conversion:
    """`name` is what messages call it. `source` is on the Hub, or a folder on this machine; `quantisation`
    one of `estimate.QUANTISATIONS`."""

    name: str
    source: Checkpoint | Path
    target: Path
    quantisation: str


def convert(
    conversion: Conversion, *, patience: Patience | None = None, control: Control | None = None
) -> Iterator[FetchEvent]:
    """The last event is Finished. What a finished step left is used; what was fetched for it is removed when
    it is not needed any more, a folder of the person's or another program's never.

    Raises WeightsError, and StoppedError after `control.stop()`.
    """
    require_packages()
    control = control or Control()
    lock = TargetLock(conversion.target)
    yield from lock.waited_for(control)
    try:
        yield from _Steps(conversion, patience or Patience(), control).all()
    finally:
        lock.release()


class _Steps:
    def __init__(self, conversion: Conversion, patience: Patience, control: Control) -> None:
        self._conversion = conversion
        self._patience = patience
        self._control = control
        self._target = conversion.target
        self._part = beside(conversion.target, PART)
        self._whole = beside(conversion.target, WHOLE)
        self._log = new_log(log_dir(), conversion.target.name, kind="convert")
        self._quantising = f"quantising to {conversion.quantisation}"
        self._direct = conversion.quantisation in DIRECT
        quantising = [] if self._direct else [self._quantising]
        self._names = [CONVERTER, CHECKPOINT, GGUF, *quantising, TRIAL]

    def all(self) -> Iterator[FetchEvent]:
        if self._target.is_file():
            digest = remembered_sha256(self._target)
            yield Finished(self._target, self._target.stat().st_size, digest, True, fetched=False)
            return
        if self._direct:
            yield from self._gguf(self._part, self._conversion.quantisation.lower())
        else:
            yield from self._made_whole()
            yield from self._quantised()
        yield from self._tried()
        yield from self._finished()

    def _made_whole(self) -> Iterator[FetchEvent]:
        if self._whole.is_file():
            return
        unfinished = beside(self._whole, PART)
        yield from self._gguf(unfinished, "auto")
        with disk_failures(self._whole):
            unfinished.replace(self._whole)
        if isinstance(self._conversion.source, Checkpoint):
            remove_checkpoint(self._conversion.name, self._conversion.source)

    def _gguf(self, path: Path, type_: str) -> Iterator[FetchEvent]:
        yield self._step(CONVERTER)
        for _ in fetch_converter(self._log, self._control):
            pass
        folder = yield from self._checkpoint()
        yield self._step(GGUF)
        converter = ["-m", "tui.conversion.converter_process", str(converter_folder()), str(folder)]
        options = ["--outfile", str(path), "--outtype", type_, "--model-name", self._title()]
        for line in self._lines([*converter, *options], errors_too=True):
            if found := _PERCENT.search(line):
                yield self._step(GGUF, int(found[1]) / 100)

    def _title(self) -> str:
        """What the file calls itself: the same wherever it is made."""
        source = self._conversion.source
        return source.repo.rpartition("/")[2] if isinstance(source, Checkpoint) else source.resolve().name

    def _checkpoint(self) -> Generator[FetchEvent, None, Path]:
        source = self._conversion.source
        if isinstance(source, Checkpoint):
            yield self._step(CHECKPOINT)
            files = yield from checkpoint_files(source, self._patience, self._control)
            self._require_room(sum(file.size or 0 for file in files), fetched_bytes(source))
            return (yield from fetch_checkpoint(source, self._patience, self._control))
        if not (source / "config.json").is_file():
            raise WeightsError(f"{source}: not a checkpoint as transformers saves it: no config.json in it")
        size = sum(file.stat().st_size for file in source.iterdir() if file.is_file())
        self._require_room(size, size)
        return source

    def _require_room(self, size: int, here: int) -> None:
        takes = estimate(size, self._conversion.quantisation, here=here)
        require_room(self._target.parent, takes.disk)

    def _quantised(self) -> Iterator[FetchEvent]:
        yield self._step(self._quantising)
        files = [str(self._whole), str(self._part)]
        for line in self._lines(["-m", "tui.engine.quantiser", *files, self._conversion.quantisation]):
            said = msgspec.json.decode(line, type=Quantising)
            if said.fraction is not None:
                yield self._step(self._quantising, said.fraction)
            elif said.warning:
                yield Remark(said.warning)

    def _tried(self) -> Iterator[FetchEvent]:
        yield self._step(TRIAL)
        try:
            warnings = try_file(self._part, self._control)
        except WeightsError as error:
            self._part.unlink(missing_ok=True)
            raise WeightsError(f"{self._conversion.name}: {error}") from error
        yield from map(Remark, warnings)

    def _finished(self) -> Iterator[FetchEvent]:
        digest, size = hashlib.sha256(), self._part.stat().st_size
        for done in now_and_then(_hashed(self._part, digest), self._control):
            yield Checking(self._target, done, size)
        with disk_failures(self._target):
            write_origin(self._target, Origin(self._origin(), size, "", digest.hexdigest()))
            self._part.replace(self._target)
        remember_sha256(self._target, digest.hexdigest())
        self._clean_up()
        yield Finished(self._target, size, digest.hexdigest(), verified=True, fetched=True, converted=True)

    def _clean_up(self) -> None:
        source = self._conversion.source
        with disk_failures(self._whole):
            self._whole.unlink(missing_ok=True)
        if isinstance(source, Checkpoint):
            remove_checkpoint(self._conversion.name, source)
            with disk_failures(self._target):
                manifest_file(source).unlink(missing_ok=True)

    def _origin(self) -> str:
        source = self._conversion.source
        if isinstance(source, Path):
            return source.resolve().as_uri()
        commit = next((file.revision for file in known_files(source)), source.revision)
        return f"{source.repo}@{commit}"

    def _lines(self, arguments: list[str], *, errors_too: bool = False) -> Iterator[str]:
        try:
            yield from lines_of(
                arguments,
                log=self._log,
                control=self._control,
                errors_too=errors_too,
                environment={"HF_HUB_OFFLINE": "1"},  # all there is to know lies in the folder
            )
        except ChildFailedError as error:
            raise WeightsError(f"{self._conversion.name}: {error}") from error

    def _step(self, what: str, fraction: float | None = None) -> Converting:
        return Converting(what, self._names.index(what) + 1, len(self._names), fraction)


def _hashed(path: Path, digest: hashlib._Hash) -> Iterator[int]:
    done = 0
    with path.open("rb") as file:
        while data := file.read(_READ):
            digest.update(data)
            done += len(data)
            yield done
