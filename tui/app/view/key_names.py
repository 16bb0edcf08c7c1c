"""Names of keys as the screen shows them; the person's own keys come first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui.app.keys import ANYWHERE, GRADING, MAIN, MODELS, PANES, RESULTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import App
    from textual.binding import Binding

    from tui.catalogue.rubric import Level

_OF_MAIN = (*GRADING, *MAIN, *PANES, *ANYWHERE)
_BY_ID = {binding.id: binding for binding in (*_OF_MAIN, *MODELS, *RESULTS)}


def key_name(app: App[Any], id_: str) -> str:
    """The first key of the binding with this id."""
    return key_names(app, id_)[0]


def key_names(app: App[Any], id_: str) -> list[str]:
    """All keys of it."""
    binding = _BY_ID[id_]
    return list(dict.fromkeys(app.get_key_display(binding.with_key(key)) for key in _keys(app, binding)))


def ids_of(app: App[Any], key: str) -> list[str]:
    """The ids of the main screen's bindings that have this key."""
    return [binding.id or "" for binding in _OF_MAIN if key in _keys(app, binding)]


def level_keys(app: App[Any], levels: Iterable[Level]) -> list[list[str]]:
    """The keys that give each level, its digit first; a letter that does something else is left out."""
    taken = {key for binding in _OF_MAIN for key in _keys(app, binding)}
    found = []
    for number, level in enumerate(levels, 1):
        digit = [key_name(app, f"grade-{number}")] if f"grade-{number}" in _BY_ID else []
        found.append(digit + ([level.key] if level.key and level.key not in taken else []))
    return found


def _keys(app: App[Any], binding: Binding) -> list[str]:
    return (app._keymap.get(binding.id or "") or binding.key).split(",")
