"""What a sample does not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.analysis.planning import LEAST_ITEMS, least_items
from tui.report import phrases
from tui.report.document import Bullets, Section
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.report.document import Block
    from tui.report.material import Material


def limits(of: Material) -> Iterator[Section]:
    yield Section("limits", "Limits of the sample", _blocks(of))


def _blocks(of: Material) -> Iterator[Block]:
    yield Bullets(tuple(told(of)))


def told(of: Material) -> Iterator[str]:
    """What it does not say, in sentences."""
    items = len(of.items)
    yield (
        f"{counted(items, 'item')} {'is' if items == 1 else 'are'} described here. The intervals hold if they"
        " were drawn by lot from items like them, which they are not known to be."
    )
    if 0 < items < LEAST_ITEMS:
        yield f"Of fewer than {LEAST_ITEMS} items nothing is said of how many would be needed."
    people = [name for kind in of.results.kinds if kind.kind == "person" for name in kind.graders]
    if len(people) == 1:
        yield f"One person judged, {people[0]}: nothing says how far another would agree."
    elif people:
        yield f"{len(people)} people judged. The intervals do not speak of other graders."
    for models in _compared(of):
        yield (
            f"To tell any two of {models} models apart takes {least_items(models)} items at least, all of"
            " which differ one way. Two models that cannot be told apart are not shown to be equal."
        )
    yield "Other tasks, criteria and filters than the main figure are exploratory, and have no p."
    printed = [each.model for each in of.results.answered if each.is_printed]
    if printed and len(printed) < len(of.results.answered):
        yield (
            f"The answers of {phrases.listed(printed)} were printed by others, asked at another time and with"
            " other settings: they are compared among themselves only."
        )
    if of.results.asked_otherwise:
        count = counted(len(of.results.asked_otherwise), "answer")
        yield f"{count} to another question than the item's: in no model's figure."
    if of.blind:
        yield phrases.hidden(of.blind)


def _compared(of: Material) -> Iterator[int]:
    """How many models are compared where the main figure is, if any are."""
    for kind in of.results.kinds[:1]:
        for criterion in kind.criteria:
            if criterion.is_primary and criterion.comparison and criterion.comparison.is_tested:
                yield len(criterion.comparison.ranks)
