"""The results: what the grades say of the models, in five views."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual import work
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tui.app.keys import ANYWHERE, RESULTS
from tui.app.screens.main.telling import Telling
from tui.app.screens.results.answer import GONE, AnswerScreen, answers_of
from tui.app.screens.results.differing import DifferingList
from tui.app.screens.results.filters import FilterScreen
from tui.app.screens.results.help import ResultsHelpScreen
from tui.app.screens.results.loading import count
from tui.app.screens.results.matrix import Matrix
from tui.app.screens.results.said import at_words, bar, none_words, said_words, seen_disagreements, text_lines
from tui.app.screens.results.state import VIEWS
from tui.app.screens.results.text_view import TextView
from tui.app.widgets.key_footer import KeyFooter
from tui.app.widgets.one_line import OneLine
from tui.errors import GraderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tui.app.context import AppContext
    from tui.app.screens.results.filters import Chosen
    from tui.app.screens.results.loading import Counted
    from tui.app.screens.results.state import Looked

COUNTING = "counting …"
SCROLLING = {
    "j,down": "down",
    "k,up": "up",
    "h,left": "left",
    "l,right": "right",
    "pagedown": "page_down",
    "pageup": "page_up",
    "ctrl+d": "half_down",
    "ctrl+u": "half_up",
    "g,home": "home",
    "G,end": "end",
}


class ResultsScreen(Screen[str | None]):
    """Gives the id of the response to judge, or None. It draws a tree of figures that a thread counts."""

    CSS_PATH = "screen.tcss"
    BINDINGS = [
        *RESULTS,
        *ANYWHERE,
        *(Binding(f"{place}", f"view({place - 1})", show=False) for place in range(1, len(VIEWS) + 1)),
        *(Binding(keys, f"scroll_text('{where}')", show=False) for keys, where in SCROLLING.items()),
    ]
    AUTO_FOCUS = ""

    def __init__(self, context: AppContext, looked: Looked) -> None:
        super().__init__()
        self.context = context
        self._looked = looked
        self._telling = Telling(self, context)
        self._counted: Counted | None = None
        self._counts = True

    def compose(self) -> ComposeResult:
        yield OneLine(id="views")
        yield OneLine(id="figures-of")
        yield Matrix()
        yield TextView()
        yield DifferingList()
        yield Static(id="none", markup=False)
        yield OneLine(id="at")
        yield OneLine(id="said")
        yield KeyFooter()

    def on_mount(self) -> None:
        self._draw()
        self._count()

    @work(exclusive=True, group="count", exit_on_error=False)
    async def _count(self) -> None:
        """Off the event loop: of a large database it takes seconds."""
        self._counts = True
        self._draw_bars()
        path, grader = self.context.store.path, self.context.session.grader_id
        try:
            self._counted = await asyncio.to_thread(count, path, grader, self._looked.filters)
        except GraderError as error:
            self._telling.say(str(error), severity="error")
        self._counts = False
        self._draw()

    def action_view(self, place: int) -> None:
        self._looked.view = VIEWS[place]
        self._draw()

    def action_step_view(self, step: int) -> None:
        self._looked.step_view(step)
        self._draw()

    def action_next_measure(self) -> None:
        self._looked.next_measure()
        self._draw()

    def action_step_criterion(self, step: int) -> None:
        if self._counted is not None:
            self._looked.step_criterion(self._counted.results, step)
            self._draw()

    def action_blind_only(self) -> None:
        filters = self._looked.filters
        self._looked.filters = replace(filters, blind_only=not filters.blind_only)
        self._count()

    def action_filter(self) -> None:
        if self._counted is not None:
            self.app.push_screen(FilterScreen(self._counted, self._looked), self._filter)

    def action_open(self) -> None:
        """The answers in a cell, or the one that was graded differently."""
        ids = self._chosen_ids()
        answers = []
        with self._telling.store_errors():
            answers = list(answers_of(self.context.store, ids, self.context.session.grader_id))
        if answers:
            self.app.push_screen(AnswerScreen(self._title(), answers), self._judge)
        elif ids:
            self._telling.say(GONE)

    def action_judge(self) -> None:
        if ids := self._chosen_ids():
            self._judge(ids[0])

    def action_help(self) -> None:
        self.app.push_screen(ResultsHelpScreen())

    def action_close(self) -> None:
        self._keep_place()
        self.dismiss(None)

    def action_scroll_text(self, where: str) -> None:
        self.query_one(TextView).scroll_by_key(where)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what cannot be done in this view."""
        if action in ("open", "judge"):
            return bool(self._counted and self._chosen_ids())
        if action == "scroll_text":
            return self.is_mounted and self.query_one(TextView).display
        if action == "step_criterion":
            figures = self._looked.figures_of(self._counted.results) if self._counted else None
            return figures is not None and len(figures.criteria) > 1
        return super().check_action(action, parameters)

    def on_matrix_moved(self) -> None:
        self._draw_place()

    def on_data_table_cell_selected(self) -> None:
        """By a click on the cell under the cursor; Enter is a key of this screen."""
        self.action_open()

    def on_option_list_option_selected(self) -> None:
        self.action_open()

    def on_option_list_option_highlighted(self, event: DifferingList.OptionHighlighted) -> None:
        self._looked.place = event.option_index
        self._draw_place()

    def _filter(self, chosen: Chosen | None) -> None:
        if chosen is not None:
            self._keep_place()
            self._looked.kind, self._looked.filters = chosen
            self._count()

    def _judge(self, response_id: str | None) -> None:
        if response_id is not None:
            self._keep_place()
            self._looked.place += self._looked.view == "differing"  # the next one, on the way back
            self.dismiss(response_id)

    def _keep_place(self) -> None:
        """Come back to the same cell."""
        if (place := self.query_one(Matrix).place) is not None:
            self._looked.cursor = place.item.prompt_hash, place.model

    def _chosen_ids(self) -> Sequence[str]:
        if self._looked.view == "matrix":
            place = self.query_one(Matrix).place
            return place.cell.response_ids if place and place.cell else ()
        chosen = self.query_one(DifferingList).chosen if self._looked.view == "differing" else None
        return (chosen.response_id,) if chosen else ()

    def _title(self) -> str:
        if self._looked.view == "matrix" and (place := self.query_one(Matrix).place):
            return f"{place.item.name} {place.item.title} · {place.model}"
        chosen = self.query_one(DifferingList).chosen
        return f"{chosen.item} · {chosen.model}" if chosen else ""

    def _draw(self) -> None:
        """The view, or why there is nothing in it."""
        counted, looked, none = self._counted, self._looked, ""
        shown = self.query_one(Matrix), self.query_one(TextView), self.query_one(DifferingList)
        matrix, text, differing = shown
        if counted is not None:
            figures, criterion = looked.figures_of(counted.results), looked.criterion_of(counted.results)
            none = none_words(counted, looked)
            if figures and criterion and not none:
                judged = counted.judged_by(criterion.criterion)
                if looked.view == "matrix":
                    matrix.set_figures(criterion, looked.measure, judged, looked.cursor)
                elif looked.view == "differing":
                    differing.set_figures(seen_disagreements(counted, figures)[0], looked.place)
                else:
                    text.show(text_lines(counted, looked))
        is_there = counted is not None and not none
        views = {"matrix": matrix, "differing": differing}
        for each in shown:
            each.display = is_there and each is views.get(looked.view, text)
        self.query_one("#none", Static).display = not is_there
        self.query_one("#none", Static).update(Content(none or COUNTING))
        self.set_focus(next((each for each in shown if each.display), None))
        self._draw_bars()
        self._draw_place()

    def _draw_bars(self) -> None:
        views, figures_of = bar(self._counted, self._looked)
        self.query_one("#views", OneLine).show(views + Content(f"  {COUNTING}" if self._counts else ""))
        self.query_one("#figures-of", OneLine).show(figures_of)

    def _draw_place(self) -> None:
        """What is under the cursor, in words."""
        self.query_one("#at", OneLine).show(
            Content(at_words(self._looked.view, self.query_one(Matrix).place))
        )
        said = said_words(self._counted, self._looked, self.query_one(Matrix).place)
        self.query_one("#said", OneLine).show(Content(said))
        self.refresh_bindings()
