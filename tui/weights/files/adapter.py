"""The LoRA adapter of a model: its place, its sources, and whether a good one is here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import paths
from tui.catalogue.model import Source
from tui.explain import reason_of
from tui.weights.files.local_file import LocalFile
from tui.weights.files.provenance import read_provenance

if TYPE_CHECKING:
    from pathlib import Path

    from tui.catalogue.model import Adapter, Model


def adapter_file(model: Model) -> Path:
    """The path of a model's converted GGUF adapter in the models folder."""
    return paths.models_dir() / f"{model.name}.lora.gguf"


def adapter_sources(model: Model) -> tuple[Source, ...]:
    """The files on the Hub that the adapter is made from."""
    adapter = model.adapter
    if adapter is None:
        return ()
    return tuple(Source(repo=adapter.repo, file=file, revision=adapter.revision) for file in adapter.files)


def adapter_origin(adapter: Adapter) -> str:
    """The origin of an adapter, as its GGUF file names it."""
    return f"{adapter.repo}@{adapter.revision}"


def adapter_path(model: Model) -> Path | None:
    """The path where the adapter is, or has to be; None for a model that has none."""
    if model.adapter is None:
        return None
    return paths.expanded(model.adapter.path) if model.adapter.path else adapter_file(model)


def missing_adapter(model: Model) -> str:
    """One line, empty when a good adapter is here or the model has none."""
    path = adapter_path(model)
    if path is None or model.adapter is None:
        return ""
    try:
        problem = _adapter_defect(path, model.adapter) if path.is_file() else None
    except OSError as error:
        return f"{model.name}: its LoRA adapter {path}: {reason_of(error)}"
    if problem == "":
        return ""
    mend = f"fetch it with `llm-grader pull {model.name}`" if model.adapter.repo else f"expected {path}"
    if problem:
        return f"{model.name}: its LoRA adapter {path} is broken: {problem}: {mend}"
    return f"{model.name}: the base weights are here, the LoRA adapter is not: {mend}"


def _adapter_defect(path: Path, adapter: Adapter) -> str:
    origin = read_provenance(path)
    if origin and adapter.repo and origin.made_from != adapter_origin(adapter):
        return f"it was made from {origin.made_from}, not from {adapter_origin(adapter)}"
    return LocalFile(path, Source(path=str(path))).defect
