"""The system ends a child whose parent was killed, also inside one long call of C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9")

LONG_CALL = "sum(range(10**14))"
"""No other thread of Python's runs before it ends, in some weeks."""
PROGRAM = """
import os, subprocess, sys
from tui.processes.with_parent import parent_named
child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], env={**os.environ, **parent_named()})
print(child.pid, flush=True)
child.wait()
"""
CONVERTING = """
import sys
from pathlib import Path
from tui.conversion.child import lines_of
from tui.weights.control import Control
for line in lines_of("long_call", [], log=Path(sys.argv[1]), control=Control()):
    print(line, flush=True)
"""


def started(*command: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-c", *command], stdout=subprocess.PIPE, text=True, env=environment
    )


def gone(*pids: int) -> bool:
    processes = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
    _, alive = psutil.wait_procs(processes, timeout=20)
    for process in alive:
        process.kill()
    return not alive


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a limit of work takes its place")
def test_a_child_in_a_long_call_ends_with_its_parent() -> None:
    bound = (
        "from tui.processes.with_parent import end_with_parent; end_with_parent(); print('on', flush=True)"
    )
    with started(PROGRAM, f"{bound}; {LONG_CALL}") as program:
        assert program.stdout is not None
        pid = int(program.stdout.readline())
        assert program.stdout.readline() == "on\n"
        program.kill()
    assert gone(pid)


def test_a_child_whose_parent_died_before_it_could_tell_the_system_ends() -> None:
    """Its parent is another by then."""
    late = f"import os; os.environ['LLM_GRADER_PARENT_PROCESS'] = '{2**22 - 1}'\n"
    code = f"{late}from tui.processes.with_parent import end_with_parent; end_with_parent(); print('lives')"
    with started(code) as child:
        assert child.stdout is not None
        assert (child.stdout.read(), child.wait(20)) == ("", 1)


@pytest.mark.parametrize(("work", "code"), [(LONG_CALL, -signal.SIGVTALRM), ("'work'", 0)])
def test_where_the_kernel_cannot_tell_work_that_lets_nobody_look_is_limited(work: str, code: int) -> None:
    limit = "from tui.processes.with_parent import limit_unwatched_work; limit_unwatched_work(3)"
    honest = "import time; end = time.process_time() + 7\nwhile time.process_time() < end: pass"
    with started(f"{limit}\n{honest}\n{work}") as child:
        assert child.wait(60) == code


def test_a_step_of_a_conversion_in_a_long_call_ends_with_the_program_and_what_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "long_call.py").write_text(
        "import os, subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"print(os.getpid(), child.pid, flush=True)\n{LONG_CALL}\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    with started(CONVERTING, str(tmp_path / "log")) as program:
        assert program.stdout is not None
        pids = map(int, program.stdout.readline().split())
        program.kill()
    assert gone(*pids)
