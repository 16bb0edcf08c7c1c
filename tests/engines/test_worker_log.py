from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tui.engines.llama.worker_log import KEPT, last_words, new_log

if TYPE_CHECKING:
    from pathlib import Path


def test_the_newest_logs_are_kept(tmp_path: Path) -> None:
    for number in range(KEPT + 5):
        old = tmp_path / f"worker-{number:02}.log"
        old.touch()
        os.utime(old, (number, number))
    (tmp_path / "other.log").touch()

    new_log(tmp_path, "weights.gguf").touch()

    left = {log.name for log in tmp_path.glob("worker-[0-9]*.log")}
    assert left == {f"worker-{number:02}.log" for number in range(6, KEPT + 5)}
    assert (tmp_path / "other.log").exists()


def test_a_log_is_named_after_its_weights(tmp_path: Path) -> None:
    log = new_log(tmp_path / "logs", "some where/odd ✓ name.gguf")

    assert log.parent == tmp_path / "logs"
    assert log.name.startswith("worker-odd___name-")


def test_last_words_are_the_failed_assertion(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    log.write_text(
        "loading\n/src/x.cpp:12: GGML_ASSERT(a == b) failed\nFatal Python error: Aborted\n  File x\n"
    )

    assert last_words(log) == "/src/x.cpp:12: GGML_ASSERT(a == b) failed"
    assert last_words(tmp_path / "gone.log") == ""
