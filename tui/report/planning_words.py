"""How many items a comparison needs, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.analysis.planning import least_items
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.analysis.planning import Needed


def needed(of: Needed) -> str:
    """How many items find what, four times in five, where models differ as they do here."""
    return _needed(of, f" that differ as these do (mean square {of.differing:.2g})")


def _needed(of: Needed, where: str) -> str:
    found = (
        "no difference, however large," if of.found >= 1 else f"a difference of {of.found * 100:.0f} points"
    )
    return (
        f"With {counted(of.items, 'item')}{where}, {found} would be found four times in five; to find 10"
        f" points about {of.for_ten_points:,} items are needed."
    )


def plan(items: int, models: int, of: Sequence[Needed]) -> Iterator[str]:
    """What so many items can tell of so many models, before anybody grades."""
    can = counted(items, "item")
    if all(each.found >= 1 for each in of):
        yield f"{can} can hardly rank {models} models."
    else:
        yield f"{can} can tell {models} models apart where they differ much."
    least = least_items(models)
    yield (
        f"The fewest items that can tell any two of {models} models apart are {least}, all of them differing"
        f" one way{'' if items >= least else ': whatever these show, it is not enough'}."
    )
    for each in of:
        yield _needed(each, f", where the models differ on {each.differing:.0%} of them")
    yield "More samples or graders make each item's figure surer, and are no more items."
