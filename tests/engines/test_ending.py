"""How a worker ended, told from its exit code on every system, and in one line."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

import pytest

from tui.engines.llama.ending import Ending, in_short

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it has no such signals")
ACCESS_VIOLATION, ILLEGAL_INSTRUCTION, HEAP_IS_CORRUPT = 0xC0000005, 0xC000001D, 0xC0000374


@pytest.mark.parametrize(
    ("code", "faulted", "crashed", "killed"),
    [
        (-signal.SIGSEGV, True, True, False),
        (-signal.SIGILL, True, True, False),
        (-signal.SIGBUS, True, True, False),
        (-signal.SIGABRT, False, True, False),
        (-signal.SIGFPE, False, True, False),
        (-signal.SIGKILL, False, False, True),
        (-signal.SIGTERM, False, False, True),
        (-signal.SIGHUP, False, False, False),
        (ACCESS_VIOLATION, True, True, False),
        (ACCESS_VIOLATION - (1 << 32), True, True, False),
        (ILLEGAL_INSTRUCTION, True, True, False),
        (HEAP_IS_CORRUPT, False, True, False),
        (0, False, False, False),
        (1, False, False, False),
        (3, False, False, False),
    ],
)
def test_what_ended_it(tmp_path: Path, code: int, faulted: bool, crashed: bool, killed: bool) -> None:
    ending = Ending("x.gguf", code, tmp_path / "x.log")
    assert (ending.faulted, ending.crashed, ending.killed) == (faulted, crashed, killed)


@pytest.mark.parametrize(
    ("code", "how"), [(-11, "SIGSEGV"), (ACCESS_VIOLATION, "exit code 0xc0000005"), (1, "exit code 1")]
)
def test_a_crash_names_its_log_and_where_more_is_found_out(tmp_path: Path, code: int, how: str) -> None:
    log = tmp_path / "x.log"
    log.write_text("load\nFatal Python error: Segmentation fault\n\nCurrent thread:\n")
    said = Ending("x.gguf", code, log).line
    assert said.startswith(f"the engine for x.gguf crashed ({how}); its log is {log}; ")
    assert said.endswith("`llm-grader doctor` says what works here")
    assert in_short(said) == f"crashed ({how}): see `llm-grader doctor`"


def test_a_failed_assertion_stands_beside_the_log(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_text("x.cpp:1: GGML_ASSERT(a == b) failed\nFatal Python error: Aborted\n")
    said = Ending("x.gguf", -signal.SIGABRT, log).line
    assert said.startswith(
        "the engine for x.gguf crashed (SIGABRT): x.cpp:1: GGML_ASSERT(a == b) failed; its log is "
    )
    assert in_short(said) == "crashed (SIGABRT): see `llm-grader doctor`"


def test_other_lines_are_not_shortened() -> None:
    assert in_short("x.gguf: not a GGUF file") == "x.gguf: not a GGUF file"
