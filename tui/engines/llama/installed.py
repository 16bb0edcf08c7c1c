"""The installed llama.cpp and this processor, found out without loading the library."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

_PROCESSOR_LIBRARY = "cpu"
"""A part of the name of the library for the CPU, one or two megabytes: all of it is read."""
_LARGEST = 64_000_000
_TELLING = {
    *("vendor_id", "cpu family", "model", "model name", "stepping", "flags"),
    *("CPU implementer", "CPU architecture", "CPU variant", "CPU part", "Features"),
    *("uarch", "isa", "cpu", "cpu model"),
}
"""Lines of Linux's /proc/cpuinfo that tell processors apart, on x86, ARM, and others."""
_SYSCTL = ("machdep.cpu.brand_string", "machdep.cpu.features", "machdep.cpu.leaf7_features")
_SECONDS = 5


def library_folders() -> list[Path]:
    """The folders of llama.cpp's libraries in the installed binding."""
    if chosen := os.environ.get("LLAMA_CPP_LIB_PATH"):  # the binding's own variable
        return [Path(chosen)]
    try:
        spec = find_spec("llama_cpp")
    except (ImportError, ValueError):
        return []
    return [Path(folder) / "lib" for folder in (spec and spec.submodule_search_locations) or ()]


@cache
def installed_build() -> str:
    """Differs between any two builds of llama.cpp, also of the same version."""
    try:
        number = version("llama-cpp-python")
    except PackageNotFoundError:
        number = "unknown"
    digest = hashlib.sha256()
    for file in sorted(file for folder in library_folders() for file in folder.glob("*")):
        digest.update(_traits(file).encode())
    return f"llama-cpp-python {number} {digest.hexdigest()[:16]}"


def _traits(file: Path) -> str:
    try:
        found = file.stat()
        if _PROCESSOR_LIBRARY in file.name and found.st_size < _LARGEST:
            return f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n"
        return f"{file.name} {found.st_size} {found.st_mtime_ns}\n"
    except OSError:
        return f"{file.name}\n"


@cache
def this_cpu() -> str:
    """Its name, and a digest of all that it says it can do."""
    facts = _linux_facts() or _other_facts()
    name = facts.get("model name") or facts.get("name") or platform.machine()
    said = "\n".join(f"{key}: {' '.join(sorted(value.split()))}" for key, value in sorted(facts.items()))
    return f"{name} {hashlib.sha256(said.encode()).hexdigest()[:16]}"


def _linux_facts() -> dict[str, str]:
    """Facts about the first processor."""
    try:
        first = Path("/proc/cpuinfo").read_text("utf-8", "replace").split("\n\n")[0]
    except OSError:
        return {}
    pairs = (line.partition(":") for line in first.splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs if key.strip() in _TELLING}


def _other_facts() -> dict[str, str]:
    facts = {"name": platform.processor() or platform.machine(), "machine": platform.machine()}
    if sys.platform != "darwin":
        return facts
    try:
        asked = ["/usr/sbin/sysctl", "-n", *_SYSCTL]  # an ARM one knows the first only, and says so
        done = subprocess.run(asked, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return facts
    brand, _, features = done.stdout.decode("utf-8", "replace").partition("\n")
    return facts | {"name": brand.strip() or facts["name"], "features": features}
