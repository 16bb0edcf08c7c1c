"""The steps from a checkpoint to a GGUF file. One that is finished leaves a file, and is not done again."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from tui.catalogue.model import Checkpoint
from tui.conversion.child import ChildFailedError, lines_of
from tui.conversion.converter_script import converter_folder, fetch_converter, require_packages
from tui.conversion.estimate import estimate
from tui.conversion.quantisations import DIRECT
from tui.conversion.smoke_test import try_file
from tui.engines.llama.children.quantiser import Quantising
from tui.engines.llama.worker_log import new_log
from tui.errors import WeightsError
from tui.paths import log_dir, make_shared_folder
from tui.units import amount
from tui.weights.control import Control
from tui.weights.errors import disk_failures
from tui.weights.events import Converting, Finished, Remark, Verifying
from tui.weights.fetching.fetch_checkpoint import checkpoint_files, fetch_checkpoint
from tui.weights.files.digest_cache import digest_of, remember_sha256
from tui.weights.files.disk import folder_bytes, is_full, require_room
from tui.weights.files.layout import PART, beside
from tui.weights.files.lock import TargetLock
from tui.weights.files.manifest import fetched_bytes
from tui.weights.hub.transfer_rate import now_and_then

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from tui.conversion.conversion import Conversion
    from tui.weights.events import FetchEvent

_PERCENT = re.compile(r"Writing: +(\d+)%")
_OFFLINE = {"HF_HUB_OFFLINE": "1"}
"""All there is to know lies in the checkpoint's folder."""

CONVERTER, CHECKPOINT, GGUF, TRIAL = (
    "fetching llama.cpp's converter",
    "fetching the checkpoint",
    "making a GGUF file",
    "trying it",
)


def convert(conversion: Conversion, *, control: Control | None = None) -> Iterator[FetchEvent]:
    """The last event is Finished. What a finished step left is used; what was fetched for it is removed when
    it is not needed any more, a folder of the person's or another program's never.

    Raises WeightsError, and StoppedError after `control.stop()`.
    """
    require_packages()
    control = control or Control()
    lock = TargetLock(conversion.locked)
    yield from lock.waited_for(control)
    try:
        yield from _Steps(conversion, control).all()
    finally:
        lock.release()


class _Steps:
    def __init__(self, conversion: Conversion, control: Control) -> None:
        self._conversion = conversion
        self._control = control
        self._part = beside(conversion.target, PART)
        with disk_failures(log_dir()):
            self._log = new_log(log_dir(), conversion.target.name, kind="convert")
        self._quantising = f"quantising to {conversion.quantisation}"
        self._direct = conversion.quantisation in DIRECT
        quantising = [] if self._direct else [self._quantising]
        self._names = [CONVERTER, CHECKPOINT, GGUF, *quantising, TRIAL]

    def all(self) -> Iterator[FetchEvent]:
        if finished := self._conversion.here_already():
            self._conversion.clean_up()
            yield finished
            return
        if self._direct:
            yield from self._gguf(self._part, self._conversion.quantisation.lower())
        else:
            yield from self._made_whole()
            yield from self._quantised()
        yield from self._tried()
        yield from self._finished()

    def _made_whole(self) -> Iterator[FetchEvent]:
        if self._conversion.whole_is_here():
            return
        unfinished = beside(self._conversion.whole, PART)
        yield from self._gguf(unfinished, "auto")
        self._conversion.keep_whole(unfinished)

    def _gguf(self, path: Path, type_: str) -> Iterator[FetchEvent]:
        yield self._step(CONVERTER)
        for _ in fetch_converter(self._log, self._control):
            pass
        folder = yield from self._checkpoint()
        yield self._step(GGUF)
        with disk_failures(path):
            path.unlink(missing_ok=True)  # a link that stood there would be written through
        converter = [str(converter_folder()), str(folder), "--model-name", self._conversion.title]
        with self._explained(useless=path):
            for line in lines_of(
                "tui.conversion.converter_process",
                [*converter, "--outfile", str(path), "--outtype", type_],
                log=self._log,
                control=self._control,
                errors_too=True,
                environment=_OFFLINE,
            ):
                if found := _PERCENT.search(line):
                    yield self._step(GGUF, int(found[1]) / 100)

    def _checkpoint(self) -> Generator[FetchEvent, None, Path]:
        source = self._conversion.source
        if isinstance(source, Checkpoint):
            yield self._step(CHECKPOINT)
            files = yield from checkpoint_files(source, self._control)
            if files:
                self._require_room(sum(file.size or 0 for file in files), fetched_bytes(source))
            folder = yield from fetch_checkpoint(source, self._control)
            if not files:
                self._require_room(folder_bytes(folder), folder_bytes(folder))
            return folder
        if not (source / "config.json").is_file():
            raise WeightsError(f"{source}: not a checkpoint as transformers saves it: no config.json in it")
        size = folder_bytes(source)
        self._require_room(size, size)
        return source

    def _require_room(self, size: int, here: int) -> None:
        takes = estimate(size, self._conversion.quantisation, here=here)
        folder = self._conversion.target.parent
        with disk_failures(folder):
            make_shared_folder(folder)
        require_room(folder, takes.disk, f"{folder}: converting needs {amount(takes.disk)} of disk")

    def _quantised(self) -> Iterator[FetchEvent]:
        yield self._step(self._quantising)
        whole = self._conversion.whole
        with disk_failures(self._part):
            self._part.unlink(missing_ok=True)
        arguments = [str(whole), str(self._part), self._conversion.quantisation]
        with self._explained(useless=self._part):
            for line in lines_of(
                "tui.engines.llama.children.quantiser", arguments, log=self._log, control=self._control
            ):
                said = msgspec.json.decode(line, type=Quantising)
                if said.error:
                    raise ChildFailedError(f"{said.error}; if it fails again, remove {whole}")
                if said.warning:
                    yield Remark(said.warning)
                elif said.fraction is not None:
                    yield self._step(self._quantising, said.fraction)

    def _tried(self) -> Iterator[FetchEvent]:
        yield self._step(TRIAL)
        try:
            warnings = try_file(self._part, self._control)
        except WeightsError as error:
            self._part.unlink(missing_ok=True)
            raise WeightsError(f"{self._conversion.name}: {error}") from error
        yield from map(Remark, warnings)

    def _finished(self) -> Iterator[FetchEvent]:
        target, size = self._conversion.target, self._part.stat().st_size
        with disk_failures(self._part):
            digest = yield from self._digest(size)
        self._conversion.keep(self._part, digest)
        remember_sha256(target, digest)
        self._conversion.clean_up()
        yield Finished(target, size, digest, verified=True, fetched=True, converted=True)

    def _digest(self, size: int) -> Generator[FetchEvent, None, str]:
        digest = ""

        def read() -> Iterator[int]:
            nonlocal digest
            digest = yield from digest_of(self._part)

        for done in now_and_then(read(), self._control):
            yield Verifying(self._conversion.target, done, size)
        return digest

    @contextmanager
    def _explained(self, *, useless: Path) -> Iterator[None]:
        """A step that failed cannot go on where it was: what it has written goes."""
        try:
            yield
        except ChildFailedError as error:
            useless.unlink(missing_ok=True)
            if is_full(useless.parent):
                full = f"the disk is full: make room in {useless.parent} and start it again"
                raise WeightsError(f"{self._conversion.name}: {full}") from error
            raise WeightsError(f"{self._conversion.name}: {error}") from error

    def _step(self, what: str, fraction: float | None = None) -> Converting:
        return Converting(what, self._names.index(what) + 1, len(self._names), fraction)
