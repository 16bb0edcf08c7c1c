"""The second half of the gate to the terminal: every byte that leaves was written by Textual or by this app.

`frames` has made the text harmless before it became one string with Textual's escape sequences. Here, where
that string leaves, only sequences pass that Textual and this app are known to write; of anything else that
steers, each character becomes U+FFFD.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.segment import Segment

from tui.text import REPLACEMENT, STEERING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.driver import Driver

# All of Textual 8.2's, of the drivers and the compositor.
_OURS = "|".join(
    (
        r"\[[\d;]*m",  # colour
        r"\[\d+;\d+H",  # the place of a strip
        r"\[\?(?:7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]",
        r"\[\?(?:2026|2048)\$p",
        r"\[>\d+u",
        r"\[<u",
    )
)
_FOREIGN = re.compile(rf"\x1b(?!{_OURS})|(?!\x1b){STEERING.pattern}")
_SEQUENCE = re.compile(rf"(\x1b(?:{_OURS}))|{STEERING.pattern}")
_ALONE = re.compile(r"\x07|\x1b\]52;c;[A-Za-z0-9+/=]*\x07|\x1b\]22;[a-z-]+\x07")
"""Sequences that are never within a frame: bell, clipboard (which `y` writes), shape of the pointer."""
_UNFINISHED = re.compile(r"\x1b(?:\[[\d;?]{0,60})?\Z")
_LONGEST = 64


class Gate:
    """Lets through the known part of what is to be written.

    On Windows frames come in pieces: the beginning of a sequence waits for its end.
    """

    def __init__(self) -> None:
        self._waiting = ""

    def passed(self, data: str) -> str:
        if _ALONE.fullmatch(data):
            return data
        data, self._waiting = self._waiting + data, ""
        if unfinished := _UNFINISHED.search(data, max(len(data) - _LONGEST, 0)):
            data, self._waiting = data[: unfinished.start()], unfinished[0]
        if not _FOREIGN.search(data):
            return data
        return _SEQUENCE.sub(lambda found: found[1] or REPLACEMENT, data)


@cache
def gate_output(driver_class: type[Driver]) -> type[Driver]:
    """A driver like this one that writes only what passes the gate."""

    class GatedOutput(driver_class):  # type: ignore[misc, valid-type]
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._output_gate = Gate()

        def write(self, data: str) -> None:
            if passed := self._output_gate.passed(data):
                super().write(passed)

    return GatedOutput


class HarmlessConsole(Console):
    """A console for what is printed once the screen is left: a traceback quotes text that is not ours."""

    def _render_buffer(self, buffer: Iterable[Segment]) -> str:
        texts = (
            Segment(STEERING.sub(REPLACEMENT, text), style) for text, style, control in buffer if not control
        )
        return super()._render_buffer(texts)
