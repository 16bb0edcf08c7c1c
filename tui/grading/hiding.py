"""What a blind session says in place of what its grader is not to know."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tui.grading.judged import Judged
from tui.grading.sheet import Slot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.generation.live_response import Phase
    from tui.grading.overview import Cell
    from tui.store.database import Store

FAILED: Final = "It failed. Why is shown after the reveal."
NUMBER_HIDDEN: Final = "How many answers a model gave is hidden while you grade blind."
ALONE: Final = "This answer"
"""The name of one that is on no sheet."""

LEAST_LETTERS: Final = 4
"""Of a part of a model's name that tells of it wherever it stands."""


class Telltales:
    """Names and titles of models, and parts of them: what no remark may hold while authors are hidden."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._told: dict[str, bool] = {}

    def without(self, remarks: Sequence[str]) -> tuple[str, ...]:
        """Those that tell of no model."""
        return tuple(remark for remark in remarks if not self._tells(remark))

    def _tells(self, remark: str) -> bool:
        if remark not in self._told:
            self._told[remark] = any(_names(remark, name) for name in self._store.models.names())
        return self._told[remark]


def hidden(slot: Slot, name: str, remarks: tuple[str, ...] = ()) -> Slot:
    """The same without what tells its author: no name, figures, errors, or number of answers; of its remarks
    these."""
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
        remarks=remarks,
        compared=slot.compared,
    )


def held_back(slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """The same once all are there; until then nothing of any: who is quick would be seen."""
    phase = _common({slot.phase for slot in slots}, any(slot.busy for slot in slots))
    return tuple(slots) if phase is None else tuple(_waiting(slot, phase) for slot in slots)


def held_back_cells(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The same of a row of the list."""
    states = {cell.state for cell in cells}
    for state in ("working", "none"):
        if state in states:
            return tuple(cell._replace(state=state, given=None) for cell in cells)
    return tuple(cells)


def _names(remark: str, name: str) -> bool:
    words, said = _words(name), remark.casefold()
    parts = (word for word in words if len(word) >= LEAST_LETTERS)
    whole = bool(words) and "".join(words) in "".join(_words(remark))
    return whole or any(part in said for part in parts)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


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
