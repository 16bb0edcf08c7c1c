"""Keys and clicks, each handled to its end before the next, in the order in which they arrived."""

from __future__ import annotations

from contextlib import suppress
from math import inf
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from textual import events
from textual._dispatch_key import dispatch_key
from textual._time import get_time
from textual.app import App
from textual.errors import NoWidget
from textual.widgets import Input, TextArea

from tui.app.key_forms import forms
from tui.app.terminal.input import LATE, gate_input
from tui.grading.attention import Attention

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from rich.console import RenderableType
    from textual.driver import Driver
    from textual.screen import Screen
    from textual.widget import Widget

TYPING_SECONDS = 1.0
"""A pause that ends what was typed in the belief that it goes into a text."""
TYPING_IGNORED = "What you type is ignored until you pause: no note is open."
PASTE_IGNORED = "What you pasted is ignored: there is nothing here to paste into."
_BY_A_PERSON = (events.Key, events.Paste, events.MouseDown, events.MouseUp)
_WHEEL = (events.MouseScrollDown, events.MouseScrollUp, events.MouseScrollLeft, events.MouseScrollRight)


@runtime_checkable
class TakesInput(Protocol):
    """A screen that wants to know what a person does, as it happens."""

    def by_a_person(self) -> AbstractContextManager[None]:
        """Around all that one key or click does."""

    async def take_unbound(self, key: str) -> bool:
        """A key without a binding that can be done now. False if it means nothing."""


@runtime_checkable
class Clickable(Protocol):
    """A widget that does something where it is clicked. It would hear of the click in a task of its own, when
    the keys after that may have been handled."""

    click_action: str
    """The screen's action for a click."""


class OrderedInput(App[None]):
    """Textual sends a key along the widgets above the focus, each with a queue of its own, before it looks
    for a binding; where the focus moves meanwhile, keys overtake each other. Here it looks at once, except in
    a text field."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = Attention()
        self._arrived: float | None = None
        self._ignored_until, self._told_of_ignoring = -inf, False
        self.late = 0.0
        """Seconds by which the present key may have arrived before that."""
        self.drawn_at = get_time()
        """The time of the last frame, by the clock of Textual's events."""

    @property
    def arrived(self) -> float:
        """The time at which the present key or click arrived; now, if none is handled."""
        return get_time() if self._arrived is None else self._arrived

    def get_driver_class(self) -> type[Driver]:
        return gate_input(super().get_driver_class())

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        self.drawn_at = get_time()
        super()._display(screen, renderable)

    async def on_event(self, event: events.Event) -> None:
        if not event.is_forwarded and isinstance(event, (*_BY_A_PERSON, *_WHEEL)):
            self.attention.act()
        if event.is_forwarded or not isinstance(event, _BY_A_PERSON):
            await super().on_event(event)
            return
        self.app_focus = True  # some terminals never say that they have it again
        if isinstance(event, events.Paste) and not self._types():
            self.notify(PASTE_IGNORED)
        elif isinstance(self.screen, TakesInput):
            with self.screen.by_a_person():
                await self._take(event)
        else:
            await self._take(event)

    async def _take(self, event: events.Event) -> None:
        if isinstance(event, events.MouseUp):
            await self._take_click(event)
            return
        if not isinstance(event, events.Key) or self._types():
            await super().on_event(event)
            return
        if self._is_ignored(event):
            return
        screen = self.screen
        self._arrived, self.late = event.time, getattr(event, LATE, 0.0)
        try:
            for key in forms(event.key, event.character):
                if await self._check_bindings(key, priority=True) or await self._check_bindings(key):
                    return
                if isinstance(screen, TakesInput) and await screen.take_unbound(key):
                    return
            if not isinstance(screen, TakesInput):
                await dispatch_key(screen, event)
        finally:
            self._arrived, self.late = None, 0.0

    def ignore_typing(self) -> None:
        """Take the keys that follow for the text that a person thinks they are writing, until a pause, Enter
        or Escape."""
        self._ignored_until, self._told_of_ignoring = self.arrived + TYPING_SECONDS, False

    def _is_ignored(self, event: events.Key) -> bool:
        if event.time >= self._ignored_until:
            return False
        is_typing = event.is_printable or event.key in ("backspace", "tab")
        if is_typing and not self._told_of_ignoring:
            self._told_of_ignoring = True
            self.notify(TYPING_IGNORED)
        self._ignored_until = event.time + TYPING_SECONDS if is_typing else -inf
        return is_typing or event.key in ("enter", "escape")

    async def _take_click(self, event: events.MouseUp) -> None:
        screen, widget = self.screen, self._clicked(event)
        await super().on_event(event)
        if isinstance(widget, Clickable):
            self._arrived = event.time
            try:
                await self.run_action(widget.click_action, screen)
            finally:
                self._arrived = None

    def _clicked(self, event: events.MouseUp) -> Widget | None:
        """The widget, if the button was pressed on it as well as let go."""
        with suppress(NoWidget):
            widget, _ = self.get_widget_at(*event.screen_offset)
            return widget if event.button == 1 and widget is self._mouse_down_widget else None
        return None

    def _types(self) -> bool:
        return isinstance(self.focused, Input | TextArea)
