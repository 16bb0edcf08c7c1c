"""Emphasis and code within a line of Markdown: where it is, for style; nothing is taken away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import get_character_cell_size

if TYPE_CHECKING:
    from collections.abc import Iterator

# No underscores: `__init__` and `snake_case` are names more often than emphasis.
_DELIMITER = re.compile(r"\\.|`+|\*+")


class Span(NamedTuple):
    """Characters of a line and what they are; a later span lies over an earlier one."""

    start: int
    end: int
    kind: str


KINDS = (
    *("heading", "strong", "emphasis", "code", "marker"),
    *("keyword", "string", "number", "name", "comment"),
    "differs",
)
Kinds = tuple[str, ...]
"""The kinds of a character, the innermost last."""


def painted(line: str, spans: list[Span]) -> list[Kinds]:
    """The kinds of each character; an empty list if none has any."""
    kinds: list[Kinds] = [()] * len(line) if spans else []
    for start, end, kind in spans:
        for place in range(start, min(end, len(line))):  # of a line that is being wrapped anew
            kinds[place] += (kind,)
    if kinds and not line.isascii():
        _keep_together(line, kinds)
    return kinds


def _keep_together(line: str, kinds: list[Kinds]) -> None:
    """Give one style to what is drawn as one character."""
    for place in range(1, len(line)):
        if line[place - 1] == "\u200d" or get_character_cell_size(line[place]) == 0:
            kinds[place] = kinds[place - 1]


def inline_spans(text: str) -> Iterator[Span]:
    """Spans of one line, found in one pass. Where Markdown is in doubt, as in `2*3*4`, there is none."""
    runs = [found for found in _DELIMITER.finditer(text) if found[0][0] != "\\"]
    partner = _code_partners(runs)
    opened: dict[str, re.Match[str]] = {}
    code_until = -1
    for number, run in enumerate(runs):
        if run.start() < code_until:
            continue
        if run[0][0] == "`":
            if number in partner:
                end = runs[partner[number]]
                code_until = end.end()
                yield Span(run.end(), end.start(), "code")
                yield from _markers(run, end)
        elif _closes(text, run) and run[0] in opened:
            opener = opened.pop(run[0])
            yield Span(opener.end(), run.start(), "emphasis" if len(run[0]) == 1 else "strong")
            yield from _markers(opener, run)
        elif len(run[0]) <= 3 and _opens(text, run):
            opened[run[0]] = run


def _code_partners(runs: list[re.Match[str]]) -> dict[int, int]:
    """The next run of backticks of the same length for each run, by their numbers."""
    partner: dict[int, int] = {}
    latest: dict[str, int] = {}
    for number in range(len(runs) - 1, -1, -1):
        run = runs[number][0]
        if run[0] == "`":
            if run in latest:
                partner[number] = latest[run]
            latest[run] = number
    return partner


def _markers(*runs: re.Match[str]) -> Iterator[Span]:
    for run in runs:
        yield Span(run.start(), run.end(), "marker")


def _opens(text: str, run: re.Match[str]) -> bool:
    before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
    return bool(after) and not after.isspace() and not _within_a_word(run, before)


def _closes(text: str, run: re.Match[str]) -> bool:
    before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
    return bool(before) and not before.isspace() and not _within_a_word(run, after)


def _within_a_word(run: re.Match[str], neighbour: str) -> bool:
    """Two asterisks may touch letters of scripts that write no spaces."""
    return neighbour.isalnum() and (neighbour.isascii() or run[0] == "*")
