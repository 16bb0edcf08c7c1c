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

ANYTIME = ("help", "write", "write_outside", "prompts", "models", "reveal")
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
    if action in ("blind", "reveal") and stage.session.practises:
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


def in_order(active: Mapping[str, ActiveBinding], *, leads_back: bool) -> dict[str, ActiveBinding]:
    """The bindings in the order of the bottom line, also those whose keys the person chose. With `leads_back`
    the key that stops answers only leads back to them."""
    named = {
        key: _back(each) if leads_back and each.binding.id == "stop" else each for key, each in active.items()
    }
    return dict(sorted(named.items(), key=lambda each: _PLACES.get(each[1].binding.id, len(_PLACES))))


def _back(stop: ActiveBinding) -> ActiveBinding:
    return stop._replace(binding=replace(stop.binding, description="Back", tooltip=BACK), tooltip=BACK)
