"""Threads for reading and writing; their numbers were measured (`bench/threads.py`, docs/benchmarks.md)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import psutil

if TYPE_CHECKING:
    from collections.abc import Mapping

_WAITING = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "500"}
_SMALL = 300_000_000


class Threads(NamedTuple):
    reading: int
    """Threads for the prompt, many tokens at once."""
    writing: int


def how_to_wait(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Environment for a worker that sets how its threads wait, unless the person has chosen.

    They sleep; with GNU's OpenMP only after some ten microseconds, in which the others are done if nothing
    holds them up. By default they would spin for milliseconds: beside anything that needs a core, such as a
    second worker, all of them would spin for the one that was put off.
    """
    return {} if any(name in environment for name in _WAITING) else dict(_WAITING)


def choose_threads(weights_bytes: int) -> Threads:
    """All cores read; one less writes, which the app draws with, but for two: both are worth more.

    Writing a token waits for all threads hundreds of times, so that a core shared with another process slows
    every one of them; and with small weights, waking a thread costs more than it brings. Hyper-threads share
    the arithmetic that is the bottleneck, so only physical cores count.
    """
    cores = min(psutil.cpu_count(logical=False) or 1, usable_cores())
    writing = 1 if weights_bytes < _SMALL else min(cores, max(2, cores - 1))
    return Threads(reading=cores, writing=writing)


def usable_cores() -> int:
    """The cores this process may run on, where the system can tell."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
