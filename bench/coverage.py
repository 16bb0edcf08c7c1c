"""How often the intervals of figures hold what they are to hold, and how often the test errs.

    python bench/coverage.py [--runs N] [--only FIGURE]

Grades are made as they come about: items differ in difficulty, models in what they find difficult, and samples and
graders of an item are more alike than those of others. Each cell is made N times, and prints in how many of 100
the interval of 95 % has the true value; for the test, in how many a difference is found where none is. Wilson's is
computed, not simulated.
"""

from __future__ import annotations

import argparse
from math import comb, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np


from tui.analysis.differences import ALPHA, sign_flip
from tui.analysis.intervals import bootstrapped, wilson


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

RATES = (0.5, 0.8, 0.95)
ITEMS = (9, 30, 100)
LIKE_ITEMS = 2.0
"""Rates of items are Beta with this concentration: at a rate of .8 half of the items are above .91."""
LIKE_MODELS = 4.0
"""So are a model's own rates around those of the items."""
SEES = 0.8
"""In so many of 100 cases a grader says what the answer is, else what any of the model's answers to the item is."""
DIFFERENCE = 0.1
STEP = 500
"""Runs at once."""


class Design(NamedTuple):
    """How an item is answered and judged."""

    samples: int
    graders: int


DESIGNS = (Design(1, 1), Design(3, 1), Design(1, 2), Design(3, 2))


def around(rng: np.random.Generator, means: Numbers, concentration: float) -> Numbers:
    inside = np.clip(means, 1e-6, 1 - 1e-6)
    return rng.beta(concentration * inside, concentration * (1 - inside))


def rates(rng: np.random.Generator, rate: float, items: int, runs: int) -> tuple[Numbers, Numbers]:
    """Those of two models that are as good, on the same items."""
    shared = around(rng, np.full((items, runs), rate), LIKE_ITEMS)
    return around(rng, shared, LIKE_MODELS), around(rng, shared, LIKE_MODELS)


def item_means(rng: np.random.Generator, chances: Numbers, design: Design, parts: int = 1) -> Numbers:
    """Of grades, each the mean of that many passes or fails: (items x runs)."""
    shape = (design.samples, design.graders, parts, *chances.shape)
    true = rng.random((design.samples, 1, parts, *chances.shape)) < chances
    other = rng.random(shape) < chances
    given = np.where(rng.random(shape) < SEES, true, other)
    return given.mean(axis=(0, 1, 2))


def share_held(values: Numbers, outcomes: tuple[float, ...], truth: float) -> float:
    ends = np.array(bootstrapped(values, outcomes))
    return float(((ends[:, 0] <= truth + 1e-9) & (truth - 1e-9 <= ends[:, 1])).mean())


def of_wilson(rate: float, items: int, _: Design, __: np.random.Generator, ___: int) -> float:
    held = (hits for hits in range(items + 1) if wilson(hits, items).low <= rate <= wilson(hits, items).high)
    return sum(comb(items, hits) * rate**hits * (1 - rate) ** (items - hits) for hits in held)


def of_strict(rate: float, items: int, design: Design, rng: np.random.Generator, runs: int) -> float:
    chances, _ = rates(rng, rate, items, runs)
    return share_held(item_means(rng, chances, design), (0.0, 1.0), rate)


def of_mean(rate: float, items: int, design: Design, rng: np.random.Generator, runs: int) -> float:
    chances, _ = rates(rng, rate, items, runs)
    return share_held(item_means(rng, chances, design, parts=2), (0.0, 0.5, 1.0), rate)


def of_difference(less: float) -> Figure:
    """Of strict, where the second model is worse by that."""

    def share(rate: float, items: int, design: Design, rng: np.random.Generator, runs: int) -> float:
        one, other = rates(rng, rate, items, runs)
        other = other * (1 - less / rate)
        values = item_means(rng, one, design) - item_means(rng, other, design)
        return share_held(values, (0.0, 1.0, -1.0, 0.0), less)

    return share


def of_test(rate: float, items: int, design: Design, rng: np.random.Generator, runs: int) -> float:
    one, other = rates(rng, rate, items, runs)
    values = item_means(rng, one, design) - item_means(rng, other, design)
    return float(np.mean([sign_flip(column) <= ALPHA for column in values.T]))


if TYPE_CHECKING:
    Figure = Callable[[float, int, Design, np.random.Generator, int], float]

FIGURES: dict[str, tuple[Figure, tuple[Design, ...]]] = {
    "strict, Wilson's": (of_wilson, DESIGNS[:1]),
    "strict": (of_strict, DESIGNS[1:]),
    "mean": (of_mean, DESIGNS),
    "difference, none": (of_difference(0.0), DESIGNS),
    "difference of 0.1": (of_difference(DIFFERENCE), DESIGNS),
    "found where none is": (of_test, DESIGNS),
}


def simulated(figure: Figure, rate: float, items: int, design: Design, runs: int) -> float:
    """In per cent."""
    rng = np.random.default_rng([int(rate * 100), items, *design])
    if figure is of_wilson:
        return 100 * figure(rate, items, design, rng, 0)
    shares = [figure(rate, items, design, rng, STEP) for _ in range(runs // STEP)]
    return 100 * float(np.mean(shares))


def rows(figures: dict[str, tuple[Figure, tuple[Design, ...]]], runs: int) -> Iterator[str]:
    yield "| | samples | graders | " + " | ".join(f"{n} items, {r:g}" for n in ITEMS for r in RATES) + " |"
    yield "|---" * (3 + len(ITEMS) * len(RATES)) + "|"
    for name, (figure, designs) in figures.items():
        for design in designs:
            cells = [simulated(figure, rate, n, design, runs) for n in ITEMS for rate in RATES]
            told = " | ".join(f"{each:.1f}" for each in cells)
            yield f"| {name} | {design.samples} | {design.graders} | {told} |"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=4_000)
    parser.add_argument("--only", choices=FIGURES)
    asked = parser.parse_args()
    chosen = {asked.only: FIGURES[asked.only]} if asked.only else FIGURES
    for row in rows(chosen, asked.runs):
        print(row, flush=True)
    print(f"\nStandard error at 95 of 100: {100 * sqrt(0.95 * 0.05 / asked.runs):.1f}.")


if __name__ == "__main__":
    main()
