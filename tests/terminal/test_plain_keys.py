"""Plain mode at a terminal: single keys, and what a terminal sends beside them."""

from __future__ import annotations

import re
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from tui import paths
from tui.app.pace import LEAST_SECONDS
from tui.store.database import Store
from tui.store.exchange.built_in import REPORT
from tui.store.exchange.importing import import_built_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from terminal.terminal import Terminal

ASKED = re.compile(rb"Grade [A-D]: ")


class Sitting:
    """`llm-grader grade --plain` in a terminal, over the answers of the report."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self._asked = 0
        self.wait()

    @property
    def text(self) -> str:
        return self.terminal.raw.decode().replace("\r\n", "\n")

    def wait(self) -> None:
        """Until it asks once more."""
        self._asked += 1
        self.terminal.until(lambda: len(ASKED.findall(self.terminal.raw)) >= self._asked)
        self.terminal.until(self._is_raw)

    def press(self, keys: str) -> None:
        """At a pace at which a person decides."""
        self.terminal.read_for(LEAST_SECONDS)
        self.terminal.press(keys)
        self.wait()

    def _is_raw(self) -> bool:
        """True once it waits for a key: what came before counts for nothing."""
        import termios

        modes = termios.tcgetattr(self.terminal._child.child_fd)
        return not modes[3] & termios.ICANON


@pytest.fixture
def sitting(terminal: Callable[..., Terminal]) -> Sitting:
    with Store.open(paths.database_file()) as store:
        import_built_in(store, REPORT, app_version="0.1.0")
    started = terminal(
        sys.executable, "-m", "tui", "grade", "--plain", "--grader", "mei", environment={"TERM": "dumb"}
    )
    return Sitting(started)


def kinds() -> list[tuple[str, str | None]]:
    with Store.open(paths.database_file(), create=False) as store:
        mei = store.graders.find("mei")
        judged = [each for each in store.judgements.events() if mei and each.grader_id == mei.id]
        return [(each.kind, each.level or each.text) for each in judged]


def test_single_keys_judge_and_what_they_ask_for_is_typed_as_a_line(sitting):
    sitting.press("3")
    sitting.terminal.press("n")
    sitting.terminal.until(lambda: "Note: " in sitting.text)
    sitting.press("two slips\r")
    sitting.press("\x7f")
    sitting.press("\x7f")
    sitting.press("U")
    sitting.press("２")

    sitting.terminal.press("q")
    assert sitting.terminal.ends() == 0
    assert kinds() == [
        ("grade", "pass"),
        ("note", "two slips"),
        *[("undo", None)] * 2,
        ("redo", None),
        ("grade", "partial"),
    ]
    assert "Everything is saved." in sitting.text


def test_it_writes_text_only(sitting):
    for key in ("1", "\t", "]", "i", "?", "r"):
        sitting.press(key)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", sitting.text)


def test_of_keys_that_come_at_once_only_the_first_decides(sitting):
    sitting.press("111")
    assert "Several keys came at once: only the first counts." in sitting.text
    assert kinds() == [("grade", "fail")]


def test_an_arrow_judges_nothing(sitting):
    sitting.terminal.press("\x1b[1;5C")
    sitting.terminal.press("\x1b[A")
    while "this help" not in sitting.text:  # a key between two reads counts for nothing
        sitting.terminal.press("?")
        sitting.terminal.read()
    assert kinds() == []
    assert "Item 2" not in sitting.text
    assert "means nothing" not in sitting.text


@pytest.mark.parametrize(("key", "code"), [("\x03", 130), ("\x04", 0)])
def test_ctrl_c_and_ctrl_d_leave_with_a_word_and_the_terminal_as_it_was(sitting, key, code):
    sitting.press("1")
    sitting.terminal.press(key)
    assert sitting.terminal.ends() == code
    assert "1 of 30 answers are graded, 29 are left. Everything is saved." in sitting.text
    assert kinds() == [("grade", "fail")]


def test_ctrl_c_where_a_note_is_asked_for_writes_none_and_leaves(sitting):
    sitting.terminal.press("n")
    sitting.terminal.until(lambda: "Note: " in sitting.text)
    sitting.terminal.press("half a")
    sitting.terminal.until(lambda: "half a" in sitting.text)
    sitting.terminal.press("\x03")
    assert sitting.terminal.ends() == 130
    assert "Everything is saved." in sitting.text
    assert kinds() == []


def test_ctrl_z_goes_back_to_the_shell_and_fg_asks_again(sitting, terminal):
    shell = terminal("bash", "--norc", "-i", environment={"TERM": "dumb", "PS1": "$ "})
    shell.press(f"{sys.executable} -m tui grade --plain --grader mei\r")
    again = Sitting(shell)
    shell.press("\x1a")
    shell.until(lambda: "Stopped" in again.text)
    shell.press("fg\r")
    again.wait()
    again.press("1")
    assert kinds() == [("grade", "fail")]


def test_a_signal_gives_the_terminal_back(sitting):
    sitting.terminal.send_signal(signal.SIGTERM)
    sitting.terminal.until(lambda: "Everything is saved." in sitting.text)
    assert sitting.terminal.ends() == 143
