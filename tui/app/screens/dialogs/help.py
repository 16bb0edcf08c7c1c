"""All keys and marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.app.keys import PANES
from tui.app.screens.dialogs.scrolling import SCROLLING
from tui.app.view.key_names import key_name, key_names, level_keys
from tui.app.view.marks import LEGEND, LEGEND_OF_PAIRS
from tui.app.widgets.key_footer import KeyFooter
from tui.app.widgets.scrolling import scroll
from tui.grading.compared import Choice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult

    from tui.catalogue.rubric import Level

INTRODUCTION = """\
{begin}Read, and press the key of a level: the grade is saved at once and the next answer waits for you. \
What earns each level stands at the bottom of the screen."""
BEGIN = "Choose a prompt with {next} and {previous}, let the models answer it with {run}. "


class HelpScreen(ModalScreen[None]):
    CSS_PATH = "dialogs.tcss"
    BINDINGS = [Binding("escape,question_mark,f1,q", "dismiss", "Close"), *SCROLLING]

    def __init__(self, bindings: Iterable[Binding], levels: Iterable[Level], *, generates: bool) -> None:
        super().__init__()
        self._generates = generates
        self._levels = tuple(levels)
        self._compares = any(isinstance(level, Choice) for level in self._levels)
        self._bindings_shown = list(bindings)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -large"):
            yield Static("Help", classes="dialog-title", markup=False)
            with VerticalScroll():
                yield Static(self._introduction(), classes="section", markup=False)
                yield Static(self._keys(), classes="section", markup=False)
                whose = "for each pair" if self._compares else "per model in pane order"
                yield Static(Content.styled(f"Marks beside a prompt, one {whose}", "bold"))
                legend = LEGEND_OF_PAIRS if self._compares else LEGEND
                marks = "\n".join(f"  {mark}  {meaning}" for mark, meaning in legend)
                yield Static(marks, classes="section", markup=False)
            yield KeyFooter()

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def action_scroll(self, where: str) -> None:
        scroll(self.query_one(VerticalScroll), where)

    def _introduction(self) -> str:
        ids = {"next": "next-prompt", "previous": "previous-prompt", "run": "run"}
        names = {place: key_name(self.app, id_) for place, id_ in ids.items()}
        return INTRODUCTION.format(begin=BEGIN.format(**names) if self._generates else "")

    def _keys(self) -> Content:
        by_action: dict[str, list[Binding]] = {}
        for binding in self._bindings_shown:
            if binding.tooltip and not binding.action.startswith(("grade(", "go_to_pane(")):
                by_action.setdefault(binding.action.removeprefix("app."), []).append(binding)
        lines = [Content.styled("Keys", "bold")]
        what = "Better" if self._compares else "Grade"
        for level, keys in zip(self._levels, level_keys(self.app, self._levels), strict=True):
            lines.append(Content(f"  {' '.join(keys):<16} {what}: {level.label}"))
        for same in by_action.values():
            names = " ".join(name for binding in same for name in key_names(self.app, binding.id or ""))
            lines.append(Content(f"  {names:<16} {same[0].description}: {same[0].tooltip}"))
        first, last = key_name(self.app, PANES[0].id or ""), key_name(self.app, PANES[-1].id or "")
        lines.append(Content(f"  {f'{first} … {last}':<16} Pane: Go to the answer with this letter"))
        return Content("\n").join(lines)
