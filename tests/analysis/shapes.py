"""Shapes of databases: each is a way in which figures go wrong."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from .asking import Asking
from .databases import Plan
from .judging import Judging


@dataclass(frozen=True)
class Shape:
    """What a database is like. Shares are of the answers, or of the judgements."""

    tasks: int = 2
    items: int = 4
    """Of each task."""
    models: int = 3
    samples: int = 1
    turns: int = 1
    persons: int = 2
    reports: int = 0
    judges: int = 0
    """Models that grade."""
    criteria: tuple[str, ...] = ("overall",)
    scales: tuple[str, ...] = ("three",)
    """Of the items in turn."""
    edited: float = 0.0
    """Judgements of the item after an edit of its rubric."""
    levels: tuple[str, ...] = ()
    """The only ones that are given."""
    apart: float = 0.0
    """Judgements that follow the model: the first one is the best, the last one the worst."""
    judged: float = 0.9
    answered: float = 0.95
    skipped: float = 0.05
    broken: float = 0.05
    failed: float = 0.05
    otherwise: float = 0.0
    reasoning: float = 0.2
    same_text: float = 0.2
    turned: float = 0.15
    """Judgements that are replaced, undone or done again."""
    repeated: float = 0.0
    late: float = 0.0
    """Judgements given after others, a check or the reveal."""
    known: bool = False
    """With practice and controls."""
    aliases: bool = False
    one_name: bool = False
    """Several models have one name."""
    printed: bool = False
    """The last two models' answers were printed."""
    pairs: float = 0.0
    pieces: bool = False
    ties: float = 0.2
    guesses: bool = False
    unrevealed: bool = False
    measured: float = 0.8


PLENTY = Shape(
    samples=2, persons=3, reports=1, judges=1, criteria=("overall", "style"), scales=("three", "two"),
    otherwise=0.08, repeated=0.3, late=0.2, known=True, aliases=True, pairs=0.5, guesses=True,
    apart=0.3,
)  # fmt: skip

SHAPES = {
    "plain": Shape(),
    "ties": Shape(models=4, same_text=0.9, levels=("pass", "partial")),
    "one model": Shape(models=1, persons=1),
    "one item": Shape(tasks=1, items=1),
    "nobody varied": Shape(items=8, levels=("partial",), broken=0.0),
    "all pass": Shape(items=8, levels=("pass",), broken=0.0, skipped=0.0),
    "missing": Shape(judged=0.5, answered=0.6, models=4),
    "samples": Shape(samples=3, turns=2, models=2, persons=1),
    "graders": Shape(persons=4, items=6, models=2),
    "skips": Shape(skipped=0.5, broken=0.3),
    "scales": Shape(scales=("three", "two", "five"), criteria=("style", "overall"), edited=0.3),
    "kinds": Shape(reports=1, judges=2, otherwise=0.3, items=6, models=4, printed=True),
    "occasions": Shape(repeated=0.6, late=0.5, turned=0.5, known=True, items=5),
    "one sided": Shape(items=12, models=2, persons=3, broken=0.0, levels=("pass",) * 14 + ("fail",)),
    "pairs": Shape(pairs=0.7, models=5, judged=0.1, apart=0.7, items=6),
    "pairs of few": Shape(pairs=0.8, models=2, ties=0.7, printed=True),
    "pieces": Shape(pairs=0.7, models=5, pieces=True, judged=0.1),
    "long": Shape(items=40, tasks=1, models=2, levels=("pass",) * 60 + ("fail",), broken=0.0, skipped=0.0),
    "plenty": PLENTY,
    "blind": replace(PLENTY, unrevealed=True, tasks=3, samples=1, models=4),
    "many": Shape(
        items=42,
        tasks=1,
        models=6,
        persons=1,
        repeated=1.0,
        judged=1.0,
        answered=1.0,
        skipped=0.01,
        failed=0.0,
        apart=0.6,
        one_name=True,
    ),
}


def made(name: str, seed: int) -> Plan:
    """A database of that shape."""
    plan, shape = Plan(random.Random(f"{name} {seed}")), SHAPES[name]
    Judging(shape, plan, Asking(shape, plan)).everything()
    return plan
