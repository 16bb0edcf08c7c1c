"""A prompt of the person's own: what is asked, what it is about, and the levels it is graded by."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.app.outside_editor import edit_outside
from tui.app.screens.dialogs.confirm import ConfirmScreen
from tui.app.widgets.key_footer import KeyFooter
from tui.app.widgets.safe_input import SafeTextArea
from tui.catalogue.own_prompt import USUAL_LEVELS, levels_of_lines, lines_of_levels
from tui.errors import UsageError

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import ActiveBinding

    from tui.catalogue.own_prompt import OwnPrompt
    from tui.catalogue.rubric import Level

NEW, OLD = "A prompt of your own", "Your own prompt {number}"
_PROMPT, _INPUT, _LEVELS = (
    "Prompt",
    "Input, which the prompt is about (may be empty)",
    "Levels, worst first, one a line, as label: what earns it",
)

_USUAL = lines_of_levels(USUAL_LEVELS)
_KEYS = [
    Binding("ctrl+s", "save", "Save", priority=True),
    Binding("escape", "cancel", "Cancel"),
    Binding("tab", "app.focus_next", "Next field"),
    Binding("ctrl+o", "edit_outside", "In $EDITOR", priority=True),
    Binding("ctrl+n", "begin_new", "New one", priority=True),
    Binding("ctrl+d", "remove", "Remove", priority=True),
]


class Draft(NamedTuple):
    """A prompt as it is being written: of an own one that there is, or of a new one."""

    of: OwnPrompt | None = None
    text: str = ""
    input: str = ""
    levels: tuple[Level, ...] = ()
    """None are the usual ones."""

    @classmethod
    def of_own(cls, prompt: OwnPrompt) -> Draft:
        return cls(prompt, prompt.text, prompt.input, prompt.levels)


class ComposePromptScreen(ModalScreen["Draft | OwnPrompt | None"]):
    """Gives what is to be saved, an own prompt that is to be removed, or None when the person thought better
    of it. With `outside` the prompt is first written in the person's editor."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS = [*_KEYS]

    def __init__(self, draft: Draft | None = None, *, outside: bool = False) -> None:
        super().__init__()
        self._draft = draft or Draft()
        self._outside = outside

    def compose(self) -> ComposeResult:
        draft = self._draft
        with Vertical(classes="dialog -form"):
            yield Static(self._title(), classes="dialog-title", markup=False)
            yield Static(_PROMPT, classes="field-name", markup=False)
            yield SafeTextArea(draft.text, id="own-prompt", tab_moves=True)
            yield Static(_INPUT, classes="field-name", markup=False)
            yield SafeTextArea(draft.input, id="own-input", tab_moves=True)
            yield Static(_LEVELS, classes="field-name", markup=False)
            yield SafeTextArea(lines_of_levels(draft.levels) or _USUAL, id="own-levels", tab_moves=True)
            yield KeyFooter()

    def on_mount(self) -> None:
        self.set_focus(self._prompt)  # at once: what is typed next is the prompt
        if self._outside:
            self.call_after_refresh(self._edit_outside)

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """In the order of this form, where a text field has a meaning of its own for some of the keys."""
        order = [binding.action for binding in _KEYS]
        active = super().active_bindings.items()
        return dict(sorted(active, key=lambda each: _place(order, each[1].binding.action)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("begin_new", "remove"):
            return self._draft.of is not None
        return super().check_action(action, parameters)

    def action_save(self) -> None:
        self._current.after_typing(self._save)

    def action_cancel(self) -> None:
        self.dismiss(None)

    def action_edit_outside(self) -> None:
        self._current.after_typing(self._edit_outside)

    def action_begin_new(self) -> None:
        """What the person has changed here is not lost: it goes into the new one."""
        if not any(area.is_changed for area in self.query(SafeTextArea)):
            for area, text in ((self._prompt, ""), (self._input, ""), (self._levels, _USUAL)):
                area.begin_with(text)
        self._draft = Draft()
        self.query_one(".dialog-title", Static).update(self._title())
        self.set_focus(self._prompt)
        self.refresh_bindings()

    async def action_remove(self) -> None:
        question = "Remove this prompt?"
        explanation = "Its answers and their grades stay in the database. Its number is not given again."
        await self.app.push_screen(ConfirmScreen(question, explanation), self._remove_if)

    def _remove_if(self, sure: bool | None) -> None:
        if sure:
            self.dismiss(self._draft.of)

    @property
    def _prompt(self) -> SafeTextArea:
        return self.query_one("#own-prompt", SafeTextArea)

    @property
    def _input(self) -> SafeTextArea:
        return self.query_one("#own-input", SafeTextArea)

    @property
    def _levels(self) -> SafeTextArea:
        return self.query_one("#own-levels", SafeTextArea)

    @property
    def _current(self) -> SafeTextArea:
        return self.focused if isinstance(self.focused, SafeTextArea) else self._prompt

    def _title(self) -> str:
        own = self._draft.of
        return OLD.format(number=own.number) if own else NEW

    async def _edit_outside(self) -> None:
        area = self._current
        text = await edit_outside(self.app, area.written)
        if text is not None:
            area.rewrite(text)

    def _save(self) -> None:
        text = self._prompt.written
        if not text.strip():
            self.set_focus(self._prompt)
            self.notify("Write the prompt first, or leave with Escape.")
            return
        try:
            written = levels_of_lines(self._levels.written)
        except UsageError as mistake:
            self.set_focus(self._levels)
            self.notify(str(mistake), severity="warning")
            return
        own = () if written == USUAL_LEVELS else written
        self.dismiss(Draft(self._draft.of, text, self._input.written, own))


def _place(order: list[str], action: str) -> int:
    return order.index(action) if action in order else len(order)
