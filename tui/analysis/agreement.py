"""Agreement: between graders, with oneself, and with a printed report."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Between = Literal["graders", "oneself", "report"]


class Coefficient(Struct, frozen=True, kw_only=True):
    """Agreement beyond chance, with its interval."""

    name: Literal["alpha", "AC2"]
    estimate: float
    low: float
    high: float
    is_tentative: bool


class Agreement(Struct, frozen=True, kw_only=True):
    """How far judgements of the same answers by one criterion are the same."""

    between: Between
    graders: tuple[str, ...]
    """Names: all graders of a kind, one with oneself, or a person and a report."""
    criterion: str
    levels: tuple[str, ...]
    """Labels, from worst to best."""
    answers: int
    items: int
    raw: float
    low: float
    high: float
    coefficient: Coefficient | None
    why_none: str = ""
    """Where there is no coefficient: why."""
    table: tuple[tuple[float, ...], ...] = ()
    """Coincidences, level by level; with a report, and with oneself, counts: a row for each level that the
    first gave."""


class Disagreement(Struct, frozen=True, kw_only=True):
    """An answer that was graded differently."""

    response_id: str
    item: str
    model: str
    criterion: str
    given: tuple[tuple[str, str], ...]
    """Each grader's name with the label of the level."""
    distance: int
    """Levels between the worst and the best given."""
