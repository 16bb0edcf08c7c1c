"""What a blind session says in place of what its grader is not to know."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tui.grading.judged import Judged
from tui.grading.sheet import Slot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.generation.live_response import Phase
    from tui.grading.overview import Cell

FAILED: Final = "It failed. Why is shown after the reveal."
REMARK: Final = "a remark on how it was asked is shown after the reveal"
ALONE: Final = "This answer"
"""The name of one that is on no sheet."""


def hidden(slot: Slot, name: str) -> Slot:
    """The same without what tells its author: no name, figures, errors, or number of answers."""
    return Slot(
        id=slot.id,
        label=name,
        phase=slot.phase,
        text=slot.text,
        error=FAILED if slot.error else "",
        cut_off=slot.cut_off,
        reading=slot.reading,
        givens=slot.givens,
        judged=slot.judged,
        samples=min(slot.samples, 1),
        remarks=(REMARK,) if slot.remarks else (),
        compared=slot.compared,
    )


def held_back(slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """The same once all are there; until then nothing of any: who is quick would be seen."""
    phase = _common({slot.phase for slot in slots}, any(slot.busy for slot in slots))
    return tuple(slots) if phase is None else tuple(_waiting(slot, phase) for slot in slots)


def held_back_cells(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The same of a row of the list."""
    if any(cell.state == "working" for cell in cells):
        return tuple(cell._replace(state="working", given=None) for cell in cells)
    return tuple(cells)


def _common(phases: set[Phase], busy: bool) -> Phase | None:
    """What all are said to do while some are not there."""
    if "unsaved" in phases:
        return "unsaved"
    if busy:
        return "queued"
    return next((phase for phase in ("unknown", "empty") if phase in phases), None)


def _waiting(slot: Slot, phase: Phase) -> Slot:
    givens = (None,) * len(slot.givens)
    shown = replace(slot, phase=phase, text="", error="", cut_off=False, reading=0, samples=0)
    return replace(shown, givens=givens, judged=Judged(), remarks=())
