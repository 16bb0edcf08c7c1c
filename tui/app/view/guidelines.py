"""What a grader is to go by in a task, as one text: its description, and each criterion with its levels."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.app.view.marks import level_mark
from tui.text import safe, safe_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.catalogue.item import Item
    from tui.catalogue.rubric import Criterion


class Guidelines(NamedTuple):
    text: str
    headings: set[int]
    """The numbers of the lines that are headings."""


def guidelines(item: Item, heading: str) -> Guidelines:
    """`heading` is the first line."""
    lines, headings = [heading], {0}
    lines += safe(item.task.description).split("\n") if item.task.description else []
    criteria = item.standard.criteria
    for criterion in criteria:
        question = safe_line(criterion.question)
        words = [safe_line(criterion.name)] if len(criteria) > 1 else []
        if title := ": ".join(filter(None, (*words, question))):
            headings.add(len(lines))
            lines.append(title)
        lines += _levels(criterion, has_keys=item.standard == item.rubric)
    return Guidelines("\n".join(lines), headings)


def _levels(criterion: Criterion, *, has_keys: bool) -> Iterator[str]:
    for number, level in enumerate(criterion.levels, 1):
        anchor = f": {safe_line(level.anchor)}" if level.anchor else ""
        key = f"{number % 10} " if has_keys else ""
        yield f"{key}{safe_line(level.label)} {level_mark(level)}{anchor}"
