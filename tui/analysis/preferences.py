"""Figures of judgements between two answers: shares of wins, and strengths by Bradley and Terry."""

from __future__ import annotations

from msgspec import Struct

from tui.analysis.differences import Rank


class WinShare(Struct, frozen=True, kw_only=True):
    """How often the first of two models was better; a tie is half a win."""

    first: str
    second: str
    wins: int
    losses: int
    equal: int
    both_bad: int
    identical: int
    """Of the equal ones those that nobody was asked about, since both answers are the same."""
    items: int
    estimate: float
    low: float
    high: float


class Strength(Struct, frozen=True, kw_only=True):
    """A model's place in the ranking by Bradley and Terry."""

    model: str
    estimate: float
    """Log odds against a model of average strength."""
    low: float
    high: float
    rank: Rank


class PreferenceFigures(Struct, frozen=True, kw_only=True):
    """What graders of one kind preferred by one criterion."""

    criterion: str
    judgements: int
    items: int
    skipped: int
    both_bad: float
    """The share of the judgements."""
    shares: tuple[WinShare, ...]
    strengths: tuple[Strength, ...]
    """None for fewer than four models, or where they are in pieces."""
    pieces: tuple[tuple[str, ...], ...]
    """Models that judgements join, where not all are joined; else empty."""
