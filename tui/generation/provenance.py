"""Facts about this program and this machine, stored with every run."""

from __future__ import annotations

import os
import platform
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

import msgspec
import psutil

from tui.store.ids import new_id, now
from tui.store.records import RunRecord

Order = Literal["given", "shuffled"]


@cache
def app_version() -> str:
    try:
        return version("llm-grader")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "unknown"


def machine() -> str:
    """JSON: platform, processor, cores, memory in bytes, Python version. No host or user name."""
    facts = {
        "platform": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": psutil.cpu_count(logical=False) or os.cpu_count(),
        "memory": psutil.virtual_memory().total,
        "python": sys.version.split()[0],
    }
    return msgspec.json.encode(facts).decode()


class RunSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The options of a sitting without the app."""

    parallel: int
    """Most responses of the same weights at a time."""
    order: Order
    """The order of the models."""
    together: bool
    """Weights generated at the same time as far as memory held them, which slows each of them."""


def new_run(settings: RunSettings | None = None) -> RunRecord:
    return RunRecord(
        id=new_id(),
        started_at=now(),
        app_version=app_version(),
        machine=machine(),
        settings=msgspec.json.encode(settings).decode() if settings else "{}",
    )
