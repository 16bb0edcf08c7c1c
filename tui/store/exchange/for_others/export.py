"""Export for other programs, as JSON lines of their own shape."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal, NamedTuple, TextIO

from tui.store.exchange.for_others.judged import Judged
from tui.store.exchange.for_others.training import Reason, labelled, preferences, preferences_of_grades
from tui.store.exchange.for_others.votes import votes
from tui.store.exchange.jsonl_format import write_lines
from tui.store.exchange.masking import Mask
from tui.store.selection import ALL, Selection

if TYPE_CHECKING:
    from tui.store.database import Store
    from tui.store.exchange.for_others.votes import Namer
    from tui.store.exchange.masking import BlindSession

Shape = Literal["trl", "kto", "arena"]
"""TRL's preferences, TRL's unpaired preferences, votes of an arena."""


class WrittenFor(NamedTuple):
    rows: int
    left_out: Counter[Reason]
    """How many grades and pairs are not written, by why."""
    of_grades: bool
    """True where preferences are made of grades, since no pair was judged that has a winner."""
    hidden: int
    """Judgements that are left out while sessions are blind."""
    blind: tuple[BlindSession, ...]
    """These sessions, newest first."""


def export_for_others(
    store: Store,
    stream: TextIO,
    shape: Shape,
    namer: Namer,
    *,
    selection: Selection = ALL,
    criterion: str | None = None,
) -> WrittenFor:
    """Write what was judged first and is in force, as it is now; with a criterion, by that one.

    UsageError for a selection of models that are hidden, or by a name that nothing stored has.
    """
    with store.snapshot():
        mask = Mask(store)
        mask.refuse_models(selection)
        selection.require_known(store)
        judged = Judged(store, mask, selection, criterion, names=shape == "arena")
        left_out = Counter[Reason]()
        of_grades = False
        match shape:
            case "trl":
                rows = write_lines(preferences(judged, left_out), stream)
                if of_grades := not rows:
                    rows = write_lines(preferences_of_grades(judged, left_out), stream)
            case "kto":
                rows = write_lines(labelled(judged, left_out), stream)
            case "arena":
                rows = write_lines(votes(judged, namer), stream)
        return WrittenFor(rows, left_out, of_grades and bool(rows), judged.hidden, mask.concerned(selection))
