"""The line of keys at the bottom of the main screen: its order, what can be done now and what Escape does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.app.keys import GENERATING, MAIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.binding import ActiveBinding

    from tui.app.screens.main.comparing import Comparing
    from tui.app.screens.main.generating import Generating
    from tui.app.screens.main.stage import Stage
    from tui.grading.session import Session

ANYTIME = ("help", "write", "write_outside", "prompts", "models", "reveal", "results")
"""Actions that need no model."""
BACK = "Go back to the answers"
_PLACES = {binding.id: place for place, binding in enumerate(MAIN)}


def is_possible(
    action: str, parameters: tuple[object, ...], stage: Stage, comparing: Comparing, generating: Generating
) -> bool | None:
    """Whether an action can be done now; None for those that are none of the main screen's."""
    slot = stage.slot
    if action in GENERATING and not stage.session.generates:
        return False
    if action in ("blind", "reveal", "results") and stage.session.practises:
        return False
    if action == "grade":
        return slot is not None and parameters[0] in range(len(stage.levels))
    if action == "go_to_pane":
        return slot is not None and parameters[0] in range(len(stage.board.panes))
    if action in ("skip", "note", "flag"):
        return slot is not None and slot.judgeable
    if action == "scroll_together":
        return slot is not None and comparing.is_on
    if action == "stop":
        return slot is not None and generating.stoppable
    if action not in ANYTIME and hasattr(stage.screen, f"action_{action}"):
        return slot is not None
    return None


def in_order(
    active: Mapping[str, ActiveBinding], session: Session, *, leads_back: bool
) -> dict[str, ActiveBinding]:
    """The bindings in the order of the bottom line, also those whose keys the person chose. With `leads_back`
    the key that stops answers only leads back to them. While authors are hidden the key that reveals them is
    shown early; else, where it can be done, the one that hides them."""
    shown = "reveal" if session.blind else "blind" if session.generates else ""
    named = {key: _shown(_back(each, leads_back), shown) for key, each in active.items()}
    return dict(sorted(named.items(), key=lambda each: _place(each[1], shown)))


def _place(each: ActiveBinding, shown: str) -> float:
    id_ = each.binding.id
    if id_ == shown == "reveal":
        return _PLACES["quit"] + 0.5
    return _PLACES.get(id_, len(_PLACES))


def _shown(each: ActiveBinding, shown: str) -> ActiveBinding:
    return each._replace(binding=replace(each.binding, show=True)) if each.binding.id == shown else each


def _back(each: ActiveBinding, leads_back: bool) -> ActiveBinding:
    if not leads_back or each.binding.id != "stop":
        return each
    return each._replace(binding=replace(each.binding, description="Back", tooltip=BACK), tooltip=BACK)
