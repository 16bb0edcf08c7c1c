from __future__ import annotations

from terminal.scene import Scene
from tui.store.database import Store


def answered(terminal):
    terminal.shows("no answer yet")
    terminal.press("r")
    terminal.shows("Hello", "done")


def test_a_note_and_a_prompt_typed_at_once_with_the_key_that_saves_are_whole(app, tmp_path):
    text = "typed faster than the screen can draw " * 20
    terminal = app(Scene(titles=["One"]))
    answered(terminal)
    terminal.press("n")
    terminal.shows("Note on ")
    terminal.press(f"{text}\r")
    terminal.shows("note: typed")
    terminal.press("e")
    terminal.shows("A prompt of your own")
    terminal.press(f"{text}\x13")
    terminal.shows("Your own 1")
    assert terminal.quits() == 0
    with Store.open(tmp_path / "grades.db") as store:
        assert [event.text for event in store.judgements.events()] == [text.strip()]
        assert [prompt.instruction for prompt in store.own_items.all()] == [text.strip()]


def test_letters_typed_while_the_note_opens_are_no_grades(app, tmp_path):
    terminal = app(Scene(titles=["One"]))
    answered(terminal)
    terminal.press("npaf123")
    terminal.shows("Note on ")
    terminal.press("\x1b")
    terminal.shows_no_more("Note on ")
    assert terminal.quits() == 0
    with Store.open(tmp_path / "grades.db") as store:
        assert store.judgements.events() == []
