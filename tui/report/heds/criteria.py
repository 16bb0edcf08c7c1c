"""The criteria of a report: each a way of judging, with the items that were judged by it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from tui.catalogue.rubric import OVERALL
from tui.grading.compared import Compared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.catalogue.rubric import Criterion
    from tui.report.material import Material, ReportItem


class JudgedBy(NamedTuple):
    """One criterion, which several tasks may share; its anchors are those of the first item."""

    name: str
    """No other one of the report has it."""
    criterion: Criterion
    items: tuple[ReportItem, ...]
    in_pairs: bool

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(each.label for each in self.criterion.levels)


def criteria(of: Material) -> list[JudgedBy]:
    """Those that anybody judged by; before that, all that the items have."""
    found = [*_alone(of), *_in_pairs(of)]
    times = Counter(each.name for each in found)
    named: dict[str, JudgedBy] = {}
    for each in found:
        name = first = _with_tasks(each) if times[each.name] > 1 else each.name
        while name in named:
            name = f"{first} {len(named) + 1}"
        named[name] = each._replace(name=name)
    return list(named.values())


def _alone(of: Material) -> Iterator[JudgedBy]:
    used = {each.criterion for some in of.given.values() for each in some}
    found: dict[object, JudgedBy] = {}
    for item in of.items:
        for each in item.item.rubric.criteria:
            is_wanted = of.results.filters.criterion in (None, each.name)
            if is_wanted and (each.name in used or not of.is_judged):
                key = each.name, each.question, tuple((level.label, level.value) for level in each.levels)
                so_far = found.get(key, JudgedBy(each.name, each, (), in_pairs=False))
                found[key] = so_far._replace(items=(*so_far.items, item))
    yield from found.values()


def _in_pairs(of: Material) -> Iterator[JudgedBy]:
    asked = of.rows.in_pairs() if of.compared else set()
    items = tuple(each for each in of.items if (each.asked.task, each.asked.prompt_hash) in asked)
    if items:
        criterion = Compared(*items[0].item).rubric.criterion
        yield JudgedBy(f"{OVERALL} in pairs", criterion, items, in_pairs=True)


def _with_tasks(of: JudgedBy) -> str:
    tasks = dict.fromkeys(each.item.task.name for each in of.items)
    return f"{of.name} ({', '.join(tasks)})"
