# ruff: noqa: E501 - texts as they are
"""What a person pastes or types is what is stored, whatever their terminal makes of line ends."""

import pytest

from terminal.scene import Scene
from tui.app.pace import LEAST_SECONDS
from tui.store.database import Store


def compose(app):
    terminal = app(Scene(titles=["One"]))
    terminal.shows("no answer yet")
    terminal.press("e")
    terminal.shows("A prompt of your own")
    return terminal


def kept(terminal, folder):
    terminal.press("\x13")
    terminal.shows("Your own 1")
    assert terminal.quits() == 0
    with Store.open(folder / "grades.db") as store:
        [prompt] = store.own_items.all()
    return prompt.instruction


@pytest.mark.parametrize(
    ("pasted", "stored"),
    [
        ("first\rsecond\rlast", "first\nsecond\nlast"),
        ("first\r\nsecond\r\nlast", "first\nsecond\nlast"),
        ("first\nsecond\nlast", "first\nsecond\nlast"),
        ("first\r\r\nsecond\n\rlast", "first\n\nsecond\n\nlast"),
        ("\r  \r    def first():\r\tlast  \r", "    def first():\n\tlast"),
        ("\ufefffirst\rlast", "first\nlast"),
        ("first\x0b\x0c\x1c\x85\u2028\u2029\r\ufefflast", "first\x0b\x0c\x1c\x85\u2028\u2029\n\ufefflast"),
        ("שלום\u200f first\u202e e\u0301 \u200c\u00a0👩\u200d🚀 last", "שלום\u200f first\u202e e\u0301 \u200c\u00a0👩\u200d🚀 last"),
    ],
    ids=["CR", "CR LF", "LF", "mixed", "indented", "byte order mark", "other separators", "controls of writing"],
)  # fmt: skip
def test_a_paste_is_stored_as_it_is_with_newlines_for_line_ends(app, tmp_path, pasted, stored):
    terminal = compose(app)

    terminal.paste(pasted)

    terminal.shows("first")  # pyte draws nothing after a character without a width
    assert kept(terminal, tmp_path) == stored


@pytest.mark.parametrize("line_end", ["\r", "\n", "\r\n"], ids=["CR", "LF", "CR LF"])
def test_a_terminal_without_bracketed_paste_loses_nothing(app, tmp_path, line_end):
    terminal = compose(app)

    terminal.press(line_end.join(["first", "\tsecond", "", "last\u200c."]))

    terminal.shows("first", "last")
    assert kept(terminal, tmp_path) == "first\n\tsecond\n\nlast\u200c."


def test_a_note_has_the_lines_that_were_pasted(app, tmp_path):
    terminal = app(Scene(titles=["One"]))
    terminal.shows("no answer yet")
    terminal.press("r")
    terminal.until(lambda: "○" in terminal.text and "done" in terminal.text)
    terminal.press("n")
    terminal.shows("Note on ")
    terminal.paste("first\rlast")
    terminal.shows("last")
    terminal.press("\r")
    terminal.shows("note: ")
    terminal.read_for(2 * LEAST_SECONDS)  # a second note that comes faster is no person's
    terminal.press("n")
    terminal.shows("Note on ", "first")
    terminal.press("\r")
    terminal.shows_no_more("Note on ")
    assert terminal.quits() == 0
    with Store.open(tmp_path / "grades.db") as store:
        assert {event.text for event in store.judgements.events()} == {"first\nlast"}


def test_a_paste_that_is_too_long_is_refused_in_words(app, tmp_path):
    terminal = compose(app)

    terminal.press("kept")
    terminal.paste("0123456789\r" * 50_000)

    terminal.shows("Nothing was put in")
    assert kept(terminal, tmp_path) == "kept"
