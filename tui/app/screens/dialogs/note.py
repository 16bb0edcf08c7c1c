"""A note on one answer, or the reason of a flag, written below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.app.outside_editor import edit_outside
from tui.app.widgets.key_footer import KeyFooter
from tui.app.widgets.safe_input import SafeTextArea

if TYPE_CHECKING:
    from textual.app import ComposeResult


HINTS = {
    "Note": "For yourself and whoever reads the grades. Empty: no note.",
    "Flag": "Why it needs another look; it is not graded by this. Empty: no flag.",
}


class NoteScreen(ModalScreen[str | None]):
    """Gives what is written, empty to remove it, or None when the person leaves it as it was."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS = [
        Binding("enter", "save", "Save", priority=True),
        Binding("ctrl+o", "edit_outside", "In your editor", priority=True),
        Binding("escape", "cancel", "Leave it as it was"),
    ]

    def __init__(self, note: str, of: str, what: str = "Note") -> None:
        """`of` says whose answer it is on."""
        super().__init__()
        self._what = what
        self._note = note
        self._of = of

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(f"{self._what} on {self._of}", classes="dialog-title", markup=False)
            yield Static(HINTS[self._what], classes="dialog-hint", markup=False)
            yield SafeTextArea(self._note, id="note")
            yield KeyFooter()

    def on_mount(self) -> None:
        area = self.query_one(SafeTextArea)
        self.set_focus(area)  # at once: what is typed next is the note
        area.move_cursor(area.document.end)

    def action_save(self) -> None:
        self.query_one(SafeTextArea).after_typing(self._save)

    def _save(self) -> None:
        note = self.query_one(SafeTextArea).written
        self.dismiss(note if note.strip() else "")

    def action_edit_outside(self) -> None:
        self.query_one(SafeTextArea).after_typing(self._edit_outside)

    async def _edit_outside(self) -> None:
        area = self.query_one(SafeTextArea)
        text = await edit_outside(self.app, area.written)
        if text is not None:
            area.rewrite(text)

    def action_cancel(self) -> None:
        self.dismiss(None)
