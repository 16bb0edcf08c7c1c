"""A blind session of every screen and key, byte by byte: no model is told of before the reveal."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from hub_server import Turn
from textual.command import CommandPalette, Provider
from textual.screen import Screen

import tui.app
from terminal import ways_to_text as ways
from terminal.escapes import tokens
from terminal.menagerie import NAMES, SEEN, TASK, TITLES, stored
from terminal.scene import Answer, Scene, SceneModel, ScenePrompt
from tui.app.app import GraderApp
from tui.app.keys import MAIN
from tui.app.pace import LEAST_SECONDS
from tui.cli.main import COMMANDS
from tui.cli.plain.actions import actions
from tui.cli.plain.deciding import Deciding
from tui.cli.plain.inputs import Pipe
from tui.cli.plain.keys import of_line
from tui.cli.plain.reader import Reader
from tui.grading.opening import Shelf
from tui.grading.selection import ToJudge
from tui.store.database import Store

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from terminal.terminal import Terminal

VISITS = (*ways.LOOKING, *ways.STORED, *ways.WRITTEN, *ways.JUDGING, *ways.ENDED)
BLIND = "names hidden"
MOMENT = max(LEAST_SECONDS, 0.25) + 0.1
"""After which a key judges what is in view."""
PAUSE = 0.1
PATIENCE = 20.0
PALETTE_ASKS = "Search for commands"


def told(text: str, stems: Iterable[str] = (*ways.STEMS, *ways.FIGURES)) -> list[str]:
    return [stem for stem in stems if stem in text.casefold()]


def written(raw: bytes) -> str:
    """All that could be read in it: text, titles of windows, what went to the clipboard."""
    kept = (each.text for each in tokens(raw) if each.kind in ("text", "osc", "string"))
    return "".join(kept)


def visit(terminal: Terminal, way: ways.Way) -> None:
    terminal.read_for(MOMENT)
    before = terminal.text
    opening, typed = way.keys[:1], way.keys[1:]
    terminal.press(opening)
    if typed:
        terminal.read_for(MOMENT)
        if opening == ways.PALETTE:
            terminal.shows(PALETTE_ASKS, patience=PATIENCE)
        terminal.press(typed)
    signs = way.shows.split("|")
    terminal.until(lambda: any(sign in terminal.text for sign in signs), patience=PATIENCE)
    if typed.endswith(ways.ENTER):
        words = typed.removesuffix(ways.ENTER)
        terminal.until(lambda: words not in terminal.text or words in way.shows, patience=PATIENCE)
    for key in way.back:
        terminal.press(key)
        terminal.read_for(PAUSE)
    if way.back:
        came = [sign for sign in signs if sign not in before]
        terminal.until(lambda: not any(sign in terminal.text for sign in came), patience=PATIENCE)


def is_untold(terminal: Terminal, since: int, first_frame: int) -> None:
    """From this byte and frame on."""
    assert told(written(bytes(terminal.raw[since:]))) == []
    frames = terminal.frames[first_frame:]
    assert frames
    assert [found for frame in frames if (found := told(frame))] == []


def screens() -> set[str]:
    found = {CommandPalette.__name__}
    for module in pkgutil.walk_packages(tui.app.__path__, "tui.app."):
        classes = (each for each in vars(import_module(module.name)).values() if isinstance(each, type))
        ours = (each for each in classes if each.__module__ == module.name)
        found |= {each.__name__ for each in ours if issubclass(each, Screen | Provider)}
    return found | {each().__name__ for each in GraderApp.COMMANDS}


def test_every_screen_dialog_and_provider_of_commands_is_visited_or_its_absence_explained():
    visited = {name for way in VISITS for name in way.visits} | {*ways.BESIDE}
    assert screens() - {"MainScreen"} <= visited
    assert {binding.id for binding in MAIN} <= visited


def test_every_command_and_every_key_of_plain_mode_is_visited_or_its_absence_explained(tmp_path: Path):
    assert {*COMMANDS} <= {*ways.COMMANDS}
    stored(tmp_path / "grades.db")
    with Store.open(tmp_path / "grades.db") as store:
        reader = Reader(Shelf(store, (TASK,), "mei", blind=True).open(ToJudge()).session)
        keys = actions(reader, Deciding(reader, Pipe()), Pipe())
    visited = {of_line(line).key for line in ways.PLAIN}
    skipped = {"G", "\x1a", "\x7f", "\b"}  # names models; stops the program; both as u
    levels = {str(number) for number in range(10)}
    panes = {f"alt+{letter}" for letter in "cdefghijklmnopqrstuvwxyz"}
    assert {*keys} - skipped - levels - panes <= visited


@pytest.mark.parametrize("size", [(120, 36)])
def test_a_blind_session_over_stored_answers_tells_of_no_model_before_the_reveal(terminal, tmp_path, size):
    database = tmp_path / "grades.db"
    stored(database)
    chosen = [word for name in NAMES for word in ("-m", name)]
    command = (sys.executable, "-m", "tui", "grade", "--grader", "mei", "--db", database)
    first = terminal(*command, *chosen, size=size)
    first.frames = []
    first.shows(BLIND, "graded 0 of 10", SEEN)
    for way in (*ways.LOOKING, *ways.STORED, *ways.JUDGING):
        visit(first, way)
    assert first.quits() == 0
    is_untold(first, 0, 0)
    assert "goes on there." in written(bytes(first.raw))

    again = terminal(*command, *chosen, size=size)
    again.frames = []
    again.shows(BLIND, "graded 2 of 10")
    for number in range(3, 11):
        again.read_for(MOMENT)
        again.press("3")
        again.shows(f"graded {number} of 10" if number < 10 else "Everything is graded.")
    for way in ways.ENDED:
        visit(again, way)
    is_untold(again, 0, 0)

    again.press("g")
    again.shows("Who wrote this?", *TITLES)
    again.press(ways.ESCAPE)
    again.shows("Everything is graded.")
    again.press("B")
    again.shows("Show which model")
    again.press("y")
    again.until(lambda: "Everything is graded." in again.text and "shows which" not in again.text)
    again.press(ways.ESCAPE)
    again.shows_no_more("Everything is graded.")
    again.shows("cassowary")
    assert again.quits() == 0
    after = written(bytes(again.raw))
    assert all(title in after for title in TITLES)


CONTENT = b"GGUF" + bytes(range(256)) * 40
ERROR = "wombat.gguf of quokka-3 broke: taipan"
WRITING = Scene(
    answers=[
        Answer(["wallaby 1 "], times=30, pause=0.05),
        Answer(["wallaby 2 "]),
        Answer(["wallaby 3 "], times=3, pause=0.05, error=ERROR, log="/tmp/wombat.log"),
        Answer(["wallaby 4 "], times=10, pause=0.05),
    ],
    titles=tuple(TITLES),
    names=tuple(NAMES),
    file="wombat.gguf",
    licence="dingo",
    warnings=["cassowary is near"],
    problems=["bilby: no file"],
    prompts=[ScenePrompt(), ScenePrompt("another", "do that")],
    fetchable=[
        SceneModel("Quokka-5", "bilby/five-gguf", "wombat-5.gguf", "dingo", "bilby made it"),
        SceneModel("Quokka-6", "bilby/six-gguf", "wombat-6.gguf", "dingo", "bilby made it"),
    ],
)


def test_a_blind_main_screen_that_generates_tells_of_no_model_before_the_reveal(app, hub):
    hub.add("bilby/five-gguf", "wombat-5.gguf", CONTENT)
    hub.turns[:] = [Turn(stop_after=1000, then="hold")]
    environment = {"HF_ENDPOINT": hub.url, "HF_HUB_OFFLINE": "0"}
    opened = app(WRITING, size=(200, 50), environment=environment)
    opened.frames = []
    opened.shows("graded 0 of 8", "Quokka-1")
    opened.press("m")
    opened.shows("absent", "d Download")
    opened.press("d")
    hub.wait_until_sent(0, 1000)
    opened.press("j")
    opened.press("d")
    opened.press("m")
    opened.shows("graded 0 of 8", "fetchable-1")
    opened.press("b")
    opened.until(lambda: BLIND in opened.text and not told(opened.text))
    since, first_frame = len(opened.raw), len(opened.frames)

    hub.released.set()
    opened.shows("A download has finished.")
    begun = len(opened.frames)
    opened.press("r")
    opened.shows("wallaby 1")
    counts = [sum(f"wallaby {number}" in frame for number in (1, 2, 4)) for frame in opened.frames[begun:]]
    assert {*counts} <= {0, 2, 3}  # where a toast hides one
    opened.shows("wallaby 1", "wallaby 2", "wallaby 4", "It failed. Why is shown")
    if "failed" in opened.text.split("▶")[1][:42]:
        opened.press("l")
    for way in (*ways.LOOKING, *WRITTEN_ONCE):
        visit(opened, way)
    opened.press("R")
    opened.read_for(1)
    opened.until(lambda: "being written" not in opened.text)
    for way in ways.JUDGING:
        visit(opened, way)
    assert opened.quits() == 0
    is_untold(opened, since, first_frame)

    later = app(WRITING, size=(200, 50))
    later.frames = []
    later.shows(BLIND, "graded")
    later.press("B")
    later.shows("Show which model")
    is_untold(later, 0, 0)
    later.press("y")
    later.shows(*TITLES)
    assert later.quits() == 0


WRITTEN_ONCE = tuple(way for way in ways.WRITTEN if way.keys != ways.RUN_ALL)


def test_where_nothing_can_run_a_blind_first_screen_does_not_say_what_was_looked_for(app, tmp_path):
    stored(tmp_path / "grades.db")
    with Store.open(tmp_path / "grades.db") as store:
        Shelf(store, (TASK,), "mei", blind=True).begin(ToJudge())
    opened = app(Scene(titles=(), problems=["bilby: no file"]))
    opened.frames = []
    opened.shows("No model can run here yet.", BLIND)
    assert opened.quits() == 0
    is_untold(opened, 0, 0)


def test_blind_plain_mode_tells_of_no_model_before_the_reveal(tmp_path):
    database = tmp_path / "grades.db"
    stored(database)
    chosen = [word for name in NAMES for word in ("-m", name)]
    command = [sys.executable, "-m", "tui", "grade", "--plain", "--grader", "mei", "--db", str(database)]

    def said(*lines: str) -> str:
        typed = "".join(f"{line}\n" for line in lines)
        ran = subprocess.run([*command, *chosen], input=typed.encode(), capture_output=True, check=True)
        return (ran.stdout + ran.stderr).decode()

    before = said(*ways.PLAIN)
    assert told(before) == []
    assert SEEN in before
    ended = said(*["3"] * 10, "A", "A yes", "A 1", "H", "i")
    assert told(ended) == []
    with Store.open(database) as store:
        (session,) = store.sessions.blind(store.graders.find("mei").id)
    chosen[:] = ["--session", session.id]
    after = said("B yes", "i", "[", "i", "G")
    assert told(after, ("quokka", "wombat", "cassowary")) == ["quokka", "wombat", "cassowary"]
