"""The processors and graphics cards this llama.cpp can use. The binding does not wrap these calls."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

import llama_cpp
from llama_cpp._ctypes_extensions import load_shared_library


def devices() -> tuple[str, ...]:
    """One name and description each; empty where the libraries do not answer."""
    try:
        ggml, base = _library("ggml"), _library("ggml-base")
        return tuple(_device(ggml, base, index) for index in range(ggml.ggml_backend_dev_count()))
    except (OSError, RuntimeError, AttributeError):
        return ()


def _library(name: str) -> Any:
    library = load_shared_library(name, Path(llama_cpp.__file__).parent / "lib")
    for function, restype, argtypes in (
        ("ggml_backend_dev_count", ctypes.c_size_t, []),
        ("ggml_backend_dev_get", ctypes.c_void_p, [ctypes.c_size_t]),
        ("ggml_backend_dev_name", ctypes.c_char_p, [ctypes.c_void_p]),
        ("ggml_backend_dev_description", ctypes.c_char_p, [ctypes.c_void_p]),
    ):
        if hasattr(library, function):
            getattr(library, function).restype = restype
            getattr(library, function).argtypes = argtypes
    return library


def _device(ggml: Any, base: Any, index: int) -> str:
    device = ggml.ggml_backend_dev_get(index)
    name, description = base.ggml_backend_dev_name(device), base.ggml_backend_dev_description(device)
    return f"{name.decode('utf-8', 'replace')}: {description.decode('utf-8', 'replace')}"
