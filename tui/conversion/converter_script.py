"""llama.cpp's converter: the scripts that belong to the very llama.cpp that is installed.

They are no part of the installed package, but of the source distribution it was built from. pip fetches that.
"""

from __future__ import annotations

import importlib.util
import shutil
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from tui import paths
from tui.conversion.child import ChildFailedError, lines_of
from tui.errors import WeightsError
from tui.weights.errors import disk_failures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.weights.control import Control

SCRIPT = "convert_hf_to_gguf.py"
_BINDING = "llama-cpp-python"
_PACKAGES = ("torch", "transformers", "sentencepiece")
_VENDORED = "vendor/llama.cpp"
_WANTED = (SCRIPT, "conversion", "gguf-py/gguf")


def require_packages() -> None:
    """Raises WeightsError with the line that installs what is missing."""
    missing = [name for name in _PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        raise WeightsError(
            f"converting needs {', '.join(missing)}, about 1.2 GB: pip install 'llm-grader[convert]'"
        )


def converter_folder() -> Path:
    """The converter's folder for the installed version; it may not exist yet."""
    return paths.converter_dir() / f"{_BINDING}-{version(_BINDING)}"


def fetch_converter(log: Path, control: Control) -> Iterator[str]:
    """Gives what pip says. Raises WeightsError, StoppedError."""
    folder = converter_folder()
    if (folder / SCRIPT).is_file():
        return
    with disk_failures(folder), tempfile.TemporaryDirectory(prefix="llm-grader-") as temporary:
        yield from _downloaded(Path(temporary), log, control)
        archive = next(Path(temporary).glob("*.tar.gz"), None)
        if archive is None:
            raise WeightsError(f"pip gave no source distribution of {_BINDING} (more in {log})")
        unpack(archive, folder)


def _downloaded(into: Path, log: Path, control: Control) -> Iterator[str]:
    # Not `--no-binary :all:`: pip would build CMake too, where the source asks for it to say its name.
    options = ("--no-deps", "--no-binary", _BINDING, "--disable-pip-version-check", "--progress-bar", "off")
    what = f"{_BINDING}=={version(_BINDING)}"
    arguments = ["download", *options, "-d", str(into), what]
    try:
        yield from lines_of("pip", arguments, log=log, control=control, errors_too=True)
    except ChildFailedError as error:
        raise WeightsError(
            f"the source of {what}, which holds llama.cpp's converter, could not be fetched: {error}"
        ) from error


def unpack(archive: Path, folder: Path) -> None:
    """The converter out of a source distribution of llama-cpp-python. Appears whole or not at all.

    Raises WeightsError where it is not in there.
    """
    paths.make_shared_folder(folder.parent)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        unfinished = Path(temporary) / folder.name
        with tarfile.open(archive) as source:
            for member in source:
                if (place := _place(member.name)) and (content := source.extractfile(member)):
                    target = unfinished / place
                    target.parent.mkdir(parents=True, exist_ok=True)
                    with content, target.open("wb") as file:
                        shutil.copyfileobj(content, file)
        if not (unfinished / SCRIPT).is_file():
            raise WeightsError(f"{archive.name}: there is no {_VENDORED}/{SCRIPT} in it")
        try:
            unfinished.rename(folder)
        except OSError:  # another process was faster
            if not (folder / SCRIPT).is_file():
                raise


def _place(name: str) -> PurePosixPath | None:
    """The path for a member of the archive; None if it is not wanted or leads out of the folder."""
    _, vendored, rest = name.partition(f"/{_VENDORED}/")
    place = PurePosixPath(rest)
    wanted = vendored and any(place.is_relative_to(each) for each in _WANTED)
    return place if wanted and not {"..", "\\", ":"} & {*place.parts, *rest} else None
