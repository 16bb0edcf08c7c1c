"""Judgements between two answers in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from tui.analysis.planning import LEAST_ITEMS
from tui.report.words import decimal, ends
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.analysis.preferences import PreferenceFigures, WinShare

FEW_RANKED: Final = (
    "Of few items these intervals are too narrow: with nine they hold in 90 of 100 cases, not in 95; with"
    " fewer less often."
)


def win_share(of: WinShare) -> str:
    """How often one model was preferred to another."""
    counts = {
        "won": of.wins, "lost": of.losses, "equal": of.equal, "both bad": of.both_bad,
    }  # fmt: skip
    told = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    same = f" (of the equal ones {of.identical} say the same)" if of.identical else ""
    share = f"share of wins {decimal(of.estimate)} {ends(of.low, of.high)}, {counted(of.items, 'item')}"
    return f"{of.first} against {of.second}: {share}: {told}{same}"


def winner_first(of: WinShare) -> WinShare:
    """The same share, of the model with the larger one."""
    if of.estimate >= 0.5:
        return of
    turned = {"estimate": 1 - of.estimate, "low": 1 - of.high, "high": 1 - of.low}
    counts = {"wins": of.losses, "losses": of.wins}
    return replace(of, first=of.second, second=of.first, **turned, **counts)


def preference_notes(of: PreferenceFigures) -> Iterator[str]:
    """What to know of judgements between two answers."""
    if of.strengths:
        yield "strength: log odds of winning against a model of average strength (Bradley and Terry)."
        if of.items < LEAST_ITEMS:
            yield FEW_RANKED
    if of.pieces:
        pieces = "; ".join(", ".join(each) for each in of.pieces)
        yield f"No judgements join these groups of models, so that they are not ranked: {pieces}."
    if of.both_bad:
        yield f"In {of.both_bad:.0%} of the judgements both answers are bad; that is half a win to each."
    if of.skipped:
        yield f"{counted(of.skipped, 'pair')} skipped."
