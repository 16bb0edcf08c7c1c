"""Facts for `doctor`. Nothing here loads llama.cpp, opens the database or asks the network."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from tui import paths
from tui.cli.doctor_layouts import LayoutFacts, examine_layouts, rebuild_advice
from tui.engines.llama.probing import probe
from tui.engines.llama.threads import choose_threads
from tui.errors import EngineError
from tui.generation.provenance import app_version
from tui.memory.fit import fit_of
from tui.memory.free import free_memory, total_memory
from tui.units import gigabytes
from tui.weights.files.disk import free_for_models
from tui.weights.files.status import state_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.catalogue.model import Model
    from tui.engines.llama.probing import Build


_LARGE = 1_000_000_000
_REINSTALL = "pip install --force-reinstall --no-cache-dir llama-cpp-python"


@dataclass(frozen=True)
class ModelFact:
    name: str
    state: str
    fits: bool | None
    """None where nothing is known of its size."""
    line: str


@dataclass(frozen=True)
class Report:
    facts: dict[str, str] = field(default_factory=dict)
    advice: str = ""
    """One line to run for a GPU that the build cannot use."""
    rebuild: str = ""
    """One line to run for a CPU on which the build crashes."""
    layouts: LayoutFacts | None = None
    """None where llama.cpp cannot even be loaded."""
    models: tuple[ModelFact, ...] = ()
    engine_works: bool = False

    @property
    def can_run(self) -> bool:
        return self.engine_works and any(model.fits for model in self.models)


def examine(models: Iterable[Model], database: Path) -> Report:
    try:
        build = probe()
        engine = _engine(build)
    except EngineError as error:
        build, engine = None, {"engine": str(error)}
    layouts = examine_layouts() if build else None
    if layouts:
        engine |= {"layouts": layouts.line}
    facts = {"llm-grader": app_version(), "Python": f"{platform.python_version()}, {platform.platform()}"}
    facts |= engine | _machine() | _places(database) | _hub()
    gpus = tuple(device for device in build.devices if device.takes_layers) if build else ()
    judged = []
    for model in models:
        state = state_of(model)
        fit = fit_of(model, state.path, source=state.source, devices=gpus)
        judged.append(ModelFact(model.name, state.label, fit.can_load, fit.line))
    return Report(
        facts,
        _advice(build),
        rebuild_advice(build, layouts, _REINSTALL) if build and layouts else "",
        layouts,
        tuple(judged),
        layouts is not None and layouts.works,
    )


def _engine(build: Build) -> dict[str, str]:
    features = [part.strip() for part in build.system.rpartition("CPU :")[2].split("|") if part.strip()]
    usable = [feature.partition("=")[0].strip() for feature in features if feature.endswith("= 1")]
    facts = {
        "engine": f"llama-cpp-python {build.binding}",
        "backends": ", ".join(dict.fromkeys(each.name.rstrip("0123456789") for each in build.devices)),
        "CPU features": ", ".join(usable),
    }
    for device in build.devices:
        free = f", {_free_of(device.free, device.total)}"
        facts[f"device {device.name}"] = device.description + (free if device.takes_layers else "")
    return facts


def _machine() -> dict[str, str]:
    threads = choose_threads(_LARGE)
    return {
        "cores": f"{psutil.cpu_count(logical=False) or 1} physical, {os.cpu_count() or 1} logical",
        "threads": f"{threads.reading} read a prompt, {threads.writing} write with large weights",
        "memory": _free_of(free_memory(), total_memory()),
        "terminal": _terminal(),
    }


def _free_of(free: int, total: int) -> str:
    return f"{gigabytes(free, 1)} of {gigabytes(total, 1)} GB free"


def _terminal() -> str:
    if not sys.stdout.isatty():
        return "none, this is a pipe or a file"
    size = shutil.get_terminal_size()
    colours = os.environ.get("COLORTERM") or "256 colours or less"
    colours = "no colours" if os.environ.get("NO_COLOR") else colours
    return f"{size.columns}x{size.lines}, {os.environ.get('TERM', 'no TERM')}, {colours}"


def _places(database: Path) -> dict[str, str]:
    models = paths.models_dir()
    free = free_for_models()
    room = "" if free is None else f", {gigabytes(free, 1)} GB free on the disk"
    target = database if database.exists() else _existing(database.parent)
    writable = "can be written" if os.access(target, os.W_OK) else "cannot be written"
    return {"database": f"{database}, {writable}", "models": f"{models}{room}"}


def _existing(path: Path) -> Path:
    return next(each for each in (path, *path.absolute().parents) if each.exists())


def _hub() -> dict[str, str]:
    names = ("HF_ENDPOINT", "HF_HUB_OFFLINE", "HF_TOKEN")
    said = [f"{name} {'set' if os.environ.get(name) else 'not set'}" for name in names]
    return {"hub": ", ".join(said)}


def _advice(build: Build | None) -> str:
    if build is None or build.offloads:
        return ""
    if sys.platform == "darwin" and platform.machine() == "arm64":
        return f'The build lacks Metal: CMAKE_ARGS="-DGGML_METAL=on" {_REINSTALL}'
    if shutil.which("nvidia-smi") or Path("/proc/driver/nvidia").exists():
        return f'There is an NVIDIA GPU, the build lacks CUDA: CMAKE_ARGS="-DGGML_CUDA=on" {_REINSTALL}'
    return ""
