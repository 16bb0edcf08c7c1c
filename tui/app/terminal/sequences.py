"""Input from a terminal, split as in ECMA-48: characters, whole escape sequences, pastes.

A sequence is one piece, however long it is, however slowly its bytes come, whether anybody knows it or not:
no part of it is ever taken for a key. 8-bit controls (U+009B …) begin and end it as their 7-bit forms do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from textual import constants

if TYPE_CHECKING:
    from collections.abc import Iterator

ESC, BEL, ABORTS, ST = "\x1b", "\x07", "\x18\x1a", "\x9c"
LATE_SECONDS = 0.5
"""So long after its last byte a sequence that was begun may go on; what comes later is no part of it."""
PASTE_SECONDS = 2.0
"""A paste whose end is lost ends after so long without a byte."""
PASTE_BEGINS, PASTE_ENDS = "\x1b[200~", ("\x1b[201~", "\x9b201~", "\udc9b201~")
MOST_CHARACTERS = 256
"""The most characters kept of a sequence. A longer one is no key."""

_STRINGS = "PX]^_"
_IN_8_BITS = {"\x9b": "[", "\x8f": "O", "\x90": "P", "\x98": "X", "\x9d": "]", "\x9e": "^", "\x9f": "_"}
_GOES_ON = frozenset("0123456789:;<=>?!|+$G")
"""Characters that can follow the first one of a reply. People type other keys after Escape and a bracket."""


class Piece(NamedTuple):
    kind: Literal["character", "escape", "sequence", "paste"]
    text: str


class Sequences:
    """Give it each character with the time of its arrival, and call `late` now and then."""

    def __init__(self) -> None:
        self._state = "ground"
        self._text = ""
        self._paste: list[str] = []
        self._last = 0.0
        self._held_at = 0.0

    def take(self, character: str, now: float) -> Iterator[Piece]:
        """`now` is the same for all characters of one read."""
        yield from self.late(now)
        self._last = now
        if self._state == "paste":
            yield from self._pasting(character)
        elif self._state == "mouse":
            self._sequel(character, "mouse" if len(self._text) < 5 else "ground")
        else:
            character = _as_control(character)
            if character == ST:
                self._begin("ground")
            elif character in _IN_8_BITS:
                self._begin("escape", ESC)
                yield from self._escaped(_IN_8_BITS[character])
            elif character == ESC:
                yield from self._at_escape()
            elif "\x80" <= character <= "\x9f":
                yield Piece("sequence", character)  # of what else there is in 8 bits no key is a part
            else:
                yield from self._states[self._state](self, character)

    def late(self, now: float) -> Iterator[Piece]:
        """The piece so far, where nothing more has come."""
        waited, state, text = now - self._last, self._state, self._text
        if state == "escape" and waited >= constants.ESCAPE_DELAY:
            self._begin("after escape")
            yield Piece("escape", ESC)
        elif state == "designation" and waited >= constants.ESCAPE_DELAY:
            self._begin("ground")
            yield from [Piece("sequence", text)] * (len(text) == 2)
        elif state == "paste" and waited >= PASTE_SECONDS:
            yield from self._pasted()
        elif state not in ("ground", "paste") and waited >= LATE_SECONDS:
            self._begin("ground")
            yield from [Piece("character", text)] * (state == "held")

    def _begin(self, state: str, text: str = "") -> None:
        self._state, self._text = state, text

    def _sequel(self, character: str, state: str) -> None:
        if len(self._text) < MOST_CHARACTERS:
            self._text += character
        self._state = state

    def _at_escape(self) -> Iterator[Piece]:
        before, text = self._state, self._text
        self._begin("string's escape" if before == "string" else "escape", ESC)
        if before == "escape":
            yield Piece("escape", ESC)
        elif before == "held":
            yield Piece("character", text)

    def _ground(self, character: str) -> Iterator[Piece]:
        self._begin("ground")
        yield Piece("character", character)

    def _after_escape(self, character: str) -> Iterator[Piece]:
        """The Escape key was pressed, or this is a sequence that stopped after its first byte."""
        if character in _STRINGS + "[":
            self._begin("held", character)
            self._held_at = self._last
        else:
            yield from self._ground(character)

    def _held(self, character: str) -> Iterator[Piece]:
        held = self._text
        if character in _GOES_ON or self._last == self._held_at:
            self._begin("escape", ESC)
            yield from self._escaped(held)
            yield from self._states[self._state](self, character)
        else:
            yield Piece("character", held)
            yield from self._ground(character)

    def _escaped(self, character: str) -> Iterator[Piece]:
        if character in _STRINGS:
            self._begin("string")
        elif character in "[O":
            self._sequel(character, "control" if character == "[" else "shift")
        elif " " <= character <= "/":
            self._sequel(character, "designation")
        elif character == "\\":
            self._begin("ground")
        else:
            yield from self._ended(character)

    def _ended(self, character: str) -> Iterator[Piece]:
        text = self._text + character
        self._begin("ground")
        if len(text) <= MOST_CHARACTERS:
            yield Piece("sequence", text)

    def _control(self, character: str) -> Iterator[Piece]:
        text = self._text + character
        if text == "\x1b[[":  # a function key of the Linux console: one more character
            self._sequel(character, "console")
        elif text == "\x1b[M":  # the mouse as X10 has it: three more characters, whichever they are
            self._sequel(character, "mouse")
        elif text == PASTE_BEGINS:
            self._begin("paste")
        elif " " <= character <= "?":
            self._sequel(character, "control")
        else:
            yield from self._final(character)

    def _shift(self, character: str) -> Iterator[Piece]:
        if character.isdecimal() or character == ";":
            self._sequel(character, "shift")
        else:
            yield from self._final(character)

    def _designation(self, character: str) -> Iterator[Piece]:
        if " " <= character <= "/":
            self._sequel(character, "designation")
        else:
            self._begin("ground")
            if not "0" <= character <= "~":
                yield from self._ground(character)

    def _final(self, character: str) -> Iterator[Piece]:
        if "@" <= character <= "~":
            yield from self._ended(character)
        else:  # no sequence has such a character: it is thrown away, as a terminal does
            text = self._text
            self._begin("ground")
            yield Piece("sequence", text)
            if character not in ABORTS:
                yield from self._ground(character)

    def _string(self, character: str) -> Iterator[Piece]:
        if character == BEL or character in ABORTS:
            self._begin("ground")
        yield from ()

    def _string_escape(self, character: str) -> Iterator[Piece]:
        self._begin("escape", ESC)
        yield from self._escaped(character)

    def _pasting(self, character: str) -> Iterator[Piece]:
        self._paste.append(character)
        if character == "~":
            last = "".join(self._paste[-len(PASTE_ENDS[0]) :])
            for end in filter(last.endswith, PASTE_ENDS):
                del self._paste[-len(end) :]
                yield from self._pasted()

    def _pasted(self) -> Iterator[Piece]:
        text, self._paste = "".join(self._paste), []
        self._begin("ground")
        # Bytes that are no UTF-8 are lone surrogates here.
        yield Piece("paste", text.encode("utf-8", "replace").decode().replace("\0", ""))

    _states = {
        "ground": _ground,
        "escape": _escaped,
        "after escape": _after_escape,
        "held": _held,
        "control": _control,
        "console": _ended,
        "shift": _shift,
        "designation": _designation,
        "string": _string,
        "string's escape": _string_escape,
    }


def _as_control(character: str) -> str:
    """A byte of its own (0x9B) is the control with its number."""
    return chr(ord(character) - 0xDC00) if "\udc80" <= character <= "\udc9f" else character
