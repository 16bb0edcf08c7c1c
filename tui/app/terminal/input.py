"""The gate from the terminal: what is no press of a key never becomes one.

Textual's parser gives a sequence that it does not know back as single keys: a late reply of the terminal such
as `ESC[8;33;133t` would be the digits 8, 3, 3. Here a sequence is a key that Textual knows, a report that it
asked for, or nothing.
"""

from __future__ import annotations

import os
import re
import selectors
import sys
from codecs import getincrementaldecoder
from functools import cache
from math import inf
from typing import TYPE_CHECKING

from textual import constants, events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._time import get_time
from textual._xterm_parser import FOCUSIN, FOCUSOUT, XTermParser
from textual.keys import Keys

from tui.app.terminal.sequences import Piece, Sequences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.driver import Driver
    from textual.message import Message

READ_SECONDS = 0.02
"""The wait of a read until it looks for something late; the time of a key is known this exactly."""

TAIL_SECONDS = 0.03
"""Input so soon after an unknown sequence belongs to it: `ESC N 2`, `ESC k title ESC \\`."""

SWITCH_SECONDS = 0.001
"""The time for which the app may keep the interpreter while a key waits to be noticed."""

LATE = "late"
"""The attribute of a key with the seconds by which it may have arrived before its time: since reading last
saw that there was nothing. They are many where the app or the machine kept the reading thread waiting."""

_REPORT = re.compile(
    r"\x1b\[<\d{1,5};-?\d{1,5};-?\d{1,5}[Mm]"  # the mouse
    r"|\x1b\[\?20(?:26|48);\d\$y"  # whether two modes are known
    r"|\x1b\[48;\d{1,5};\d{1,5};\d{1,5};\d{1,5}t"  # a new size
)
_KITTY_KEY = re.compile(r"\x1b\[(\d{1,7})(?:;\d{0,3}(?:;[\d:]{0,64})?)?u")
_FUNCTION_KEY = re.compile(r"\x1b\[(\d{1,5});\d{1,3}([~A-QS])")
_CURSOR_POSITION = re.compile(r"\x1b\[\d+;\d+R")
"""Looks like some F3, and is nothing that anybody asked for."""


class KeyParser(XTermParser):
    """Textual's parser for whole sequences that it knows; of others nothing is heard."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._sequences = Sequences()
        self._unknown_at = -inf

    def feed(self, data: str, arrived: float | None = None, late: float = 0.0) -> Iterator[Message]:
        """Take what one read gave; nothing is the end. `late` is by how much it may have arrived before."""
        now = get_time() if arrived is None else arrived
        for character in data:
            for piece in self._sequences.take(character, now):
                for message in self._messages(piece) if not self._is_tail(piece, now) else ():
                    message.time = now
                    if isinstance(message, events.Key):
                        setattr(message, LATE, late)
                    yield message

    def tick(self) -> Iterator[Message]:
        for piece in self._sequences.late(get_time()):
            yield from self._messages(piece)

    def _is_tail(self, piece: Piece, now: float) -> bool:
        """True for the rest of a sequence whose length only its maker knows."""
        kind, text = piece
        if kind == "sequence" and not (
            text in (FOCUSIN, FOCUSOUT) or _is_key(text) or _REPORT.fullmatch(text)
        ):
            self._unknown_at = now
        elif kind == "character" and now - self._unknown_at <= TAIL_SECONDS:
            self._unknown_at = now
            return True
        return False

    def _messages(self, piece: Piece) -> Iterable[Message]:
        kind, text = piece
        if kind == "paste":
            return [events.Paste(text)]
        if kind == "escape":
            return [events.Key("escape", text)]
        if kind == "character":
            return [] if "\ud800" <= text <= "\udfff" else self._keys(text)
        if text in (FOCUSIN, FOCUSOUT):
            return [events.AppFocus() if text == FOCUSIN else events.AppBlur()]
        if _is_key(text):
            return self._keys(text)
        if _REPORT.fullmatch(text):
            return list(super().feed(text))
        # Also where Textual has no name for it: Alt+Space is no Space.
        return [_with_alt(key) for key in self._keys(text[1])] if len(text) == 2 else []

    def _keys(self, text: str) -> list[events.Key]:
        try:
            keys = list(self._sequence_to_key_events(text))
        except (ValueError, OverflowError):  # the number of no character
            return []
        if len(keys) > 1 and keys[0].key == "escape":  # Textual's way to say Alt, of Alt+Up for one
            del keys[0]
        return [key for key in keys if key.key != Keys.Ignore]


def _with_alt(key: events.Key) -> events.Key:
    name = f"shift+{key.key.lower()}" if key.key.isupper() else key.key
    return events.Key(f"alt+{name}", None)


def _is_key(sequence: str) -> bool:
    if sequence in ANSI_SEQUENCES_KEYS:
        return not _CURSOR_POSITION.fullmatch(sequence)
    if constants.DISABLE_KITTY_KEY:
        return False
    function_key = _FUNCTION_KEY.fullmatch(sequence)
    known = function_key is not None and "".join(function_key.groups()) in FUNCTIONAL_KEYS
    return known or _KITTY_KEY.fullmatch(sequence) is not None


@cache
def gate_input(driver_class: type[Driver]) -> type[Driver]:
    """A driver like this one that hears keys only where keys were pressed."""
    if sys.platform == "win32":
        from textual.drivers import win32

        # Its reading thread takes the parser from there, and has no other place for it.
        win32.XTermParser = KeyParser
        return driver_class
    from textual.drivers.linux_driver import LinuxDriver

    if not issubclass(driver_class, LinuxDriver):
        return driver_class

    class GatedInput(driver_class):  # type: ignore[misc, valid-type]
        def run_input_thread(self) -> None:
            sys.setswitchinterval(SWITCH_SECONDS)
            parser = KeyParser(self._debug)
            # A byte that is no UTF-8, of an 8-bit control or of an old mouse, must not end the reading.
            decode = getincrementaldecoder("utf-8")("surrogateescape").decode
            with selectors.SelectSelector() as selector:
                selector.register(self.fileno, selectors.EVENT_READ)
                looked = get_time()
                while not self.exit_event.is_set():
                    ready = selector.select(READ_SECONDS)
                    before, looked = looked, get_time()
                    if ready:
                        written = os.read(self.fileno, 4096)
                        for message in parser.feed(decode(written), looked, looked - before):
                            self.process_message(message)
                        if not written:
                            self.exit_event.wait(READ_SECONDS)
                    for message in parser.tick():
                        self.process_message(message)

    return GatedInput
