"""Whatever fails in the app, and whenever: the terminal is given back, with one line and no traceback."""

from __future__ import annotations

import sys

import pytest

from tui import paths

OPENING = "open_app._open_context = lambda *_, **__: {}['opening']"
LATER = """
class Failing(GraderApp):
    def on_mount(self):
        super().on_mount()
        {what}
app.GraderApp = Failing
"""
FAILURES = {
    "opening": OPENING,
    "no folder": "import os; open_app._open_context = lambda *_, **__: os.mkdir('/etc/x/opening')",
    "a callback": LATER.format(what="self.call_later(lambda: {}['later'])"),
    "a timer": LATER.format(what="self.set_timer(0.05, lambda: {}['later'])"),
    "a worker": LATER.format(what="self.run_worker(fails())"),
    "a widget": LATER.format(what="Static.render = lambda self: {}['later']"),
    "a thread": LATER.format(what="self.run_worker(lambda: {}['later'], thread=True)"),
}
HOSTED = """
import sys
from tui.cli import main, open_app
from tui.app import app
from tui.app.app import GraderApp
from textual.widgets import Static
async def fails(): raise KeyError('later')
{failure}
sys.argv = ['llm-grader', 'demo']
main()
"""


@pytest.mark.parametrize("where", FAILURES)
def test_a_failure_is_one_line_and_the_terminal_is_given_back(terminal, where):
    shell = terminal(sys.executable, "-c", HOSTED.format(failure=FAILURES[where]))
    assert shell.ends() == 1
    told = shell.raw.decode()
    last = told.rpartition("\x1b")[2].rpartition("llm-grader: ")
    assert "Traceback" not in told
    if where == "no folder":
        assert last[2].startswith("/etc/x/opening: there is no such file or folder")
        return
    assert told.count("llm-grader made a mistake; please report it: KeyError") == 1
    log = paths.log_dir() / "errors.log"
    assert str(log) in told.replace("\r\n", "")
    assert "Traceback" in log.read_text()


def test_a_repository_of_the_hub_named_with_m_is_one_line_after_the_app(terminal):
    shell = terminal(sys.executable, "-m", "tui", "-m", "TheBloke/Llama-2-7B-GGUF")
    assert shell.ends() == 2
    told = shell.raw.decode().replace("\r\n", "")
    assert 'llm-grader: "TheBloke/Llama-2-7B-GGUF" is no file here; as a repository of the Hub it ' in told
    assert "no such file" not in told
