"""Any error is one line that says what, where, and what to do; what is ours to repair is in a log."""

from __future__ import annotations

import errno
import os
import subprocess
import sys

import msgspec
import pytest

from tui import paths
from tui.errors import GraderError, StoreError
from tui.explain import explain

NUMBERS = [number for number in errno.errorcode if number]


@pytest.mark.parametrize("number", NUMBERS, ids=[errno.errorcode[number] for number in NUMBERS])
def test_every_error_of_the_system_is_one_line_with_the_place(number):
    line = explain(OSError(number, os.strerror(number), "/some/\x1b[31m/place"))
    assert line.startswith("/some/\N{REPLACEMENT CHARACTER}[31m/place: ")
    assert line.partition("/place: ")[2]
    assert "\n" not in line
    assert "Errno" not in line


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.EACCES, "permission denied"),
        (errno.ENOSPC, "the disk is full: make room"),
        (errno.EISDIR, "a folder, not a file"),
        (errno.ENAMETOOLONG, "choose a shorter one"),
        (errno.EMFILE, "ulimit -n"),
        (errno.ELOOP, "links that lead in a circle"),
        (errno.EROFS, "Read-only file system"),
        (errno.EIO, "I/O error"),
    ],
)
def test_the_words_say_what_to_do(number, expected):
    assert expected in explain(OSError(number, "x", "/place"))


def caught(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as raised:
        return raised


ERRORS = [
    MemoryError(),
    RecursionError("maximum recursion depth exceeded"),
    UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates not allowed"),
    ModuleNotFoundError("No module named 'jinja2'", name="jinja2"),
    ImportError("libgomp.so.1: cannot open shared object file"),
    KeyError("x"),
    AssertionError(),
    ValueError("of\ntwo lines \x1b]0;x\x07"),
    msgspec.ValidationError("Expected `int`"),
    ExceptionGroup("several", [KeyError("x"), ValueError("y")]),
    OSError("without a number"),
    ConnectionResetError(errno.ECONNRESET, "reset"),
]


@pytest.mark.parametrize("error", ERRORS, ids=[type(each).__name__ for each in ERRORS])
def test_every_other_error_is_one_line_too(error):
    line = explain(caught(error))
    assert line
    assert "\n" not in line
    assert "\x1b" not in line
    assert len(line) < 700


def test_a_mistake_of_ours_names_its_kind_and_the_log_that_has_the_traceback():
    line = explain(caught(KeyError("where")))
    log = paths.log_dir() / "errors.log"
    assert line == f"llm-grader made a mistake; please report it: KeyError: 'where' (more in {log})"
    assert "Traceback" in log.read_text()
    if os.name == "posix":
        assert log.stat().st_mode & 0o077 == 0


def test_the_log_of_errors_does_not_grow_for_ever(monkeypatch):
    monkeypatch.setattr("tui.explain._LARGEST_LOG", 5000)
    for _ in range(50):
        explain(caught(KeyError("where")))
    assert 0 < (paths.log_dir() / "errors.log").stat().st_size < 10_000


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
def test_the_log_is_not_written_through_a_link(tmp_path):
    paths.log_dir().mkdir(parents=True)
    (tmp_path / "precious").write_text("precious")
    (paths.log_dir() / "errors.log").symlink_to(tmp_path / "precious")
    line = explain(caught(KeyError("where")))
    assert (tmp_path / "precious").read_text() == "precious"
    assert "test_explain.py:" in line


def test_an_error_for_a_person_is_its_own_words():
    assert explain(StoreError("the database is there")) == "the database is there"
    assert explain(GraderError("a\nb \x1b[1m")) == "a b \N{REPLACEMENT CHARACTER}[1m"


@pytest.mark.parametrize("name", ["x" * 5000, "/" + "a/" * 3000])
def test_a_name_without_end_does_not_hide_what_is_said_of_it(name):
    for error in (StoreError(f"{name}: too long"), OSError(errno.ENAMETOOLONG, "x", name), KeyError(name)):
        line = explain(caught(error))
        assert len(line) < 700
        assert name[:50] in line
    assert explain(StoreError(f"{name}: too long")).endswith(": too long")
    assert explain(StoreError("word " * 500)) == ("word " * 500).strip()


def test_what_fails_in_a_thread_or_a_task_is_in_the_log_and_not_on_the_screen():
    code = """
import asyncio, threading, tui.uncaught, gc
tui.uncaught.note_what_nobody_catches()
def fail(): raise KeyError("in a thread")
thread = threading.Thread(target=fail); thread.start(); thread.join()
async def go():
    asyncio.get_running_loop().create_task(failing()); await asyncio.sleep(0)
async def failing(): raise KeyError("in a task")
asyncio.run(go()); gc.collect()
class Thrown:
    def __del__(self): raise KeyError("thrown away")
Thrown(); gc.collect()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
    noted = (paths.log_dir() / "errors.log").read_text()
    for where in ("in a thread", "in a task", "thrown away"):
        assert where in noted
