"""How many threads generate, chosen by measuring (`bench/threads.py`, docs/benchmarks.md)."""

from __future__ import annotations

import psutil


def choose_threads() -> int:
    return max(1, psutil.cpu_count(logical=False) or 1)
