"""How many threads read and write, chosen by measuring (`bench/threads.py`, docs/benchmarks.md)."""

from __future__ import annotations

import os
from typing import NamedTuple

import psutil

WAITING = {"OMP_WAIT_POLICY": "passive"}
"""For the environment of a worker. By default OpenMP's threads wait for each other by spinning: beside
anything that needs a core, such as a second worker, all of them spin for the one that was put off, and speed
falls to a tenth."""

_SMALL = 300_000_000


class Threads(NamedTuple):
    reading: int
    """For the prompt, many tokens at once."""
    writing: int


def choose_threads(weights_bytes: int) -> Threads:
    """All cores read; one less writes, which the app draws with. Small weights are written by one thread.

    Writing a token waits for all threads hundreds of times, so that a core shared with another process slows
    every one of them; and with small weights, waking a thread costs more than it brings. Hyper-threads share
    the arithmetic that is the bottleneck, so only physical cores count.
    """
    cores = min(psutil.cpu_count(logical=False) or 1, _usable())
    writing = 1 if weights_bytes < _SMALL else max(1, cores - 1)
    return Threads(reading=cores, writing=writing)


def _usable() -> int:
    """The cores this process may run on, where the system can tell."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
