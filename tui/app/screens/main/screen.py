"""The main screen: the list of items, the sheet of one, its rubric and keys. Its parts do the work."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from textual import work
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Static

from tui.app.context import LiveContext
from tui.app.input_order import OrderedInput
from tui.app.keys import ANYWHERE, GRADING, MAIN, PANES
from tui.app.pace import LEAST_SECONDS
from tui.app.screens.main.bars import TopBar
from tui.app.screens.main.comparing import Comparing
from tui.app.screens.main.fetching import Fetching
from tui.app.screens.main.finishing import Finishing
from tui.app.screens.main.footing import in_order, is_possible
from tui.app.screens.main.generating import Generating
from tui.app.screens.main.judging import Judging
from tui.app.screens.main.looking import Looking
from tui.app.screens.main.pane import Pane
from tui.app.screens.main.practising import PracticeEnd, Practising
from tui.app.screens.main.prompt_list import PromptList
from tui.app.screens.main.recalling import Recalling
from tui.app.screens.main.resulting import Resulting
from tui.app.screens.main.revealing import Revealing
from tui.app.screens.main.rubric_bar import RubricBar
from tui.app.screens.main.stage import Stage
from tui.app.screens.main.welcome import Welcome
from tui.app.screens.main.writing import Writing
from tui.app.widgets.key_footer import KeyFooter
from tui.app.widgets.scrolling import scroll

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import ActiveBinding
    from textual.widget import AwaitMount

    from tui.app.context import AppContext
    from tui.app.messages import PromptChosen

REDRAW_SECONDS = 0.125
TOO_SMALL = "This terminal is too small to show an answer: make it larger."


class MainScreen(Screen[None]):
    CSS_PATH = "screen.tcss"
    BINDINGS = [*GRADING, *MAIN, *PANES, *ANYWHERE]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-medium"), (180, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall")]
    AUTO_FOCUS = ""

    def __init__(
        self, context: AppContext, *, grace_seconds: float = 0.25, least_seconds: float = LEAST_SECONDS
    ) -> None:
        super().__init__()
        self.context = context
        self.stage = Stage(self, context)
        self.live = context if isinstance(context, LiveContext) else None
        self.revealing = Revealing(self.stage, self.live.session if self.live else None)
        ending = PracticeEnd if context.session.practises else Finishing
        self.finishing = ending(self.stage, self.revealing)
        again = partial(MainScreen, grace_seconds=grace_seconds, least_seconds=least_seconds)
        self.practising = Practising(self.stage, again)
        self.comparing = Comparing(self.stage)
        self.judging = Judging(
            self.stage, self.finishing, grace_seconds=grace_seconds, least_seconds=least_seconds
        )
        self.looking = Looking(self.stage, self.finishing)
        self.recalling = Recalling(self.stage)
        self.resulting = Resulting(self.stage)
        self.generating = Generating(self.stage, self.live.session if self.live else None)
        self.writing = Writing(self.stage, self.live) if self.live else None
        self.fetching = Fetching(self.stage, self.live, self._mount_panes) if self.live else None
        self._counts = False

    def compose(self) -> ComposeResult:
        yield TopBar(id="top")
        with Horizontal(id="body"):
            yield PromptList()
            yield Welcome(self.live.problems if self.live and not self.live.session.blind else ())
            yield self.stage.board
        yield RubricBar(id="rubric")
        yield KeyFooter()
        yield Static(TOO_SMALL, id="too-small", markup=False)

    async def on_mount(self) -> None:
        self.set_class(self.context.session.compares, "-pairs")
        self.stage.draw_title()
        self.stage.listing.set_items()
        self.set_focus(self.query_one(PromptList))
        await self._mount_panes()
        await self.practising.before(self._begin)
        if self.fetching:
            self.fetching.begin()
        self.set_interval(REDRAW_SECONDS, self._draw_changes)

    def _mount_panes(self) -> AwaitMount:
        count = self.context.session.most_slots
        self.set_class(not count, "-no-model")
        self.run_worker(self._identify(), exit_on_error=False)
        return self.stage.board.add_panes(count)

    async def _identify(self) -> None:
        """Find out whose the stored answers are; before that, nobody knows where the grader left off."""
        is_news = await self.context.session.identify()
        assert isinstance(self.app, OrderedInput)
        if is_news and not self.app.attention.is_given:
            await self._begin()

    async def _begin(self) -> None:
        """Show the sheet where the grader left off."""
        place = 0
        with self.stage.telling.store_errors():
            place = self.context.session.start()
        await self.stage.go_to(place)
        if not self.context.session.generates and self.context.session.next() is None:
            await self.finishing.show()

    def _draw_changes(self) -> None:
        self.stage.draw_changes()
        self.comparing.draw()
        if not self._counts and self.stage.listing.is_read:
            self._counts = True  # only now: what is on the screen first is not to wait for it
            self.run_worker(self._count(), exit_on_error=False)

    async def _count(self) -> None:
        with self.stage.telling.store_errors():
            await self.context.session.count_all()

    # Keys by name, for Textual looks for them here.

    async def action_grade(self, index: int) -> None:
        await self.judging.grade(index)

    async def action_skip(self) -> None:
        await self.judging.skip()

    async def action_undo(self) -> None:
        await self.judging.undo()

    async def action_redo(self) -> None:
        await self.judging.redo()

    def action_move_criterion(self, step: int) -> None:
        self.stage.move_criterion(step)

    async def action_next_open(self) -> None:
        await self.looking.next_open()

    async def action_move_sample(self, step: int) -> None:
        self.looking.move_sample(step)

    async def action_note(self) -> None:
        await self.judging.note()

    async def action_flag(self) -> None:
        await self.judging.flag()

    async def action_note_last(self) -> None:
        await self.judging.note_last()

    def action_run(self) -> None:
        self.generating.run()

    async def action_run_all(self) -> None:
        await self.generating.run_all()

    def action_run_again(self) -> None:
        self.generating.run_again()

    def action_stop(self) -> None:
        self.generating.stop()

    def action_move_pane(self, step: int) -> None:
        move = self.comparing.move if self.comparing.is_on else self.looking.move_pane
        move(step)

    def action_go_to_pane(self, place: int) -> None:
        self.stage.focus_pane(place)

    async def action_move_prompt(self, step: int) -> None:
        await self.looking.move_prompt(step)

    async def action_choose_prompt(self) -> None:
        await self.looking.choose_prompt()

    async def action_search(self) -> None:
        await self.looking.search()

    async def action_history(self) -> None:
        await self.recalling.history()

    async def action_results(self) -> None:
        await self.resulting.show()

    def action_scroll_answer(self, where: str) -> None:
        for pane in self.comparing.scrolled:
            scroll(pane.scroller(), where)

    def action_compare(self) -> None:
        self.comparing.toggle()

    def action_scroll_together(self) -> None:
        self.comparing.toggle_together()

    def action_solo(self) -> None:
        self.remove_class("-compare")
        self.toggle_class("-solo")
        self.refresh_bindings()

    def action_guidelines(self) -> None:
        self.stage.guiding.toggle()

    def action_plain(self) -> None:
        self.looking.toggle_markdown()

    def action_prompts(self) -> None:
        self.set_focus(self.query_one(PromptList))

    @work(exclusive=True, group="copy")
    async def action_copy(self) -> None:
        await self.looking.copy()

    async def action_details(self) -> None:
        await self.looking.details()

    async def action_help(self) -> None:
        await self.looking.help()

    async def action_write(self) -> None:
        if self.writing:
            await self.writing.write()

    async def action_write_outside(self) -> None:
        if self.writing:
            await self.writing.write(outside=True)

    async def action_models(self) -> None:
        if self.fetching and not self.revealing.says_hidden():
            await self.fetching.show_models()

    async def action_blind(self) -> None:
        await self.revealing.hide()

    async def action_reveal(self) -> None:
        await self.revealing.reveal()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what cannot be done now."""
        can = is_possible(action, parameters, self.stage, self.comparing, self.generating)
        return super().check_action(action, parameters) if can is None else can

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        leads_back = self.stage.slot is not None and self.generating.leads_back
        return in_order(super().active_bindings, self.stage.session, leads_back=leads_back)

    @contextmanager
    def by_a_person(self) -> Iterator[None]:
        """Take the focus's moves inside this for a person's; put right first what it did by itself before."""
        self._focus_current()
        yield
        focused = self.focused
        if isinstance(focused, Pane) and self.stage.slot is not None and focused is not self.stage.pane:
            self.stage.focus_pane(focused.position - 1)

    async def take_unbound(self, key: str) -> bool:
        return await self.judging.take_unbound(key)

    async def on_prompt_chosen(self, message: PromptChosen) -> None:
        if self.stage.slot is not None:
            await self.stage.go_to(message.index)

    def on_resize(self, event: events.Resize) -> None:
        # Also where no cell is left for the panes: they hear of no size then.
        self.call_after_refresh(self.stage.board.measure)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Textual moves the focus by itself where a widget that has it is hidden."""
        self._focus_current()

    def _focus_current(self) -> None:
        stage = self.stage
        if stage.slot is None or not isinstance(self.focused, Pane | None):
            return
        if self.focused is not stage.pane:
            self.set_focus(stage.pane)
