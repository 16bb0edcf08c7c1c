"""The line of keys at the bottom of a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Footer

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.screen import Screen

Key = tuple[str, str, bool]
"""A binding's key, its words, and whether it can be pressed."""


class KeyFooter(Footer):
    """Textual's, made anew only where other keys can be pressed: most keys change none of them, and a dozen
    new widgets are most of what it costs."""

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)
        self._composed: list[Key] | None = None

    def compose(self) -> ComposeResult:
        if self._bindings_ready:
            self._composed = _keys(self.screen)
        yield from super().compose()

    def bindings_changed(self, screen: Screen[object]) -> None:
        if self._composed is None or self._composed != _keys(screen):
            super().bindings_changed(screen)


def _keys(screen: Screen[object]) -> list[Key]:
    return [
        (binding.key, binding.description, enabled)
        for _, binding, enabled, _ in screen.active_bindings.values()
        if binding.show
    ]
