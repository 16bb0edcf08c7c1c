"""The keys and marks of the results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.app.keys import RESULTS
from tui.app.screens.dialogs.scrolling import SCROLLING
from tui.app.screens.results.cells import NOTHING, OTHERS
from tui.app.screens.results.drawing import ESTIMATE, HIGH, INSIDE, LOW
from tui.app.view.key_names import key_names
from tui.app.view.marks import BEST, MIDDLE, SKIPPED, WORST
from tui.app.widgets.key_footer import KeyFooter
from tui.app.widgets.scrolling import scroll
from tui.report.words import MEASURE_WORDS

if TYPE_CHECKING:
    from textual.app import ComposeResult

LEGEND = (
    (BEST, "the best level, or all of them"),
    (MIDDLE, "between"),
    (WORST, "the worst level"),
    (SKIPPED, "skipped"),
    ("×3", "given three times; “0.63 of 4” is the mean of four judgements"),
    (OTHERS, "judged by others: what they gave is shown once you have judged it"),
    (NOTHING, "no judgement"),
    (f"{LOW}{INSIDE}{ESTIMATE}{HIGH}", "an interval of 95 % and the figure in it, on a line from 0 to 1"),
    ("rank 1-3", "the models that cannot be told apart share these ranks"),
)
NAMES = 16


class ResultsHelpScreen(ModalScreen[None]):
    CSS_PATH = "../dialogs/dialogs.tcss"
    BINDINGS = [Binding("escape,question_mark,f1,q", "dismiss", "Close"), *SCROLLING]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -large"):
            yield Static("Help", classes="dialog-title", markup=False)
            with VerticalScroll():
                yield Static(self._text(), markup=False)
            yield KeyFooter()

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def action_scroll(self, where: str) -> None:
        scroll(self.query_one(VerticalScroll), where)

    def _text(self) -> Content:
        keys = [
            f"  {' '.join(key_names(self.app, each.id or '')):<{NAMES}} {each.description}: {each.tooltip}"
            for each in RESULTS
        ]
        marks = [f"  {mark:<{NAMES}} {meaning}" for mark, meaning in LEGEND]
        measures = [f"  {name:<{NAMES}} {meaning}" for name, meaning in MEASURE_WORDS.items()]
        sections = (("Keys", keys), ("Marks", marks), ("Measures", measures))
        parts = [Content.styled(f"{title}\n", "bold") + Content("\n".join(rows)) for title, rows in sections]
        return Content("\n\n").join(parts)
