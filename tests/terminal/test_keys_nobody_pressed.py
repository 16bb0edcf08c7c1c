"""What the terminal says by itself, and what is pasted, decides nothing; a burst of keys decides once."""

from __future__ import annotations

import pytest

from terminal.scene import Scene
from terminal.test_keys_in_order import TITLES, answered, ended, judgements

ESC, ST, BEL = "\x1b", "\x1b\\", "\x07"
REPLIES = [
    *(f"{ESC}[{reply}" for reply in ("8;33;133t", "4;600;800t", "6;16;8t", "1t", "3;0;0t", "9;33;133t")),
    *(f"{ESC}[{reply}" for reply in ("?1;2c", "?62;1;3c", ">0;276;0c", ">41;354;0c", "=3c", "?64;1;2;6;9c")),
    *(f"{ESC}[{reply}" for reply in ("24;80R", "1;1R", "?3;3R", "0n", "3n", "?13n", "?10n", "?997;1n")),
    *(f"{ESC}[{reply}" for reply in ("?2026;2$y", "?1;3$y", "4;3$y", "?0u", "?1u", "?3;3;3S", "?1;0;256S")),
    *(f"{ESC}[{reply}" for reply in ("51~", "51;1A", "3;3;3x", "1;1:3u", "99999999u", "33;33", "?3")),
    *(f"{ESC}[{reply}" for reply in ("I", "O", "32;3;3M", "M !!", "<0;3;3x", "3 q", "3#y", "1$u")),
    *(
        f"{ESC}]{reply}{BEL}"
        for reply in ("11;rgb:3333/3333/3333", "52;c;MzMzcXE=", "4;1;rgb:33/33/33", "l333")
    ),
    *(f"{ESC}]{reply}{ST}" for reply in ("10;rgb:3333/3333/3333", "52;c;MzMz", "L3q", "99;i=3:p=?;3")),
    *(
        f"{ESC}P{reply}{ST}"
        for reply in ("1$r3 q", "0$r", "1$r33;3m", ">|XTerm(333)", "!|00000000", "1+r3=33")
    ),
    *(f"{ESC}{reply}{ST}" for reply in ("_Gi=31;OK q", "^3q", "X333q")),
    *(f"{ESC}{reply}" for reply in ("(3", "#3", " F", "%G", "O3P", "Oz")),
    # Of these only who makes them knows where they end.
    *(f"{ESC}{reply}" for reply in (f"k333{ST}", "N3", "Y33", "[T333333", "[8\x7f;33t")),
    "\x8e3",
    *(f"\x9b{reply}" for reply in ("8;33;133t", "?1;2c", "3n", "24;80R")),
    *(f"\x9d11;rgb:33/33/33{end}" for end in ("\x9c", BEL)),
    "\x901$r3 q\x9c",
    "\x9f3q\x9c",
]


def test_no_reply_of_a_terminal_and_no_unknown_sequence_is_taken_for_keys(app, tmp_path):
    assert len(REPLIES) >= 60
    terminal = app(Scene(titles=TITLES))
    answered(terminal, 4)
    for reply in REPLIES:
        terminal.press(reply)
        terminal.read(0)
    for byte in (
        b"\x9b8;33;133t",
        b"\x9d11;rgb:33/33/33\x9c",
        b"\x1b[M \xff\xff",
    ):  # 8 bits that are no UTF-8
        terminal.send(byte)
    terminal.read_for(0.6)
    terminal.press("3")
    terminal.shows("graded 1 of 4", "pass ✓")
    ended(terminal)
    assert judgements(tmp_path / "grades.db") == [("model-1", "pass")]


@pytest.mark.parametrize("pause", [0.03, 0.15])
def test_a_reply_that_comes_byte_by_byte_is_not_taken_for_keys_either(app, tmp_path, pause):
    terminal = app(Scene(titles=TITLES))
    answered(terminal, 4)
    for byte in f"{ESC}[8;33;133t{ESC}]11;rgb:3{BEL}":
        terminal.press(byte)
        terminal.read_for(pause)
    terminal.read_for(0.6)
    terminal.press("1")
    terminal.shows("graded 1 of 4", "fail ✗")
    ended(terminal)
    assert judgements(tmp_path / "grades.db") == [("model-1", "fail")]


def test_a_paste_outside_a_text_field_decides_nothing_and_says_so(app, tmp_path):
    terminal = app(Scene(titles=TITLES))
    answered(terminal, 4)
    for pasted in (f"x {ESC}[31mbad", "3", f"q{ESC}", f"{ESC}{ESC}3 q\n"):
        terminal.paste(pasted)
    terminal.shows("What you pasted is ignored")
    terminal.press("3")
    terminal.shows("graded 1 of 4")
    ended(terminal)
    assert judgements(tmp_path / "grades.db") == [("model-1", "pass")]


@pytest.mark.parametrize("burst", ["a full pag", "333333", "fap 321", "3u3u3u"])
def test_a_burst_that_no_person_types_decides_once_and_says_so(app, tmp_path, burst):
    terminal = app(Scene(titles=TITLES))
    answered(terminal, 4)
    terminal.press(burst)
    terminal.shows("graded 1 of 4", "Too fast for a person")
    ended(terminal)
    assert len(judgements(tmp_path / "grades.db")) == 1


def test_a_key_held_down_decides_once(app, tmp_path):
    terminal = app(Scene(titles=TITLES))
    answered(terminal, 4)
    for _ in range(40):
        terminal.press("3")
        terminal.read_for(0.03)
    terminal.shows("graded 1 of 4", "Too fast for a person")
    ended(terminal)
    assert len(judgements(tmp_path / "grades.db")) == 1


def test_escape_and_alt_with_a_key_work_still(app):
    terminal = app(Scene(titles=TITLES))
    answered(terminal, 4)
    terminal.press("z")
    terminal.until(lambda: terminal.text.count("Hello") == 1)
    terminal.press(ESC)
    terminal.until(lambda: terminal.text.count("Hello") == 4)
    terminal.press(f"{ESC}3")
    terminal.press("?")
    terminal.shows("Grade: pass")
    terminal.press(ESC)
    terminal.shows_no_more("Grade: pass")
    assert "graded 0 of 4" in terminal.text
    ended(terminal)
