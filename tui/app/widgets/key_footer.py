"""The line of keys at the bottom of a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import Binding
    from textual.screen import Screen

ALWAYS = "help"
"""The key that names all the others: it gives way to none."""


class Key(NamedTuple):
    binding: Binding
    name: str
    enabled: bool
    tooltip: str

    @property
    def width(self) -> int:
        return cell_len(f"{self.name} {self.binding.description} ")


class KeyFooter(Footer):
    """Textual's, with whole keys only, and made anew only where other keys can be pressed: most keys change
    none of them, and a dozen new widgets are most of what it costs."""

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)
        self._composed: list[Key] | None = None

    def compose(self) -> ComposeResult:
        if not self._bindings_ready:
            return
        self._composed = self._fitting()
        for binding, name, enabled, tooltip in self._composed:
            yield FooterKey(
                binding.key, name, binding.description, binding.action, disabled=not enabled, tooltip=tooltip
            ).data_bind(compact=Footer.compact)

    def bindings_changed(self, screen: Screen[object]) -> None:
        if self._composed is None or self._composed != self._fitting():
            super().bindings_changed(screen)

    def on_resize(self) -> None:
        if self._composed is not None:
            self.bindings_changed(self.screen)

    def _fitting(self) -> list[Key]:
        """The keys that have room, in order; one for each action."""
        shown = [each for each in self.screen.active_bindings.values() if each.binding.show]
        first = {each.binding.action: each for each in reversed(shown)}
        keys = [
            Key(binding, self.app.get_key_display(binding), enabled, tooltip)
            for _, binding, enabled, tooltip in shown
            if first[binding.action].binding is binding
        ]
        room = self.size.width or self.screen.size.width
        room += 1  # nothing follows the last
        room -= sum(key.width for key in keys if key.binding.id == ALWAYS)
        fitting = []
        for key in keys:
            if key.binding.id != ALWAYS:
                room -= key.width
            if room >= 0 or key.binding.id == ALWAYS:
                fitting.append(key)
        return fitting
