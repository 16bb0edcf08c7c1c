"""Masks that hide what a person wrote while a template is rendered, and bring it back afterwards."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from tui.chat.conversation import Fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

# Noncharacters are not meant for interchange. Should a text hold all of them, private use areas follow.
_CANDIDATES = (
    *range(0xFDD0, 0xFDF0),
    *(plane + last for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)),
)
_PRIVATE_USE = range(0xF0000, 0x10FFFE)


@dataclass(frozen=True, slots=True)
class Mask:
    """`fields` are rendered in place of the person's; `meanings` says what each mark in them stands for."""

    fields: Fields
    meanings: dict[str, str]

    def undo(self, text: str) -> str:
        for mark, meaning in self.meanings.items():
            text = text.replace(mark, meaning)
        return text


class Marks:
    """Makes masks out of characters that occur in none of `taken`."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = "".join(taken)

    def whole(self, fields: Fields) -> Mask:
        """Replace each text by one mark."""
        return self._replaced(fields, str)

    def stripped(self, fields: Fields) -> Mask:
        """Replace each text, without the space around it, by one mark."""
        return self._replaced(fields, str.strip)

    def spelled(self, fields: Fields, special_tokens: Sequence[str]) -> Mask:
        """Replace each visible character that special tokens are made of by a mark. Lengths do not change."""
        free = self._free()
        marks = {letter: next(free) for letter in set().union(*special_tokens) if not letter.isspace()}
        table = str.maketrans(marks)
        return _mask(Fields(*(text.translate(table) for text in fields)), marks)

    def broken(self, fields: Fields, special_tokens: Sequence[str], ends: bool = True) -> Mask:
        """The texts as they are, but for a mark in place of each character that begins a special token.

        With `ends` a mark also replaces the first and last visible character, so that no special token is
        made of the end of a text and what the template wrote beside it. Lengths do not change.
        """
        free = self._free()
        marks: defaultdict[str, str] = defaultdict(lambda: next(free))
        starts = _starts(special_tokens)
        return _mask(Fields(*(_break(text, starts, marks, ends) for text in fields)), marks)

    def at_the_ends(self, fields: Fields) -> Fields:
        """Replace the first and last visible character of each text by marks of its own."""
        free = self._free()
        return Fields(*(_break(text, None, defaultdict(lambda: next(free)), ends=True) for text in fields))

    def _replaced(self, fields: Fields, meaning: Callable[[str], str]) -> Mask:
        free = self._free()
        marks = [next(free) if text else "" for text in fields]
        return Mask(
            Fields(*marks), {mark: meaning(text) for mark, text in zip(marks, fields, strict=True) if mark}
        )

    def _free(self) -> Iterator[str]:
        return (mark for mark in map(chr, chain(_CANDIDATES, _PRIVATE_USE)) if mark not in self._taken)


def _mask(fields: Fields, marks: dict[str, str]) -> Mask:
    return Mask(fields, {mark: character for character, mark in marks.items()})


def _starts(special_tokens: Iterable[str]) -> re.Pattern[str] | None:
    """Matches one character where a special token begins, overlapping ones too."""
    rests: defaultdict[str, list[str]] = defaultdict(list)
    for token in filter(None, special_tokens):
        rests[token[0]].append(re.escape(token[1:]))
    return (
        re.compile("|".join(f"{re.escape(first)}(?={'|'.join(rest)})" for first, rest in rests.items()))
        if rests
        else None
    )


def _break(text: str, starts: re.Pattern[str] | None, marks: dict[str, str], ends: bool) -> str:
    broken = starts.sub(lambda start: marks[start[0]], text) if starts else text
    first, last = len(text) - len(text.lstrip()), len(text.rstrip()) - 1
    for place in {first, last} if ends and first <= last else ():
        broken = broken[:place] + marks[text[place]] + broken[place + 1 :]
    return broken
