"""Commands of the program, each in a process of its own that is forked from one which has imported it all.

So hundreds of them cost seconds. Reads one request a line from standard input, answers with a line of JSON.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

_SECONDS = 20


def serve() -> None:
    _import_all()
    _warm_up(json.loads(sys.stdin.readline()))
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(_run(json.loads(line))), flush=True)


def _warm_up(calls: list[list[str]]) -> None:
    """Here, so that whatever they import is there: who has become somebody else may not read it any more."""

    from tui.cli.main import main

    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for call in calls:
            sys.argv = ["llm-grader", *call]
            quiet = contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO())
            with quiet[0], quiet[1], contextlib.suppress(SystemExit):
                main()


def _import_all() -> None:
    import rich.console
    import rich.table  # noqa: F401
    import sqlite_utils  # noqa: F401

    import tui.weights  # noqa: F401 - puts aside what huggingface_hub could not be imported with
    from tui.cli.main import COMMANDS
    from tui.cli.models import COMMANDS as OF_MODELS
    from tui.engines.llama import probing
    from tui.errors import EngineError

    def unasked() -> None:
        raise EngineError("the engine is not asked in this test")

    probing.probe = unasked
    for module, _ in (*COMMANDS.values(), *OF_MODELS.values()):
        __import__(module)
    for module in (
        "cli.pull_output",
        "cli.doctor_facts",
        "weights.fetching.fetch",
        "weights.overview",
        "config",
    ):
        __import__(f"tui.{module}")
    for module in (
        "conversion.steps",
        "generation.batch",
        "store.exchange.export",
        "store.exchange.importing",
        "engines.llama.engine",
        "cli.run_output",
    ):
        __import__(f"tui.{module}")


def _run(request: dict) -> dict:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            _child(request, out.fileno(), err.fileno())
        status, late = _waited(child)
        told = {}
        for name, file in (("out", out), ("err", err)):
            file.seek(0)
            told[name] = file.read().decode("utf-8", "backslashreplace")
        return {"code": os.waitstatus_to_exitcode(status), "late": late, **told}


def _waited(child: int) -> tuple[int, bool]:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return status, False
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1], True


def _child(request: dict, out: int, err: int) -> None:
    code = 70
    try:
        sys.argv = ["llm-grader", *(os.fsdecode(bytes.fromhex(each)) for each in request["arguments"])]
        os.environ.clear()
        os.environb.update(
            {key.encode(): bytes.fromhex(value) for key, value in request["environment"].items()}
        )
        os.chdir(request["folder"])
        _streams(request, out, err)
        if limit := request.get("largest"):
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        if (user := request.get("user")) is not None and os.geteuid() == 0:
            os.setgroups([])
            os.setgid(user)
            os.setuid(user)
        code = _main()
    finally:
        os._exit(code)


def _streams(request: dict, out: int, err: int) -> None:
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    for number, place in request.get("instead", {}).items():
        if place == "gone":
            reader, writer = os.pipe()
            os.close(reader)
            os.dup2(writer, int(number))
        else:
            os.dup2(os.open(place, os.O_WRONLY), int(number))
    for number in request.get("closed", ()):
        os.close(number)
    encoding = request.get("encoding", "utf-8")
    sys.stdin = sys.__stdin__ = None if 0 in request.get("closed", ()) else open(0, closefd=False)  # noqa: SIM115
    sys.stdout = sys.__stdout__ = _as_python_opens(1, encoding, "strict", request)
    sys.stderr = sys.__stderr__ = _as_python_opens(2, encoding, "backslashreplace", request)


def _as_python_opens(number: int, encoding: str, errors: str, request: dict) -> io.TextIOWrapper | None:
    if number in request.get("closed", ()):
        return None
    file = io.BufferedWriter(io.FileIO(number, "w", closefd=False))
    return io.TextIOWrapper(file, encoding=encoding, errors=errors, line_buffering=number == 2)


def _main() -> int:
    from tui.cli.main import main

    code = 0
    try:
        main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1 if ended.code else 0
    except BaseException:
        traceback.print_exc()
        code = 1
    for stream in (sys.stdout, sys.stderr):
        try:  # as Python does at its end
            if stream is not None:
                stream.flush()
        except BaseException:
            os.write(2, b"Exception ignored in: the output\n")
            code = 120
    return code


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    serve()
