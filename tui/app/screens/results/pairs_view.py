"""Pairs as a matrix of wins, each two models with their interval, and the ranking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tui.app.screens.results.drawing import interval_bar
from tui.app.screens.results.wrapped import column, wrapped
from tui.grading.letters import letter
from tui.report import preference_words, words
from tui.text import safe_line
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.analysis.preferences import PreferenceFigures, Strength, WinShare

NONE = "No pairs are judged. A session of pairs: llm-grader grade --pairs"
SHARE, NAME_MOST = 7, 32
CLEAR = "*"


def pairs_lines(all_of: Sequence[PreferenceFigures], width: int) -> Iterator[Content]:
    if not all_of:
        yield from wrapped(NONE, width)
    for of in all_of:
        judged = f"{counted(of.judgements, 'judgement')}, {counted(of.items, 'item')}"
        yield from wrapped(f"{safe_line(of.criterion)}: {judged}", width, style="bold")
        models = list(dict.fromkeys(name for each in of.shares for name in (each.first, each.second)))
        yield from _matrix(models, of.shares, width)
        yield from _ranking(of, width)
        for note in preference_words.preference_notes(of):
            yield from wrapped(f"- {safe_line(note)}", width)
        yield Content()
        for each in of.shares:
            yield from wrapped(f"- {safe_line(preference_words.win_share(each))}", width)
        yield Content()


def _matrix(models: Sequence[str], shares: Sequence[WinShare], width: int) -> Iterator[Content]:
    """What share of the pairs the model of the row won; a tie is half a win."""
    found: dict[tuple[str, str], tuple[float, bool]] = {}
    for each in shares:
        is_clear = each.low > 0.5 or each.high < 0.5
        found[each.first, each.second] = each.estimate, is_clear
        found[each.second, each.first] = 1 - each.estimate, is_clear
    name = min(max((len(each) for each in models), default=0), NAME_MOST, max(width // 3, 12))
    heads = "".join(f"{letter(place):>{SHARE}}" for place in range(len(models)))
    yield Content.styled(f"{column('share won by the row', name + 4)}{heads}", "bold")
    for place, row in enumerate(models):
        cells = "".join(f"{_share(found.get((row, other)), row == other):>{SHARE}}" for other in models)
        yield Content(f"{letter(place):>2}  {column(safe_line(row), name)}{cells}")
    yield Content.styled(f"{CLEAR} the interval of 95 % leaves one half out", "$text-muted")
    yield Content()


def _share(found: tuple[float, bool] | None, is_itself: bool) -> str:
    if found is None:
        return "" if is_itself else "·"
    share, is_clear = found
    return f"{words.decimal(share)}{CLEAR if is_clear else ' '}"


def _ranking(of: PreferenceFigures, width: int) -> Iterator[Content]:
    """By Bradley and Terry, the strongest first."""
    if of.strengths:
        yield Content.styled("Ranks by Bradley and Terry, with their strengths", "bold")
        most = max(max(abs(each.low), abs(each.high)) for each in of.strengths) or 1.0
        ordered = sorted(of.strengths, key=lambda each: (-each.estimate, each.model))
        yield from (_strength(each, most, width) for each in ordered)
        yield Content()


def _strength(of: Strength, most: float, width: int) -> Content:
    name, bar = NAME_MOST if width > 90 else 22, min(max(width - 56, 12), 60)
    low, middle, high = (each / (2 * most) + 0.5 for each in (of.low, of.estimate, of.high))
    line = interval_bar(low, middle, high, bar)
    return Content(f"{words.rank(of.rank):<5} {column(safe_line(of.model), name)} {line} {words.signed(of)}")
