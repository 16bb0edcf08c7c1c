"""A prompt written on the spot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.app.widgets.key_footer import KeyFooter
from tui.app.widgets.safe_input import SafeTextArea

if TYPE_CHECKING:
    from textual.app import ComposeResult


class ComposePromptScreen(ModalScreen[str | None]):
    """Gives the prompt's text, or None when the person thought better of it."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS = [
        Binding("ctrl+s", "save", "Save the prompt", priority=True),
        Binding("escape", "cancel", "Cancel"),
    ]

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -large"):
            yield Static("A prompt of your own", classes="dialog-title", markup=False)
            yield SafeTextArea(self._text, id="own-prompt")
            yield KeyFooter()

    def on_mount(self) -> None:
        self.set_focus(self.query_one(SafeTextArea))  # at once: what is typed next is the prompt

    def action_save(self) -> None:
        self.query_one(SafeTextArea).after_typing(self._save)

    def _save(self) -> None:
        text = self.query_one(SafeTextArea).written
        if text.strip():
            self.dismiss(text)
        else:
            self.notify("Write the prompt first, or leave with Escape.")

    def action_cancel(self) -> None:
        self.dismiss(None)
