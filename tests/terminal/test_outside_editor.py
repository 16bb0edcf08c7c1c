"""A text written in the person's own editor, which gets the terminal and gives it back."""

from __future__ import annotations

import shlex
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest

from terminal.scene import Answer, Scene
from tui.store.database import Store

if TYPE_CHECKING:
    from pathlib import Path

EDITOR = """
import sys
from pathlib import Path
file = Path(sys.argv[1])
before = file.read_text()
assert file.stat().st_mode & 0o077 == 0
print("EDITING", repr(before), flush=True)
sys.exit(int(left)) if (left := input()).isdigit() else file.write_text(left + "\\n")
"""


@pytest.fixture
def editor(tmp_path, monkeypatch):
    """An editor that takes a line for the text, or a number for its exit code."""
    program = tmp_path / "an editor.py"
    program.write_text(EDITOR)
    monkeypatch.setenv("EDITOR", shlex.join([sys.executable, str(program)]))
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    return program


def left_behind(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "temporary").glob("llm-grader-*"))


def test_the_field_is_what_the_editor_left_and_the_file_is_gone(app, tmp_path, editor):
    terminal = app(Scene(titles=["One"]))
    terminal.shows("no answer yet")
    terminal.press("e")
    terminal.shows("A prompt of your own")
    terminal.press("begun")
    terminal.shows("begun")
    terminal.press("\x0f")
    terminal.shows("EDITING 'begun'")
    terminal.press("Name a fruit.\r")
    terminal.shows_no_more("EDITING")
    terminal.shows("A prompt of your own", "Name a fruit.")
    assert left_behind(tmp_path) == []
    terminal.press("\x13")
    terminal.shows("Your own 1")
    assert terminal.quits() == 0
    with Store.open(tmp_path / "grades.db") as store:
        assert [own.instruction for own in store.own_items.all()] == ["Name a fruit."]


def test_a_note_is_what_the_editor_left(app, tmp_path, editor):
    terminal = app(Scene([Answer(["a whole answer"])], titles=["One"]))
    terminal.shows("no answer yet")
    terminal.press("r")
    terminal.shows("a whole answer", "n Note")
    terminal.press("n")
    terminal.shows("Note on A")
    terminal.press("begun")
    terminal.shows("begun")
    terminal.press("\x0f")
    terminal.shows("EDITING 'begun'")
    terminal.press("Counts from one.\r")
    terminal.shows_no_more("EDITING")
    terminal.shows("Note on A", "Counts from one.")
    terminal.press("\r")
    terminal.shows_no_more("Note on A")
    assert terminal.quits() == 0
    with Store.open(tmp_path / "grades.db") as store:
        assert [event.text for event in store.judgements.events()] == ["Counts from one."]


def test_an_editor_that_fails_or_is_interrupted_costs_a_line(app, tmp_path, editor):
    terminal = app(Scene(titles=["One"]))
    terminal.shows("no answer yet")
    terminal.press("E")
    terminal.shows("EDITING ''")
    terminal.press("3\r")
    terminal.shows_no_more("EDITING")
    terminal.shows("it ended with exit code 3", "A prompt of your own")
    terminal.press("kept")
    terminal.shows("kept")
    terminal.press("\x0f")
    terminal.shows("EDITING 'kept'")
    terminal.press("\x03")
    terminal.shows_no_more("EDITING")
    terminal.shows("it ended with exit code", "kept")
    assert left_behind(tmp_path) == []
    terminal.press("\x1b")
    terminal.shows_no_more("A prompt of your own")
    assert terminal.quits() == 0


@pytest.mark.parametrize(
    ("named", "said"),
    [("", "No editor is named: set VISUAL or EDITOR"), ("/no/such/editor -x", "editor: ")],
    ids=["none", "one that is not there"],
)
def test_without_an_editor_a_line_says_so_and_the_app_goes_on(
    app, tmp_path, editor, monkeypatch, named, said
):
    monkeypatch.setenv("EDITOR", named)
    terminal = app(Scene(titles=["One"]))
    terminal.shows("no answer yet")
    terminal.press("e")
    terminal.shows("A prompt of your own")
    terminal.press("\x0f")
    terminal.shows(said)
    terminal.press("still here")
    terminal.shows("still here")
    terminal.press("\x1b")
    terminal.shows_no_more("A prompt of your own")
    assert terminal.quits() == 0
