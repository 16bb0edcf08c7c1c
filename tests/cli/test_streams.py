"""What is printed gets there whole, or a word says what does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tui.errors import GraderError

PREPARED = "from tui.cli import streams; streams.prepare_streams()\n"
ENDING = "\nimport sys; sys.stdout.flush(); print(streams.replaced_characters(), file=sys.stderr)"


def run(code: str, *, encoding: str = "utf-8", text: bool = False):
    done = subprocess.run(
        [sys.executable, "-c", PREPARED + code + ENDING],
        env=os.environ | {"PYTHONIOENCODING": encoding},
        capture_output=True,
        check=True,
    )
    return done.stdout, done.stderr.decode()


def test_what_an_encoding_lacks_is_a_question_mark_and_one_warning():
    out, err = run(f"import click\nfor _ in range(3): click.echo({'你好 é'!r})", encoding="cp1252")
    assert out.decode("cp1252").split() == ["??", "é"] * 3
    assert err == (
        "the output is in cp1252, which lacks some characters: they are ? there; PYTHONUTF8=1 has them all\n"
    )
    out, err = run(f"import click; click.echo({'你好 é'!r})")
    assert out.decode().strip() == "你好 é"
    assert err == "\n"


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252", "latin-1"])
def test_json_loses_nothing_in_any_encoding(encoding):
    value = {"text": "你好 é 😀 \x1b[31m", "path": "/tmp/\udcff"}
    out, err = run(f"streams.echo_json({value!r})", encoding=encoding)
    assert json.loads(out.decode(encoding)) == value
    assert b"\x1b" not in out
    assert err == "\n"


@pytest.mark.skipif(sys.platform == "win32", reason="file names are Unicode there")
def test_a_pipe_gets_the_bytes_of_a_file_name_that_is_no_text():
    out, _ = run("import click; click.echo('/tmp/\\udcff\\udcfe')")
    assert out == b"/tmp/\xff\xfe\n"


def test_the_app_wants_a_terminal_that_has_every_character(monkeypatch):
    from tui.cli import streams

    stream = "__stdout__" if sys.platform == "win32" else "__stderr__"
    with Path(os.devnull).open("w", encoding="latin-1") as old:
        monkeypatch.setattr(sys, stream, old)
        with pytest.raises(GraderError, match="PYTHONUTF8=1"):
            streams.require_unicode_terminal()
    with Path(os.devnull).open("w", encoding="UTF-8") as new:
        monkeypatch.setattr(sys, stream, new)
        streams.require_unicode_terminal()


@pytest.mark.skipif(sys.platform == "win32", reason="descriptors are passed on")
def test_no_file_gets_the_number_of_a_stream_that_was_closed():
    code = "import os; os.write(int(sys.argv[1]), b'%d' % os.open(os.devnull, os.O_RDONLY))"
    reader, writer = os.pipe()
    subprocess.run(
        [
            "sh",
            "-c",
            f'exec "$0" -c "$1" {writer} <&- >&- 2>&-',
            sys.executable,
            f"import sys\n{PREPARED}{code}",
        ],
        pass_fds=[writer],
        check=True,
    )
    os.close(writer)
    assert int(os.read(reader, 10)) > 2
    os.close(reader)
