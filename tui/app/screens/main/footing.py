"""The line of keys at the bottom of the main screen: its order, and what Escape does now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.app.keys import MAIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.binding import ActiveBinding

BACK = "Go back to the answers"
_PLACES = {binding.id: place for place, binding in enumerate(MAIN)}


def in_order(active: Mapping[str, ActiveBinding], *, leads_back: bool) -> dict[str, ActiveBinding]:
    """The bindings in the order of the bottom line, also those whose keys the person chose. With `leads_back`
    the key that stops answers only leads back to them."""
    named = {
        key: _back(each) if leads_back and each.binding.id == "stop" else each for key, each in active.items()
    }
    return dict(sorted(named.items(), key=lambda each: _PLACES.get(each[1].binding.id, len(_PLACES))))


def _back(stop: ActiveBinding) -> ActiveBinding:
    return stop._replace(binding=replace(stop.binding, description="Back", tooltip=BACK), tooltip=BACK)
