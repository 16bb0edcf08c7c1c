from __future__ import annotations

import os
import sys
import time

import pytest

from tui.app import clipboard
from tui.app.clipboard import copy_to_system

pytestmark = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="for the commands of X and Wayland"
)

TEXT = "é 你好 👩‍👩‍👧\n\ttab"


@pytest.fixture
def desktop(monkeypatch, tmp_path):
    """A desktop with these commands, each a line of shell; what one copies lands in a file."""
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.defpath}")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(clipboard.shutil, "which", lambda name: name if (tmp_path / name).exists() else None)

    def use(variable, **commands):
        monkeypatch.setenv(variable, ":0")
        for name, line in commands.items():
            file = tmp_path / name.replace("_", "-")
            file.write_text(f"#!/bin/sh\n{line.format(copied=tmp_path / 'copied')}\n")
            file.chmod(0o755)
        return tmp_path / "copied"

    return use


@pytest.mark.parametrize(
    ("variable", "command"), [("DISPLAY", "xclip"), ("DISPLAY", "xsel"), ("WAYLAND_DISPLAY", "wl_copy")]
)
def test_the_desktops_own_command_is_given_the_text(desktop, variable, command):
    copied = desktop(variable, **{command: "cat > {copied}"})
    assert copy_to_system(TEXT)
    assert copied.read_text("utf-8") == TEXT


def test_a_command_that_fails_has_not_copied_and_writes_nothing_onto_the_screen(desktop, capfd):
    desktop("DISPLAY", xclip="cat > /dev/null; echo no; echo Can not open display >&2; exit 1")
    assert not copy_to_system(TEXT)
    assert capfd.readouterr() == ("", "")


def test_a_command_that_stays_in_the_background_is_not_waited_for(desktop):
    desktop("DISPLAY", xclip="cat > {copied}; sleep 5 &")
    begun = time.monotonic()
    assert copy_to_system(TEXT)
    assert time.monotonic() - begun < 2


def test_a_command_that_hangs_is_given_up(desktop, monkeypatch):
    monkeypatch.setattr(clipboard, "_TIMEOUT_SECONDS", 0.2)
    desktop("DISPLAY", xclip="exec sleep 60")
    assert not copy_to_system(TEXT)


def test_a_command_that_goes_away_without_reading_is_no_error(desktop):
    desktop("DISPLAY", xclip="exit 1")
    assert not copy_to_system("long " * 1_000_000)


def test_without_a_desktop_there_is_no_clipboard(desktop):
    assert not copy_to_system(TEXT)


def test_half_a_surrogate_pair_is_copied_as_a_question_mark(desktop):
    copied = desktop("DISPLAY", xclip="cat > {copied}")
    assert copy_to_system("a\ud800b")
    assert copied.read_text("utf-8") == "a?b"
