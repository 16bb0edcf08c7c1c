"""A text field that keeps what is typed and pasted as it is, and shows nothing that steers the terminal."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from textual.widgets import TextArea

from tui.text import REPLACEMENT, safe

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from rich.text import Text
    from textual import events
    from textual.document._document import EditResult, Location

MOST_CHARACTERS = 100_000
"""The most that drawing and editing bear without getting slow."""
_BURST_SECONDS = 0.05

# A TextArea draws what it holds, and ends lines at form feeds and other characters that are none of ours. So
# all that is unsafe for a screen has stand-ins in it, of the last private plane.
_HIDDEN = [
    chr(code)
    for code in range(1, 0x10000)
    if not 0xD800 <= code < 0xE000 and safe(chr(code)) == REPLACEMENT != chr(code)
]
_STAND_INS = {ord(hidden): chr(0x10F000 + place) for place, hidden in enumerate(_HIDDEN)}
_MEANINGS = {ord(stand_in): chr(hidden) for hidden, stand_in in _STAND_INS.items()}
_SHOWN = dict.fromkeys(_MEANINGS, REPLACEMENT)
_UNSTORABLE = dict.fromkeys([0, *range(0xD800, 0xE000)], REPLACEMENT)


class SafeTextArea(TextArea):
    """`written` is its text. CR and CR LF, which terminals paste for line ends, are newlines in it; NUL and
    lone surrogates, which cannot be stored, are U+FFFD; all other characters are kept."""

    def __init__(
        self,
        text: str = "",
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
        tab_moves: bool = False,
    ) -> None:
        """With `tab_moves` Tab goes to the next field, unless it is part of what is pasted."""
        super().__init__(_held(text), id=id, soft_wrap=True, show_line_numbers=False, tab_behavior="focus")
        self._tab_moves = tab_moves
        self._returned = self._typed = float("-inf")
        self._given = self.written

    @property
    def is_changed(self) -> bool:
        """True if a person has written something that is nowhere else."""
        return self.written != self._given

    @property
    def written(self) -> str:
        """The text without blank lines around it and space at its end; indentation is part of it."""
        return re.sub(r"\A(?:[ \t]*\n)+", "", self.text.rstrip(" \t\n")).translate(_MEANINGS)

    @property
    def selected_text(self) -> str:
        return super().selected_text.translate(_MEANINGS)

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        line.plain = line.plain.translate(_SHOWN)
        return line

    def begin_with(self, text: str) -> None:
        """Put a text in place of all there is, as if the field were new."""
        self.load_text(_held(text))
        self._given = self.written

    def rewrite(self, text: str) -> None:
        """Put a text in place of all there is, which counts as a change of the person's."""
        self._replace_via_keyboard(text, (0, 0), self.document.end)

    def after_typing(self, callback: Callable[[], Awaitable[None] | None]) -> None:
        """Call once the keys pressed so far are in the text: a priority binding overtakes them."""
        self.call_later(callback)

    async def _on_paste(self, event: events.Paste) -> None:
        # No super(): Textual itself calls the handler of each class, so the text would be pasted twice.
        event.text = event.text.removeprefix("\ufeff")

    async def _on_key(self, event: events.Key) -> None:
        """Keys that Textual takes for none: a paste without brackets has line ends and tabs, and some
        keyboards have characters without a shape of their own, as the joiners of Persian."""
        text = self._text_of(event)
        self._typed = event.time
        if text is not None:
            event.stop()
            event.prevent_default()
            self._replace_via_keyboard(text, *self.selection)

    def _text_of(self, event: events.Key) -> str | None:
        """The text of a key; None for keys that Textual handles itself."""
        if event.key == "enter":
            self._returned = event.time
        elif event.key == "ctrl+j":
            return "" if event.time - self._returned < _BURST_SECONDS else "\n"  # CR LF is one line end
        elif event.key == "tab":
            return None if self._tab_moves and event.time - self._typed >= _BURST_SECONDS else "\t"
        elif event.character and unicodedata.category(event.character) not in ("Cc", "Cs"):
            return event.character
        return None

    def _replace_via_keyboard(self, insert: str, start: Location, end: Location) -> EditResult | None:
        """All that is typed or pasted comes this way."""
        taken = self.get_text_range(start, end)
        length = len(self.text) - len(taken) + len(insert)
        if len(insert) > 1 and length > MOST_CHARACTERS:
            self.notify(
                f"Nothing was put in: with the {len(insert):,} characters that you pasted there would be"
                f" {length:,}, more than {MOST_CHARACTERS:,}."
            )
            return None
        return super()._replace_via_keyboard(_held(insert), start, end)


def _held(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_UNSTORABLE).translate(_STAND_INS)
