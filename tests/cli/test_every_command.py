"""Every command there is, started as nobody should start it: a line, and no traceback, whatever is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from .every_command import COMMANDS, NOBODY, NOT_UTF8, arguments_of, check, for_all

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="commands are forked")


def test_the_commands_are_all_there():
    names = [" ".join(names) for names, _ in COMMANDS]
    assert {"", "run", "pull", "models", "models verify", "export", "doctor"} <= set(names)


@pytest.mark.parametrize("name", ["CONFIG", "DATA", "STATE", "MODELS"])
@pytest.mark.parametrize("place", ["forbidden", "forbidden/within", "file/within"])
def test_a_folder_that_cannot_be_used(forked, name, place):
    forbidden, file = forked.folder / "forbidden", forked.folder / "file"
    forbidden.mkdir(exist_ok=True)
    forbidden.chmod(0)
    file.write_bytes(b"")
    try:
        for_all(forked, {f"LLM_GRADER_{name}_DIR": forked.folder / place}, user=NOBODY)
        if name == "CONFIG" and place == "forbidden":
            done = forked(["models"], {"LLM_GRADER_CONFIG_DIR": forbidden}, user=NOBODY)
            assert done["err"].startswith(
                f"llm-grader: {forbidden}/models.toml: cannot be looked up: permission"
            )
            assert done["err"].count("\n") == 1
    finally:
        forbidden.chmod(0o700)


HOMES = [None, "", "relative", "/nowhere/at/all", "/dev/null", b"/tmp/\xff\xfe"]


@pytest.mark.parametrize("home", HOMES, ids=[repr(home) for home in HOMES])
def test_a_home_that_is_none(forked, home):
    nothing = dict.fromkeys(("LLM_GRADER_DATA_DIR", "LLM_GRADER_CONFIG_DIR", "LLM_GRADER_STATE_DIR"))
    for_all(forked, nothing | {"HOME": home, "HF_HOME": None}, user=NOBODY)
    assert not (forked.folder / "~").exists()
    assert not (forked.folder / "relative").exists()


@pytest.mark.parametrize("closed", [[0], [1], [2], [0, 1, 2]], ids=str)
def test_streams_that_are_closed(forked, closed):
    for_all(forked, closed=closed)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("place", ["/dev/full", "gone"])
@pytest.mark.parametrize("number", ["1", "2"])
def test_streams_that_cannot_be_written(forked, number, place):
    for_all(forked, instead={number: place})


def test_an_output_that_cannot_be_written_is_exit_code_1_and_messages_that_cannot_are_not(forked):
    assert forked(["prompts"], instead={"1": "/dev/full"})["code"] == 1
    assert forked(["prompts"], closed=[1])["code"] == 1
    assert "the output cannot be written: it is closed" in forked(["prompts"], closed=[1])["err"]
    assert forked(["prompts", "nosuch/1"], closed=[2])["code"] == 2
    assert forked(["prompts", "nosuch/1"], instead={"2": "/dev/full"})["code"] == 2


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-16"])
def test_output_in_another_encoding(forked, encoding):
    for_all(forked, encoding=encoding)


def test_a_disk_that_is_full(forked):
    (forked.folder / "full").mkdir(exist_ok=True)
    places = {f"LLM_GRADER_{name}_DIR": forked.folder / "full" / name for name in ("DATA", "STATE")}
    for_all(forked, places, largest=1)


WRONG = {
    "HTTPS_PROXY": (
        ":::",
        "foo",
        "http://",
        "gopher://x",
        "http://x:y",
        "socks5://127.0.0.1:9",
        "http://[",
        b"\xff",
    ),
    "HTTP_PROXY": (":::", "http:// x", "socks4://x"),
    "ALL_PROXY": (":::", "socks5h://127.0.0.1:9", "x://y"),
    "NO_PROXY": (":::", "[", "http://[", "1.2.3.4/99"),
    "SSL_CERT_FILE": ("/nonexistent.pem", "/dev/null", "/dev/zero", "/tmp", "/etc/passwd", b"\xff"),
    "SSL_CERT_DIR": ("/nonexistent", "/etc/passwd", "/dev/null"),
    "REQUESTS_CA_BUNDLE": ("/nonexistent.pem",),
    "CURL_CA_BUNDLE": ("/nonexistent.pem", "/etc/passwd"),
    "HF_TOKEN": ("hf_é", "a b", b"\xff"),
    "LLM_GRADER_GPU_LAYERS": ("x", "9" * 30, "inf", "-2"),
    "LLM_GRADER_DB": ("/dev/null", "/dev/full", "/", "/nowhere/x.db", b"/tmp/\xff\xfe/x.db"),
    "LLM_GRADER_MODELS_DIR": ("/dev/null", "~nosuch/x", b"/tmp/\xff\xfe"),
    "LLM_GRADER_DEVICE": ("\x1b[31m", "nosuch", b"\xff"),
    "LLM_GRADER_GRADER": ("\x1b[31m", b"\xff"),
    "COLUMNS": ("x", "-1", "0", "9" * 30),
    "TERM": ("", "nosuch", "dumb"),
}


@pytest.mark.parametrize("variable", WRONG)
def test_a_variable_that_makes_no_sense(forked, variable):
    calls = [["pull", "mpt-7b-chat", "falcon-7b-instruct"]]
    if not variable.endswith(("PROXY", "BUNDLE")) and not variable.startswith("SSL"):
        calls = [["models"], ["doctor"], ["run"], ["export"]]
    for value in WRONG[variable]:
        for call in calls:
            check(forked(call, {variable: value}), (call, variable, value))


@pytest.mark.parametrize("value", ["host:port", "", "ftp://x", "https://a b", "https://x:999999", "http://["])
def test_an_address_of_the_hub_that_is_none_is_one_line_at_once(value, tmp_path):
    """A process that begins from nothing: huggingface_hub reads it while it is imported."""
    done = subprocess.run(
        [sys.executable, "-m", "tui", "pull", "falcon-7b-instruct", "falcon-40b-instruct"],
        env=os.environ | {"HF_ENDPOINT": value, "HF_HUB_ETAG_TIMEOUT": "soon", "HF_HUB_OFFLINE": "0"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    first, second = done.stderr.splitlines()
    assert done.returncode == 1
    assert first.startswith("llm-grader: falcon-7b-instruct: HF_ENDPOINT is ")
    assert second == "llm-grader: the same holds for falcon-40b-instruct"


def test_names_that_are_not_utf8(forked):
    for command in COMMANDS:
        names, it = command
        for each in it.params:
            takes_text = isinstance(each.type, click.Path | click.types.StringParamType)
            if isinstance(each, click.Option) and not each.is_flag and takes_text:
                given = [each.opts[-1], NOT_UTF8]
                check(forked([*arguments_of(command), *given]), (names, given))
        check(forked(arguments_of(command, NOT_UTF8)), (names, NOT_UTF8))
        check(forked([*arguments_of(command), "--nosuch-\ud8ff".encode("utf-8", "replace"), b"\xff"]), names)


def test_numbers_out_of_bounds_are_refused_with_the_bounds(forked):
    tried = 0
    for names, it in COMMANDS:
        for each in it.params:
            if isinstance(each.type, click.IntRange):
                for value in (10**30, -(10**30), "9" * 5000, "inf", "nan", "1.5", "x", "²", "", 2**63, 2**31):
                    tried += 1
                    done = forked([*arguments_of((names, it)), f"{each.opts[-1]}={value}"])
                    check(done, (names, each.opts, value), (2,) if value != 2**31 else (0, 1, 2))
                    if value == 10**30:
                        assert f"<={each.type.max}" in done["err"], done
    assert tried > 40
