"""The workers' log files: one each, the newest kept, read when a worker dies."""

from __future__ import annotations

import re
import time
from pathlib import Path

from tui.paths import make_folder, private
from tui.text import safe_line

KEPT = 20
_TAIL = 1 << 14
_SIGNALS = "Segmentation fault|Aborted|Bus error|Illegal instruction|Floating[- ]point exception"
"""Python's lines about a signal, which the exit code names as well."""
_TELLING = re.compile(
    r"GGML_ASSERT|GGML_ABORT|terminate called|what\(\):|"
    rf"Fatal Python error: (?!{_SIGNALS})|Error\b|(?<!Python )error:"
)


def new_log(folder: Path, weights: str, kind: str = "worker") -> Path:
    """A fresh file, for its owner alone, after the oldest of this kind beyond those kept are gone."""
    make_folder(folder)
    _prune(folder, kind)
    stem = re.sub(r"[^A-Za-z0-9._-]", "_", Path(weights).stem)[:80]
    log = folder / f"{kind}-{stem}-{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 10**9:09d}.log"
    open(log, "wb", opener=private).close()
    return log


def _prune(folder: Path, kind: str) -> None:
    logs = sorted(folder.glob(f"{kind}-*.log"), key=_age)
    for log in logs[: max(0, len(logs) - KEPT + 1)]:
        try:
            log.unlink()
        except OSError:
            continue  # still open in another worker on Windows, or somebody else's


def _age(log: Path) -> float:
    try:
        return log.stat().st_mtime
    except OSError:
        return 0.0


def last_words(log: Path) -> str:
    """The line of a dead worker's log that tells most; empty when it tells nothing."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - _TAIL))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    lines = [line for line in map(safe_line, text.splitlines()) if line]
    return next((line for line in lines if _TELLING.search(line)), "")
