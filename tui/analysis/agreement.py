"""Agreement: between graders, with oneself, and with a printed report."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Literal, NamedTuple

from msgspec import Struct

from tui.analysis.coincidences import Coefficient, Tables, raw_intervals
from tui.analysis.intervals import SEED
from tui.analysis.shared import each_shared

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from tui.analysis.intervals import Interval
    from tui.analysis.judged import Judged
    from tui.analysis.shared import Shared
    from tui.store.judgement_records import GraderKind

Between = Literal["graders", "pair", "oneself", "report"]

LEAST_SHARED = 10
"""Answers without which there is no coefficient."""
LEAST_REPEATED = 200
"""The same of answers that came twice."""


class Agreement(Struct, frozen=True, kw_only=True):
    """How far judgements of the same answers by one criterion are the same."""

    between: Between
    graders: tuple[str, ...]
    """Names: all graders of a kind, two of three or more, one with oneself, or a grader and a report."""
    criterion: str
    levels: tuple[str, ...]
    """Labels, from worst to best."""
    answers: int
    items: int
    same: int
    """The answers to which all gave one level."""
    raw: float
    low: float
    high: float
    coefficient: Coefficient | None
    """None, too, of two of three or more graders."""
    why_none: str = ""
    """Where there is no coefficient: why."""
    table: tuple[tuple[float, ...], ...] = ()
    """Coincidences, level by level. Of a pair, with oneself and with a report counts: a row for each level
    that the first gave, or that was given first."""


class _Compared(NamedTuple):
    """Columns that are held against each other."""

    between: Between
    names: tuple[str, ...]
    given: Shared
    tables: Tables


def agreement(of: Judged, kind: GraderKind, *, seed: int = SEED) -> Iterator[Agreement]:
    """All of graders of a kind, by criterion and scale. `of` has every kind and occasion."""
    for shared in each_shared(of):
        mine = shared.of_kind(kind)
        for each in _compared(shared, mine):
            yield _with_coefficient(each, seed)
        if len(mine) > 2:
            pairs = [each for pair in combinations(mine, 2) for each in _columns(shared, "pair", pair)]
            intervals = raw_intervals([each.tables for each in pairs], seed)
            for each, interval in zip(pairs, intervals, strict=True):
                yield _figure(each, interval, None, "")


def _compared(shared: Shared, mine: Sequence[int]) -> Iterator[_Compared]:
    yield from _columns(shared, "graders", mine)
    for place in mine:
        yield from _of(shared, "oneself", [place], shared.with_oneself(place))
    reports = shared.of_kind("report")
    for place in mine:
        for report in reports if place not in reports else ():
            yield from _columns(shared, "report", [place, report])


def _columns(shared: Shared, between: Between, columns: Sequence[int]) -> Iterator[_Compared]:
    return _of(shared, between, columns, shared.of(columns))


def _of(shared: Shared, between: Between, graders: Sequence[int], given: Shared) -> Iterator[_Compared]:
    """None where no answer has two grades."""
    several = given.with_several()
    if len(several.items):
        places = several.gave(graders) if between == "graders" else graders
        names = tuple(shared.names[place] for place in places)
        yield _Compared(between, names, several, Tables(several.counts(), several.items))


def _with_coefficient(each: _Compared, seed: int) -> Agreement:
    least = LEAST_REPEATED if each.between == "oneself" else LEAST_SHARED
    why = f"under {least} answers" if len(each.given.items) < least else ""
    if not why and each.tables.is_one_level:
        why = "nobody varied"
    interval, coefficient = each.tables.figures(seed, with_coefficient=not why)
    return _figure(each, interval, coefficient, why)


def _figure(each: _Compared, interval: Interval, coefficient: Coefficient | None, why: str) -> Agreement:
    return Agreement(
        between=each.between,
        graders=each.names,
        criterion=each.given.criterion,
        levels=each.given.scale.labels,
        answers=len(each.given.items),
        items=each.tables.items,
        same=each.tables.same,
        raw=each.tables.raw,
        low=interval.low,
        high=interval.high,
        coefficient=coefficient,
        why_none=why,
        table=_rows(each.tables.whole if each.between == "graders" else each.given.cross()),
    )


def _rows(table: NDArray[np.float64]) -> tuple[tuple[float, ...], ...]:
    return tuple(map(tuple, table.tolist()))
