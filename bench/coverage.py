"""How often the intervals of figures hold what they are to hold, and how often the test errs.

    python bench/coverage.py [--runs N] [--only FIGURE]

Grades are made as they come about: items differ in difficulty, models in what they find hard, and samples
and graders of an item are more alike than those of others. Each cell is made N times, and says in how many of
100 the interval of 95 % has the true value; for the test, in how many a difference is found where none is.
100 the interval of 95 % has the true value; for the test, in how many a difference is found where none is.
often.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import cache
from math import comb, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tui.analysis.agreement import LEAST_SHARED
from tui.analysis.bradley_terry import strengths
from tui.analysis.coefficients import ac2, alpha, ordinal_distances, ordinal_weights, raw
from tui.analysis.coincidences import Tables
from tui.analysis.differences import ALPHA, sign_flip
from tui.analysis.intervals import ENDS, SEED, bootstrapped, wilson
from tui.analysis.preferences import drawn_strengths, is_above

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Numbers = NDArray[np.float64]
Random = np.random.Generator

RATES = (0.5, 0.8, 0.95)
ITEMS = (9, 30, 100)
LIKE_ITEMS = 2.0
"""Rates of items are Beta with this concentration: of a model that passes 80 %, half are above 90 %."""
LIKE_MODELS = 4.0
"""So are a model's own rates around those of the items."""
SEES = 0.8
"""How often a grader says what the answer is; else what any of the model's answers to the item is."""
DIFFERENCE = 0.1
STRENGTHS = (0.9, 0.3, -0.3, -0.9)
TIES = 0.2
TASTES = 0.7
"""How much the strengths of models vary between items: their standard deviation."""
STEP = 500
"""Runs at once."""
FEWER = 5
"""Of so many runs, one of agreement and of rankings."""
RANKINGS = "rankings"
MANY = 200_000
"""Items of which true values are computed that have no formula."""


class Design(NamedTuple):
    """How an item is answered and judged."""

    samples: int
    graders: int


DESIGNS = (Design(1, 1), Design(3, 1), Design(1, 2), Design(3, 2))
Share = Callable[[float, int, Design, Random, int], float]
"""Of a rate, a number of items, a design, a generator and a number of runs: in how many of these it held."""


def around(rng: Random, means: Numbers, concentration: float) -> Numbers:
    inside = np.clip(means, 1e-6, 1 - 1e-6)
    return rng.beta(concentration * inside, concentration * (1 - inside))


def chances(rng: Random, rate: float, items: int, runs: int) -> tuple[Numbers, Numbers]:
    """Of two models that are as good, on the same items: (items x runs)."""
    shared = around(rng, np.full((items, runs), rate), LIKE_ITEMS)
    return around(rng, shared, LIKE_MODELS), around(rng, shared, LIKE_MODELS)


def grades(rng: Random, of: Numbers, design: Design, passes: int = 1) -> Numbers:
    """The number of passes in each grade: (samples x graders x items x runs)."""
    shape = (design.samples, design.graders, passes, *of.shape)
    true = rng.random((design.samples, 1, passes, *of.shape)) < of
    given = np.where(rng.random(shape) < SEES, true, rng.random(shape) < of)
    return given.sum(axis=2)


def item_means(rng: Random, of: Numbers, design: Design, passes: int = 1) -> Numbers:
    return grades(rng, of, design, passes).mean(axis=(0, 1)) / passes


def held(values: Numbers, least: float, truth: float) -> float:
    ends = np.array(bootstrapped(values, (least, 1.0)))
    return float(((ends[:, 0] <= truth + 1e-9) & (truth - 1e-9 <= ends[:, 1])).mean())


def of_wilson(rate: float, items: int, _: Design, __: Random, ___: int) -> float:
    intervals = enumerate(wilson(hits, items) for hits in range(items + 1))
    inside = [hits for hits, (low, high) in intervals if low <= rate <= high]
    return sum(comb(items, hits) * rate**hits * (1 - rate) ** (items - hits) for hits in inside)


def of_strict(rate: float, items: int, design: Design, rng: Random, runs: int) -> float:
    return held(item_means(rng, chances(rng, rate, items, runs)[0], design), 0.0, rate)


def of_mean(rate: float, items: int, design: Design, rng: Random, runs: int) -> float:
    """Of three levels."""
    return held(item_means(rng, chances(rng, rate, items, runs)[0], design, passes=2), 0.0, rate)


def differences(rate: float, items: int, design: Design, rng: Random, runs: int, less: float) -> Numbers:
    """Those of items, of two models of which the second passes that much less."""
    one, other = chances(rng, rate, items, runs)
    return item_means(rng, one, design) - item_means(rng, other * (1 - less / rate), design)


def of_no_difference(rate: float, items: int, design: Design, rng: Random, runs: int) -> float:
    return held(differences(rate, items, design, rng, runs, 0.0), -1.0, 0.0)


def of_difference(rate: float, items: int, design: Design, rng: Random, runs: int) -> float:
    return held(differences(rate, items, design, rng, runs, DIFFERENCE), -1.0, DIFFERENCE)


def of_test(rate: float, items: int, design: Design, rng: Random, runs: int) -> float:
    values = differences(rate, items, design, rng, runs, 0.0)
    return float(np.mean([sign_flip(column) <= ALPHA for column in values.T]))


def tables(rng: Random, rate: float, items: int, design: Design) -> Tables:
    """Of three levels, as graders gave them to the same answers."""
    given = grades(rng, chances(rng, rate, items, 1)[0], design, passes=2)[..., 0]
    counts = (given[..., None] == np.arange(3)).sum(axis=1).reshape(-1, 3).astype(float)
    return Tables(counts, np.tile(np.arange(items), design.samples))


@cache
def agreement(rate: float, design: Design) -> dict[str, float]:
    """What it truly is, by the name of the figure."""
    whole = tables(np.random.default_rng(1), rate, MANY, design).whole
    by_chance = alpha(whole, ordinal_distances(whole)), ac2(whole, ordinal_weights(3))
    return {"raw": float(raw(whole))} | {
        name: float(x) for name, x in zip(("alpha", "AC2"), by_chance, strict=True)
    }


def of_raw(rate: float, items: int, design: Design, rng: Random, runs: int) -> float:
    truth = agreement(rate, design)["raw"]
    made = (tables(rng, rate, items, design) for _ in range(runs // FEWER))
    found = [each.figures(SEED, with_coefficient=False)[0] for each in made]
    return float(np.mean([low <= truth <= high for low, high in found]))


def of_coefficient(rate: float, items: int, design: Design, rng: Random, runs: int) -> float:
    """Of alpha or AC2, whichever is printed; NaN where none is."""
    truth, inside = agreement(rate, design), []
    for _ in range(runs // FEWER if items * design.samples >= LEAST_SHARED else 0):
        made = tables(rng, rate, items, design)
        if not made.is_one_level:
            _, found = made.figures(SEED, with_coefficient=True)
            assert found
            inside.append(found.low <= truth[found.name] <= found.high)
    return float(np.mean(inside)) if inside else np.nan


def votes(rng: Random, means: Numbers, items: int, graders: int) -> Numbers:
    """Tables of wins of items, on each of which the models are as strong as they are there."""
    count = len(means)
    there = means + TASTES * rng.standard_normal((items, count))
    wins = np.zeros((items, count, count))
    for one in range(count):
        for other in range(one + 1, count):
            chance = 1 / (1 + np.exp(there[:, other] - there[:, one]))[:, None]
            given = np.where(rng.random((items, graders)) < TIES, 0.5, rng.random((items, graders)) < chance)
            wins[:, one, other] = given.sum(axis=1)
            wins[:, other, one] = (1 - given).sum(axis=1)
    return wins


def rankings(items: int, graders: int, runs: int) -> tuple[float, float]:
    """How often intervals of strengths hold, and how often one of equal models is put above another."""
    rng = np.random.default_rng([items, graders])
    truth = strengths(votes(rng, np.array(STRENGTHS), MANY, 1).sum(axis=0))
    inside, above = [], []
    for _ in range(runs // FEWER):
        _, draws = drawn_strengths(votes(rng, np.array(STRENGTHS), items, graders))
        low, high = np.quantile(draws, ENDS, axis=0)
        inside.append((low <= truth) & (truth <= high))
        equal = votes(rng, np.zeros(len(STRENGTHS)), items, graders)
        above.append(is_above(*drawn_strengths(equal), items).any())
    return 100 * float(np.mean(inside)), 100 * float(np.mean(above))


FIGURES: dict[str, tuple[Share, tuple[Design, ...]]] = {
    "strict, Wilson's": (of_wilson, DESIGNS[:1]),
    "strict": (of_strict, DESIGNS[1:]),
    "mean": (of_mean, DESIGNS),
    "difference, none": (of_no_difference, DESIGNS),
    "difference of 0.1": (of_difference, DESIGNS),
    "raw agreement": (of_raw, DESIGNS[2:]),
    "alpha or AC2": (of_coefficient, DESIGNS[2:]),
    "found where none is": (of_test, DESIGNS),
}


def simulated(share: Share, rate: float, items: int, design: Design, runs: int) -> str:
    """In per cent."""
    rng = np.random.default_rng([int(rate * 100), items, *design])
    shares = [share(rate, items, design, rng, STEP) for _ in range(1 if share is of_wilson else runs // STEP)]
    found = float(np.mean(shares))
    return "" if np.isnan(found) else f"{100 * found:.1f}"


def rows(names: Sequence[str], runs: int) -> Iterator[str]:
    yield "| | samples | graders | " + " | ".join(f"{n} items, {r:g}" for n in ITEMS for r in RATES) + " |"
    yield "|---" * (3 + len(ITEMS) * len(RATES)) + "|"
    for name in names:
        share, designs = FIGURES[name]
        for design in designs:
            cells = [simulated(share, rate, n, design, runs) for n in ITEMS for rate in RATES]
            yield f"| {name} | {design.samples} | {design.graders} | {' | '.join(cells)} |"


def ranking_rows(runs: int) -> Iterator[str]:
    yield "| items | graders | strengths | equal models told apart |"
    yield "|---" * 4 + "|"
    for items in ITEMS:
        for graders in (1, 2):
            inside, above = rankings(items, graders, runs)
            yield f"| {items} | {graders} | {inside:.1f} | {above:.1f} |"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=4_000)
    parser.add_argument("--only", choices=[*FIGURES, RANKINGS])
    asked = parser.parse_args()
    if asked.only != RANKINGS:
        for row in rows([asked.only] if asked.only else [*FIGURES], asked.runs):
            print(row, flush=True)
    if asked.only in (None, RANKINGS):
        print()
        for row in ranking_rows(asked.runs):
            print(row, flush=True)
    errors = [100 * sqrt(0.95 * 0.05 / runs) for runs in (asked.runs, asked.runs // FEWER)]
    print("\nStandard errors at 95 of 100: {:.1f}; of agreement and rankings {:.1f}.".format(*errors))


if __name__ == "__main__":
    main()
