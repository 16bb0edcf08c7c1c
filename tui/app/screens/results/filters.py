"""What figures are of: graders of one kind, one task, one grader."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.app.widgets.key_footer import KeyFooter
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult

    from tui.analysis.results import Filters, Results
    from tui.app.screens.results.loading import Counted
    from tui.app.screens.results.state import Looked
    from tui.store.judgement_records import GraderKind

KINDS: dict[GraderKind, str] = {
    "person": "people",
    "model": "models as graders",
    "report": "printed reports",
}
CHOSEN, OTHER = "●", "○"


class Chosen(NamedTuple):
    """Of whom and what figures are."""

    kind: GraderKind | None
    filters: Filters


class Row(NamedTuple):
    """A line to choose; a heading where there is nothing to choose."""

    words: str
    chosen: Chosen | None = None


class FilterScreen(ModalScreen[Chosen | None]):
    CSS_PATH = "../dialogs/dialogs.tcss"
    BINDINGS = [
        Binding("enter", "choose", "Choose", priority=True),
        Binding("j", "move('down')", "Down", show=False),
        Binding("k", "move('up')", "Up", show=False),
        Binding("escape,f,q", "dismiss", "Close"),
    ]

    def __init__(self, counted: Counted, looked: Looked) -> None:
        super().__init__()
        figures = looked.figures_of(counted.results)
        self._now = Chosen(figures.kind if figures else looked.kind, looked.filters)
        self._shown = list(rows(counted, self._now))

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -form"):
            yield Static("Figures of", classes="dialog-title", markup=False)
            yield OptionList(*map(self._option, self._shown), id="filtered", markup=False)
            yield KeyFooter()

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    def action_choose(self) -> None:
        place = self.query_one(OptionList).highlighted
        if place is not None:
            self.dismiss(self._shown[place].chosen)

    def action_move(self, where: str) -> None:
        listed = self.query_one(OptionList)
        if where == "down":
            listed.action_cursor_down()
        else:
            listed.action_cursor_up()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._shown[event.option_index].chosen)

    def _option(self, row: Row) -> Option:
        if row.chosen is None:
            return Option(Content.styled(row.words, "bold"), disabled=True)
        mark = CHOSEN if row.chosen == self._now else OTHER
        return Option(Content(f"  {mark} {safe_line(row.words)}"))


def rows(counted: Counted, now: Chosen) -> Iterator[Row]:
    """All that can be chosen, each with the rest as it is."""
    there = {each.kind for each in counted.graders.values()}
    found = [kind for kind in KINDS if kind in there]
    if len(found) > 1:
        yield Row("Judged by: figures of people and of reports are never mixed")
        yield from (Row(KINDS[kind], _with(now._replace(kind=kind), graders=())) for kind in found)
    yield Row("Task")
    yield Row("all tasks", _with(now, tasks=()))
    yield from (Row(f"{title} ({name})", _with(now, tasks=(name,))) for name, title in counted.tasks.items())
    yield Row("Grader")
    yield Row("all graders", _with(now, graders=()))
    graders = (each for each in counted.graders.values() if each.kind == (now.kind or each.kind))
    yield from (Row(each.name, _with(now, graders=(each.id,))) for each in graders)
    yield Row("Blinding")
    yield Row("all judgements", _with(now, blind_only=False))
    yield Row("only what was judged blind", _with(now, blind_only=True))


def _with(now: Chosen, **changed: object) -> Chosen:
    return now._replace(filters=replace(now.filters, **changed))


def filter_words(results: Results, counted: Counted, looked: Looked) -> str:
    """What the figures are of, in a line: `people · all tasks · mei · judged blind only`."""
    figures, filters = looked.figures_of(results), looked.filters
    task = ", ".join(filters.tasks) or "all tasks"
    grader = ", ".join(counted.graders[each].name for each in filters.graders) or "all graders"
    parts = [KINDS[figures.kind] if figures else "", task, grader]
    parts += ["judged blind only"] if filters.blind_only else ["blind or not"]
    return safe_line(" · ".join(filter(None, parts)))
