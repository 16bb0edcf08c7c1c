"""What a cell of the matrix says: a mark, and a level or a mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from tui.app.view.marks import NO_ANSWER, UNGRADED, grade_mark, grade_style
from tui.app.view.marks import SKIPPED as SKIP_MARK
from tui.grading.judged import Given
from tui.report.words import decimal
from tui.text import safe_line
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from tui.analysis.cells import Cell, ItemFigures

OTHERS: Final = f"{UNGRADED} others"
NOTHING: Final = NO_ANSWER
MUTED: Final = "$text-muted"
ROOM: Final = 11
"""Cells for the words beside a mark in a narrow column, and one."""
HIDDEN: Final = "graded by others; what they gave is shown once you have judged it"


def is_hidden(cell: Cell, judged: AbstractSet[str]) -> bool:
    """True of a cell with an answer that its reader has not judged: what others gave would lead them."""
    return any(id_ not in judged for id_ in cell.response_ids)


def hidden_totals(items: Iterable[ItemFigures], judged: AbstractSet[str]) -> set[str]:
    """The models whose total over these items is that of one cell, which is hidden."""
    cells: dict[str, list[Cell]] = {}
    for cell in (cell for item in items for cell in item.cells):
        cells.setdefault(cell.model, []).append(cell)
    return {model for model, (first, *more) in cells.items() if not more and is_hidden(first, judged)}


def short(cell: Cell | None, judged: AbstractSet[str]) -> tuple[str, str]:
    """`✓ pass`, `✗ fail ×3`, `~ 0.63 of 4`; and its style."""
    if cell is None:
        return NOTHING, MUTED
    if is_hidden(cell, judged):
        return OTHERS, MUTED
    if cell.mean is None:
        return f"{SKIP_MARK} skipped", MUTED
    given = Given(cell.levels[0], cell.mean)
    times = len(cell.levels)
    words = f"{decimal(cell.mean)} of {cell.judgements}"
    if times == 1:
        words = safe_line(cell.levels[0])
    elif len(set(cell.levels)) == 1 and cell_len(same := f"{safe_line(cell.levels[0])} ×{times}") < ROOM:
        words = same
    return f"{grade_mark(given)} {words}", grade_style(given)


def whole(cell: Cell | None, judged: AbstractSet[str]) -> str:
    """The same in a line of its own: how often each level was given."""
    if cell is None:
        return "no judgement"
    if is_hidden(cell, judged):
        return HIDDEN
    times = {level: cell.levels.count(level) for level in cell.levels}
    given = ", ".join(f"{safe_line(level)}{f' ×{many}' if many > 1 else ''}" for level, many in times.items())
    mean = f" · mean {decimal(cell.mean)}" if cell.mean is not None and cell.judgements > 1 else ""
    return f"{counted(len(cell.levels), 'judgement')}: {given}{mean}"
