"""Asking a short-lived process what the installed llama.cpp can do: this one never loads it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import msgspec
from msgspec import Struct

from tui.engines.llama.ending import Ending
from tui.engines.llama.installed import library_folders
from tui.engines.llama.process import ENVIRONMENT
from tui.errors import EngineError
from tui.memory.free import Device
from tui.processes.child import child_environment, module_command, run
from tui.text import safe_line

_COMMAND = module_command("tui.engines.llama.children.probe")
_SECONDS = 60
_GPU_LIBRARIES = ("*cuda*", "*metal*", "*vulkan*", "*hip*", "*sycl*", "*opencl*", "*musa*", "*cann*")


class Build(Struct, frozen=True, kw_only=True):
    binding: str
    """Version of llama-cpp-python."""
    system: str
    """llama.cpp's system-info string: backends and CPU features."""
    offloads: bool
    """True if it can put layers on a GPU."""
    devices: tuple[Device, ...] = ()


def probe() -> Build:
    """Takes some tenths of a second. Raises EngineError with one line when the binding does not work."""
    try:
        done = run(_COMMAND, seconds=_SECONDS, environment=child_environment(ENVIRONMENT))
        done.check_returncode()
        return msgspec.json.decode(done.stdout, type=Build)
    except subprocess.CalledProcessError as error:
        raise EngineError(f"llama-cpp-python does not work here: {_last_line(error)}") from None
    except (OSError, subprocess.TimeoutExpired, msgspec.DecodeError) as error:
        raise EngineError(f"llama-cpp-python does not work here: {safe_line(str(error))}") from None


def may_have_gpu() -> bool:
    """True if the installed build comes with a library for some GPU; looks at names of files only."""
    return any(any(folder.glob(pattern)) for folder in library_folders() for pattern in _GPU_LIBRARIES)


def gpus() -> tuple[Device, ...]:
    """The GPUs that take layers, with their free memory; none where the build has no such backend."""
    if not may_have_gpu():
        return ()
    try:
        return tuple(device for device in probe().devices if device.takes_layers)
    except EngineError:  # the worker says it to whoever asked
        return ()


def _last_line(error: subprocess.CalledProcessError) -> str:
    lines = [line for line in error.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    return safe_line(lines[-1]) if lines else f"it ended with {Ending('', error.returncode, Path()).how}"
