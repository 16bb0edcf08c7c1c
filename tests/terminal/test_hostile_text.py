from __future__ import annotations

import base64
import sqlite3

import pytest
from making import task

from terminal.escapes import foreign, last_modes, tokens
from terminal.hostile import ALIVE, LINE, MARKER, MARKUP, SEQUENCES, TEXT, storable
from terminal.hostile_answers import ANSWERS
from terminal.scene import Answer, Scene, ScenePrompt
from tui.catalogue.item import items_of
from tui.grading.decisions import Note
from tui.grading.judge import Judge
from tui.store.database import Store


def harmless(terminal):
    """Nothing of the hostile text acted, and the terminal is as it was before the app."""
    assert foreign(terminal.raw) == []
    assert not [token for token in tokens(terminal.raw) if token.kind != "text" and MARKER in token.text]
    modes = last_modes(terminal.raw)
    assert modes["1049"] is False
    assert modes["25"] is True
    assert not any(modes[mode] for mode in ("1000", "1003", "1006", "1015", "1004", "2004"))
    assert terminal.raw.count(b"\x1b[?1049l") == 1
    return True


def quits(terminal):
    terminal.press("q")
    return terminal.ends() == 0


def answered(terminal, count=1):
    """Run the current prompt; it is over when there is a mark for each model in the list or the tabs."""
    terminal.shows("graded 0 of", "no answer yet")
    terminal.press("r")
    terminal.until(lambda: terminal.text.count("○") >= count and "done" in terminal.text)


def small_deltas(text):
    return [text[start : start + 3] for start in range(0, len(text), 3)]


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
def test_answers_streamed_in_pieces_reach_the_screen_as_text_only(app, size):
    scene = Scene(
        [
            Answer(small_deltas(storable(LINE))),
            Answer(small_deltas(storable(TEXT)), pause=0.001),
            Answer(list(storable("\n\n".join(SEQUENCES)))),
            Answer([f"```\n{storable(TEXT)}\n```\n| a | b |\n|---|---|\n| {storable(LINE[:2000])} | x |"]),
        ]
    )
    terminal = app(scene, size=size)
    answered(terminal, count=4)
    terminal.press("G")
    terminal.shows(ALIVE)
    terminal.press("v")
    terminal.shows("Markdown")
    terminal.press("3")
    terminal.shows("graded 1 of 4")
    assert quits(terminal)
    assert harmless(terminal)


BATCHES = 2
# Every third: of all of them, what is drawn is looked at in app/test_written.py.
BY_KIND = [storable(text) for text in ANSWERS.values() if len(text) < 2_000][::3]


@pytest.mark.parametrize("batch", range(BATCHES))
def test_hostile_answers_of_every_kind_reach_the_screen_as_text_only_in_every_view(app, batch):
    mine = BY_KIND[batch::BATCHES]
    texts = ["\n\n".join(mine[pane::4]) for pane in range(4)]
    prompt = ScenePrompt(f"p {mine[0]}", texts[0], texts[1], texts[2])
    scene = Scene([Answer(small_deltas(text), pause=0.001) for text in texts], prompts=[prompt])
    terminal = app(scene, size=(200, 50))
    answered(terminal, count=4)
    pages(terminal, 4)
    terminal.press("v")
    terminal.shows("Markdown · ")
    pages(terminal, 4)
    terminal.press("i")
    terminal.shows("esc Close")
    for _ in range(8):
        terminal.press("\x1b[6~")
        terminal.read_for(0.05)
    terminal.press("\x1b")
    terminal.shows_no_more("esc Close")
    terminal.press("3")
    terminal.shows("graded 1 of 4")
    assert quits(terminal)
    assert harmless(terminal)


def pages(terminal, count):
    """Look through every pane, from its top."""
    for _ in range(4):
        terminal.press("g")
        for _ in range(count):
            terminal.press("\x1b[6~")
            terminal.read_for(0.05)
        terminal.press("\t")


def test_markup_in_answers_is_shown_as_it_was_written(app):
    text = "\n".join((*MARKUP, ALIVE))
    terminal = app(Scene([Answer(small_deltas(text))], titles=["One"]))
    answered(terminal)
    terminal.shows(*MARKUP, ALIVE)
    terminal.press("3")
    terminal.shows("graded 1 of 1")
    assert quits(terminal)
    assert harmless(terminal)


def test_titles_prompts_and_everything_else_from_files_reach_the_screen_as_text_only(app):
    line, text = storable(LINE), storable(TEXT)
    scene = Scene(
        answers=[
            Answer(["fine"]),
            Answer(["fine"], error=text),
            Answer(["fine"], error=line),
            Answer(["fine"]),
        ],
        titles=[f"a {line}", f"b {text}", storable(SEQUENCES[0]), "[/INST]"],
        prompts=[
            ScenePrompt(f"p {line}", text, text, text),
            ScenePrompt("[/]", "[/]"),
            ScenePrompt("[", "["),
        ],
        task_title=f"t {line}",
        anchor=line,
        licence=text,
        grader=f"g {line}",
        warnings=[line],
        theme=line,
    )
    terminal = app(scene, size=(200, 50))
    terminal.shows("There is no theme")
    terminal.press("r")
    terminal.until(lambda: terminal.text.count("○") == 2 and terminal.text.count("!!") == 1)
    terminal.press("i")
    terminal.shows("esc Close")
    terminal.press("\x1b[F")
    terminal.shows("prompt as the model saw it", ALIVE)
    terminal.press("\x1b")
    terminal.shows_no_more("esc Close")
    terminal.press("?")
    terminal.shows("Choose a prompt with")
    terminal.press("\x1b[F")
    terminal.shows("Marks beside a prompt")
    terminal.press("q")
    terminal.shows_no_more("Marks beside a prompt")
    terminal.press("\x10")
    terminal.shows("Search for commands")
    terminal.press("\x1b")
    terminal.shows_no_more("Search for commands")
    terminal.press("3")
    terminal.shows("graded 1 of 12")
    terminal.press("H")
    terminal.shows("1 all")
    terminal.press("\x1b")
    terminal.shows_no_more("1 all")
    terminal.press("/")
    terminal.press("p")
    terminal.shows("1 of 3")
    terminal.press("\x1b")
    terminal.shows_no_more("1 of 3")
    assert quits(terminal)
    assert harmless(terminal)


def test_what_is_pasted_is_kept_once_and_reaches_the_screen_as_text_only(app, tmp_path):
    # Few terminals paste an ESC as it is, and Textual takes what follows one for keys: see the next test.
    text = storable(TEXT).replace("\x1b", "").replace("\x00", "")
    terminal = app(Scene(titles=["One"]))
    answered(terminal)
    terminal.press("n")
    terminal.shows("Note on ")
    terminal.paste(text)
    terminal.shows(ALIVE)
    terminal.press("\r")
    terminal.shows("note: ")
    terminal.press("e")
    terminal.shows("A prompt of your own")
    terminal.paste(text)
    terminal.shows(ALIVE)
    terminal.press("\x13")
    terminal.shows("Your own 1")
    answered(terminal)
    terminal.press("3")
    terminal.shows("graded 1 of 2")
    assert quits(terminal)
    assert harmless(terminal)
    with Store.open(tmp_path / "grades.db") as store:
        (note, _) = store.judgements.events()
        (prompt,) = store.own_items.all()
    assert note.text == prompt.instruction == text.replace("\r\n", "\n").replace("\r", "\n").strip()


def test_escape_sequences_in_a_paste_reach_nothing(app):
    terminal = app(Scene(titles=["One"]))
    answered(terminal)
    terminal.press("e")
    terminal.shows("A prompt of your own")
    terminal.paste(storable(TEXT))
    terminal.shows(ALIVE)
    terminal.press("\x1b")
    terminal.shows_no_more("A prompt of your own")
    terminal.press("3")
    terminal.shows("graded 1 of 1")
    assert quits(terminal)
    assert harmless(terminal)


def test_what_another_program_put_into_the_database_reaches_the_screen_as_text_only(app, tmp_path):
    text = storable(TEXT)
    terminal = app(Scene([Answer([text])], titles=["One"]))
    answered(terminal)
    terminal.press("3")
    terminal.shows("graded 1 of 1")
    assert quits(terminal)
    with Store.open(tmp_path / "grades.db") as store:
        (row,) = store.query("SELECT grader FROM tidy_events")
        (item,) = items_of(task("code", 1))
        Judge(store, row["grader"]).decide(store.responses.all()[0], item, Note(text))
        store.own_items.add(storable(LINE), text)
    terminal = app(Scene(titles=["One"]))
    terminal.shows("graded 1 of 2", "note: ")
    terminal.press("n")
    terminal.shows("Note on ", ALIVE)
    terminal.press("\x1b")
    terminal.shows_no_more("Note on ")
    terminal.press("]")
    terminal.shows("Your own 1")
    terminal.press("u")
    assert quits(terminal)
    assert harmless(terminal)


def test_the_reasons_why_no_model_can_run_reach_the_screen_as_text_only(app):
    terminal = app(Scene(titles=[], problems=[storable(LINE), storable(TEXT)]))
    terminal.shows("No model can run here yet", "What was looked for")
    assert quits(terminal)
    assert harmless(terminal)


def test_a_database_that_refuses_reaches_the_screen_as_text_only(app, tmp_path):
    folder = tmp_path / storable(SEQUENCES[4] + SEQUENCES[15])
    folder.mkdir()
    terminal = app(Scene(titles=["One"]), database=folder / "grades.db")
    answered(terminal)
    with sqlite3.connect(folder / "grades.db") as database:
        database.execute("DROP TABLE rubrics")
    terminal.press("3")
    terminal.shows("Not saved")
    assert quits(terminal)
    assert harmless(terminal)


@pytest.mark.parametrize(
    "answer",
    [
        Answer([storable(LINE)], times=1 + 1_000_000 // len(LINE)),
        Answer(["word " * 50], times=4_000),
        Answer(["x" * 1_000], times=1_000),
        Answer(["漢" * 1_000], times=300),
        Answer(["line\n" * 50], times=1_000),
        Answer(["e" + "\u0301" * 1_000], times=100),
    ],
    ids=["hostile-line", "one-line", "one-word", "wide-word", "50000-lines", "marks"],
)
def test_very_long_answers_leave_the_app_alive(app, answer):
    terminal = app(Scene([answer], titles=["One"]))
    answered(terminal)
    terminal.press("G")
    terminal.press("3")
    terminal.shows("graded 1 of 1")
    assert quits(terminal)
    assert harmless(terminal)


def test_copying_sends_the_answer_as_it_was_written_and_nothing_else(app):
    text = storable(TEXT)
    terminal = app(Scene([Answer(small_deltas(text))], titles=["One"]))
    answered(terminal)
    terminal.press("y")
    terminal.shows("Sent to the terminal")
    assert quits(terminal)
    (copied,) = foreign(terminal.raw)
    prefix, _, payload = copied.text.rpartition(";")
    assert prefix == "\x1b]52;c"
    assert base64.b64decode(payload.removesuffix("\x07")).decode() == text
