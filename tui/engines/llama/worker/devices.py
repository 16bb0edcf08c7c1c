"""The processors and graphics cards this llama.cpp can use. The binding does not wrap these calls."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import llama_cpp
from llama_cpp._ctypes_extensions import load_shared_library

from tui.errors import EngineError
from tui.memory.free import Device
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Answer = TypeVar("Answer")
_KINDS: tuple[Literal["cpu", "gpu", "integrated", "accelerator"], ...] = (
    "cpu",
    "gpu",
    "integrated",
    "accelerator",
)
"""In the order of ggml's enum ggml_backend_dev_type."""
_SIZE = ctypes.POINTER(ctypes.c_size_t)


def devices() -> tuple[str, ...]:
    """One name and description each; empty where the libraries do not answer.

    None is asked for its memory: that alone takes some hundred MB of a CUDA card, for as long as the process
    lives.
    """
    return _asked(lambda base, device: f"{_name(base, device)}: {_description(base, device)}")


def found_devices() -> tuple[Device, ...]:
    """The devices with their free memory; empty where the libraries do not answer."""
    return _asked(_device)


def named_devices(names: Sequence[str]) -> Any:
    """The list that `llama_model_params.devices` wants, ended by NULL. Raises EngineError."""
    ggml = _library("ggml")
    handles = [ggml.ggml_backend_dev_by_name(name.encode()) for name in names]
    if missing := [name for name, handle in zip(names, handles, strict=True) if not handle]:
        known = ", ".join(_asked(_name))
        raise EngineError(f"there is no device {safe_line(missing[0])}; there are {known}")
    return (ctypes.c_void_p * (len(handles) + 1))(*handles, None)


def _asked(question: Callable[[Any, Any], Answer]) -> tuple[Answer, ...]:
    """The answer about each device."""
    try:
        ggml, base = _library("ggml"), _library("ggml-base")
        count = ggml.ggml_backend_dev_count()
        return tuple(question(base, ggml.ggml_backend_dev_get(index)) for index in range(count))
    except (OSError, RuntimeError, AttributeError):
        return ()


def _library(name: str) -> Any:
    library = load_shared_library(name, Path(llama_cpp.__file__).parent / "lib")
    for function, restype, argtypes in (
        ("ggml_backend_dev_count", ctypes.c_size_t, []),
        ("ggml_backend_dev_get", ctypes.c_void_p, [ctypes.c_size_t]),
        ("ggml_backend_dev_by_name", ctypes.c_void_p, [ctypes.c_char_p]),
        ("ggml_backend_dev_name", ctypes.c_char_p, [ctypes.c_void_p]),
        ("ggml_backend_dev_description", ctypes.c_char_p, [ctypes.c_void_p]),
        ("ggml_backend_dev_type", ctypes.c_int, [ctypes.c_void_p]),
        ("ggml_backend_dev_memory", None, [ctypes.c_void_p, _SIZE, _SIZE]),
    ):
        if hasattr(library, function):
            getattr(library, function).restype = restype
            getattr(library, function).argtypes = argtypes
    return library


def _name(base: Any, device: Any) -> str:
    return str(base.ggml_backend_dev_name(device).decode("utf-8", "replace"))


def _description(base: Any, device: Any) -> str:
    return str(base.ggml_backend_dev_description(device).decode("utf-8", "replace"))


def _device(base: Any, device: Any) -> Device:
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    base.ggml_backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
    kind = base.ggml_backend_dev_type(device)
    return Device(
        name=_name(base, device),
        description=_description(base, device),
        kind=_KINDS[kind] if 0 <= kind < len(_KINDS) else "other",
        free=free.value,
        total=total.value,
    )
