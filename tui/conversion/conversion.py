"""One conversion: from what, to what, and the files it leaves on the way."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from tui.catalogue.model import Checkpoint
from tui.errors import WeightsError
from tui.weights.errors import disk_failures
from tui.weights.events import Finished
from tui.weights.files.digest_cache import remembered_sha256
from tui.weights.files.layout import ORIGIN, WHOLE, beside
from tui.weights.files.manifest import known_files, manifest_file
from tui.weights.files.provenance import Provenance, read_provenance, write_provenance
from tui.weights.files.removal import remove_checkpoint


@dataclass(frozen=True)
class Conversion:
    """`name` is what messages call it. `source` is on the Hub, or a folder on this machine; `quantisation`
    one of `quantisations.QUANTISATIONS`."""

    name: str
    source: Checkpoint | Path
    target: Path
    quantisation: str

    @property
    def title(self) -> str:
        """The file's name for itself, the same on every machine."""
        if isinstance(self.source, Checkpoint):
            return self.source.repo.rpartition("/")[2]
        return self.source.resolve().name

    @property
    def whole(self) -> Path:
        """The checkpoint as GGUF in 16 bits, before it is quantised."""
        return beside(self.target, WHOLE)

    @property
    def locked(self) -> Path:
        """The file that a conversion locks: all conversions of a checkpoint use the same fetched files."""
        return manifest_file(self.source) if isinstance(self.source, Checkpoint) else self.target

    @property
    def made_from(self) -> str:
        """The same as long as the source is: of a folder also what its files look like from outside."""
        if isinstance(self.source, Checkpoint):
            return f"{self.source.repo}@{self.source.revision}"
        looks = hashlib.sha256()
        for file in sorted(path for path in self.source.iterdir() if path.is_file()):
            stat = file.stat()
            looks.update(f"{file.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
        return f"{self.source.resolve().as_uri()}#{looks.hexdigest()[:16]}"

    def here_already(self) -> Finished | None:
        """The finished conversion, if it is there; None also if the file was damaged since: it is made again.

        Raises WeightsError for any other file at the target, which is not ours to replace.
        """
        if not self.target.is_file():
            return None
        origin = read_provenance(self.target)
        if origin is None or origin.made_from != self.made_from:
            raise WeightsError(
                f"{self.name}: {self.target} is there already, and was not made from this: remove it, "
                "or name another file"
            )
        size, digest = self.target.stat().st_size, remembered_sha256(self.target)
        if size != origin.size or (digest and digest != origin.sha256):
            return None
        return Finished(self.target, size, digest, digest is not None, fetched=False)

    def whole_is_here(self) -> bool:
        origin = read_provenance(self.whole)
        return (
            origin is not None
            and self.whole.is_file()
            and (origin.made_from, origin.size) == (self.made_from, self.whole.stat().st_size)
        )

    def keep_whole(self, path: Path) -> None:
        """Keep the file in 16 bits and remove the checkpoint, if it was fetched for this."""
        self._keep(path, self.whole, None)
        if isinstance(self.source, Checkpoint):
            remove_checkpoint(self.name, self.source)

    def keep(self, path: Path, sha256: str) -> None:
        self._keep(path, self.target, sha256)

    def clean_up(self) -> None:
        """Delete the intermediate files."""
        with disk_failures(self.whole):
            if origin := read_provenance(self.whole):
                if origin.made_from == self.made_from:
                    self.whole.unlink(missing_ok=True)
                beside(self.whole, ORIGIN).unlink(missing_ok=True)
        if isinstance(self.source, Checkpoint):
            remove_checkpoint(self.name, self.source)
            with disk_failures(self.target):
                manifest_file(self.source).unlink(missing_ok=True)

    def _keep(self, path: Path, target: Path, sha256: str | None) -> None:
        with disk_failures(target):
            origin = Provenance(self._url(), path.stat().st_size, "", sha256, made_from=self.made_from)
            write_provenance(target, origin)
            path.replace(target)

    def _url(self) -> str:
        if isinstance(self.source, Path):
            return self.source.resolve().as_uri()
        commit = next((file.revision for file in known_files(self.source)), self.source.revision)
        return f"{self.source.repo}@{commit}"
