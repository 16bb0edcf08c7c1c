"""The actions of a screen as commands of the palette."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.screen import Screen


def actions_of(screen: Screen[Any]) -> Iterable[SystemCommand]:
    # By action: a binding of several keys is there once for each.
    active = {each.binding.action: each for each in screen.active_bindings.values()}
    for action, (_, binding, enabled, _) in active.items():
        if enabled and binding.tooltip and action.partition(".")[0] != "app":
            yield SystemCommand(binding.description, binding.tooltip, partial(screen.run_action, action))
