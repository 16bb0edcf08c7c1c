from __future__ import annotations

import base64
import json
import sys

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from terminal.escapes import bells, foreign, tokens
from terminal.hostile import MARKER, SEQUENCES, SHAPES
from terminal.hostile_answers import ANSWERS
from tui.app.terminal.frames import harmless_strip
from tui.app.terminal.output import Gate

KINDS = sorted(ANSWERS)


def test_widgets_that_make_nothing_safe_get_nothing_out_that_steers(terminal, tmp_path):
    texts = [*SEQUENCES, *SHAPES, *(ANSWERS[name] for name in KINDS[::30])]
    file = tmp_path / "texts.json"
    file.write_text(json.dumps(texts))
    app = terminal(sys.executable, "-m", "terminal.hosted_bypass", file, size=(160, 50))
    app.shows("shown 0")
    for number in range(1, len(texts) + 1):
        app.press("n")
        app.shows(f"shown {number}")
    app.press("y")
    app.until(lambda: b"]52;c;" in app.raw)
    app.press("q")
    assert app.ends() == 0
    copied, *others = foreign(app.raw)
    assert copied.text == f"\x1b]52;c;{base64.b64encode(b'copied').decode()}\x07"
    assert others == []
    assert not [token for token in tokens(app.raw) if token.kind != "text" and MARKER in token.text]
    assert b"\x1b]8;" not in app.raw
    assert bells(app.raw) == 0


@pytest.mark.parametrize("text", [*SEQUENCES, "a\nb", "a\tb"], ids=ascii)
def test_a_strip_keeps_its_width_whatever_is_replaced_in_it(text):
    strip = Strip([Segment("left "), Segment(text, Style(link="x")), Segment(" right")])
    made = harmless_strip(strip)
    assert made.cell_length == strip.cell_length
    assert made.text.startswith("left ")
    assert foreign(made.text.encode()) == []
    assert all(style is None or not style.link for _, style, _ in made)


def test_a_strip_that_steers_nothing_is_left_as_it_is():
    strip = Strip([Segment("é 漢 👩‍👩‍👧\u3000\xa0", Style(bold=True))])
    assert harmless_strip(strip) is strip


@pytest.mark.parametrize("text", SEQUENCES, ids=ascii)
def test_what_is_not_a_sequence_of_ours_does_not_pass_the_gate(text):
    allowed = ("\x1b[31m", "\x1b[1;1H")  # no text holds them any more, when it comes to the gate
    written = Gate().passed(f"\x1b[1;2H\x1b[1m{text}\x1b[0m\n")
    assert not [token for token in foreign(written.encode()) if token.text not in allowed] or text in allowed
    assert written.startswith("\x1b[1;2H\x1b[1m")
    assert written.endswith("\x1b[0m\n")


@pytest.mark.parametrize(
    "written",
    [
        "\x1b[?1049h\x1b[?25l\x1b[?1003h\x1b[>25u\x1b[?2026$p\x1b[?2048$p\x1b[?2004h\x1b[?7l",
        "\x1b[?2026h\x1b[3;7H\x1b[1;38;2;1;2;3;48;5;7mé漢\x1b[0m\n\x1b[?2026l",
        "\x1b]52;c;YQ==\x07",
        "\x1b]22;pointer\x07",
        "\x07",
    ],
)
def test_what_textual_and_the_app_write_passes_the_gate_as_it_is(written):
    assert Gate().passed(written) == written


def test_a_frame_that_is_written_in_pieces_passes_whole():
    frame = "\x1b[3;7H\x1b[1;38;2;1;2;3mé\x1b[0m\n" * 3
    for size in range(1, 20):
        gate = Gate()
        pieces = [gate.passed(frame[start : start + size]) for start in range(0, len(frame), size)]
        assert "".join(pieces) == frame
