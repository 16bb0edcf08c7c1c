"""Finding out whether a batch decodes with llama.cpp's extra layouts, and without: each in a child process,
which may crash."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from tui.engines.llama.children.trial import EXTRA, PLAIN, SECONDS, Step
from tui.engines.llama.ending import Ending
from tui.engines.llama.process import ENVIRONMENT
from tui.processes.child import child_environment, module_command, run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.engines.llama.layouts import Layouts

COMMAND = module_command("tui.engines.llama.children.trial")


class Trial(NamedTuple):
    """The trial of one layout of weights."""

    works: bool
    said: str
    """`works`, or what it did instead and with which quantisation."""
    crashed: bool = False


class Trials(NamedTuple):
    extra: Trial
    plain: Trial


def try_layouts(layouts: Layouts, *, command: Sequence[str] = COMMAND, seconds: float = SECONDS) -> Trials:
    """Takes a second or two, and at most a bit more than twice `seconds`. What crashes with the extra layouts
    only is remembered."""
    from tui.engines.llama.tiny_weights import write_tiny_weights

    with tempfile.TemporaryDirectory(prefix="llm-grader-", ignore_cleanup_errors=True) as folder:
        weights = Path(folder, "tiny.gguf")
        try:
            write_tiny_weights(weights)
        except OSError as error:
            failed = Trial(False, f"cannot be tried: {error.strerror or error}")
            return Trials(failed, failed)
        extra, plain = (_try([*command, str(weights), way], Path(folder), seconds) for way in (EXTRA, PLAIN))
    if extra.crashed and plain.works:
        layouts.remember_crash()
    return Trials(extra, plain)


def _try(command: Sequence[str], folder: Path, seconds: float) -> Trial:
    log = folder / "trial.log"
    try:
        with log.open("wb") as stderr:
            environment = child_environment(ENVIRONMENT)
            done = run(command, seconds=seconds, stderr=stderr, environment=environment)
    except subprocess.TimeoutExpired as error:
        tried = _with(_steps(error.stdout or b""))
        return Trial(False, f"does not end{tried}, and was ended after {seconds:g} s")
    except OSError as error:
        return Trial(False, f"cannot be tried: {error.strerror or error}")
    return _judge(_steps(done.stdout), Ending("a trial", done.returncode, log))


def _judge(steps: list[Step], ending: Ending) -> Trial:
    last = steps[-1] if steps else Step()
    if last.done:
        return Trial(True, "works")
    if last.error:
        return Trial(False, f"fails{_with(steps)}: {last.error}")
    return Trial(False, f"crashes{_with(steps)} ({ending.how})", crashed=ending.crashed)


def _with(steps: list[Step]) -> str:
    tried = [step.quantisation for step in steps if step.quantisation]
    return f" with {tried[-1]}" if tried else ""


def _steps(output: bytes) -> list[Step]:
    found = []
    for line in output.splitlines():
        try:
            found.append(msgspec.json.decode(line, type=Step))
        except msgspec.DecodeError:
            continue
    return found
