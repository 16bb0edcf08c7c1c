"""What the main screen holds and draws; what its keys do is in the modules beside this one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import OptionList, Static

from tui.app.desk import graded_count
from tui.app.input_order import OrderedInput
from tui.app.key_names import key_name
from tui.app.keys import MAIN
from tui.app.marks import NO_ANSWER
from tui.app.pace import LEAST_SECONDS, Pace
from tui.app.widgets.bars import PaneTab, PaneTabs, RubricBar, TopBar
from tui.app.widgets.key_footer import KeyFooter
from tui.app.widgets.pane import Pane
from tui.app.widgets.panes import Panes
from tui.app.widgets.prompt_bar import PromptBar
from tui.app.widgets.prompt_list import PromptList
from tui.app.widgets.welcome import Welcome
from tui.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import ActiveBinding
    from textual.notifications import SeverityLevel
    from textual.widget import AwaitMount

    from tui.app.desk import Desk, Mark
    from tui.app.messages import PromptChosen
    from tui.catalogue.rubric import Level
    from tui.generation.live_response import LiveResponse

REDRAW_SECONDS = 0.125
TOO_SMALL = "This terminal is too small to show an answer: make it larger."
NOT_IN_VIEW = "Nothing of this answer is in view"
_PLACES = {binding.id: place for place, binding in enumerate(MAIN)}


class DeskScreen(Screen[None]):
    """One prompt and every model's answer to it. Draws what `LiveResponses.changed` names."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-medium"), (180, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall")]
    AUTO_FOCUS = ""

    def __init__(
        self, desk: Desk, *, grace_seconds: float = 0.25, least_seconds: float = LEAST_SECONDS
    ) -> None:
        super().__init__()
        self.desk = desk
        self.grace_seconds = grace_seconds
        self.pace = Pace(least_seconds)
        self.items = desk.items()
        self.place = 0
        self.current = 0
        """The place of the pane that keys are about. The focus follows it, and it the focus only where a
        person moves that."""
        self.answers: tuple[LiveResponse, ...] = ()
        self._marks: dict[int, tuple[Mark, ...]] = {}
        self._panes: list[Pane] = []
        self._changed: list[LiveResponse] = []
        self._drawn: dict[int, tuple[object, ...]] = {}
        desk.live.changed = self._note_change
        desk.live.said = lambda line: self.say(line, title="The engine ended", severity="error")

    def compose(self) -> ComposeResult:
        yield TopBar(id="top")
        with Horizontal(id="body"):
            yield PromptList()
            yield Welcome(self.desk.problems)
            with Vertical(id="desk"):
                yield PromptBar()
                yield PaneTabs(id="tabs")
                yield Panes(id="panes")
        yield RubricBar(id="rubric")
        yield KeyFooter()
        yield Static(TOO_SMALL, id="too-small", markup=False)

    async def on_mount(self) -> None:
        self.query_one(TopBar).set_title(self.desk.title)
        self.draw_prompts()
        self.set_focus(self.query_one(PromptList))
        await self.add_panes()
        await self.show_prompt(0)
        self.set_interval(REDRAW_SECONDS, self.draw_changes)

    def add_panes(self) -> AwaitMount:
        """One for each runnable that has none yet, at once; of the others only the place changes."""
        count = len(self.desk.live.runnable_models)
        fresh = range(len(self._panes), count)
        self.set_class(not count, "-no-model")
        self.query_one("#panes").set_classes(f"-count-{min(count, 5)}")
        self.query_one(PaneTabs).mount_all(PaneTab(index) for index in fresh)
        self.run_worker(self.desk.live.identify(), exit_on_error=False)
        panes = [Pane(index + 1) for index in fresh]
        self._panes += panes
        mounted = self.query_one(Panes).mount_all(panes)
        self.call_after_refresh(self.query_one(Panes).measure)
        return mounted

    async def show_prompt(self, place: int, pane: int = 0) -> None:
        """Put the prompt at this place in the list on the desk, with the focus on this pane."""
        if place not in range(len(self.items)):
            return
        item = self.items[place]
        answers: tuple[LiveResponse, ...] = ()
        with self.store_errors_said():
            answers = self.desk.live.answers(item)
        if not answers:  # what is on the desk stays there whole
            return
        self.place, self.answers = place, answers
        self.query_one(PromptList).choose(place)
        self.query_one(PromptBar).show(item)
        for shown, answer in zip(self._panes, self.answers, strict=True):
            shown.show(answer)
        self.draw_marks_at({place})
        self.focus_pane(pane)
        # Last, as it takes a while: what is on the desk, and the pane that keys are about, changed at once.
        await self.query_one(RubricBar).show(self.rubric)

    def focus_pane(self, index: int) -> None:
        """Make this pane, counted around the corner, the current one."""
        self.current = index % len(self.answers)
        for place, pane in enumerate(self._panes):
            pane.set_class(place == self.current, "-current")
        self.set_focus(self.pane)  # at once, where focus() waits and may come after the next key
        self.draw_tabs()
        self.refresh_bindings()

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """In the order of the line at the bottom, also those whose keys the person chose."""
        active = super().active_bindings.items()
        return dict(sorted(active, key=lambda each: _PLACES.get(each[1].binding.id, len(_PLACES))))

    @property
    def pane(self) -> Pane:
        return self._panes[self.current]

    @property
    def answer(self) -> LiveResponse:
        return self.answers[self.current]

    @property
    def rubric(self) -> tuple[Level, ...]:
        if not self.items:
            return ()
        return self.items[self.place].rubric.levels

    @property
    def readable(self) -> bool:
        """Whether the person has had a moment to see what a decision key would decide on."""
        return self.readable_at(self.arrived)

    def readable_at(self, arrived: float) -> bool:
        return arrived - self.grace_seconds >= self.pane.read_since(self.answer)

    @property
    def out_of_view(self) -> str:
        """Why an answer of which nothing is in view cannot be judged, and what to do."""
        if any(self.has_class(alone) for alone in ("-narrow", "-one", "-solo")):
            return f"{NOT_IN_VIEW}: make the terminal larger."
        return f"{NOT_IN_VIEW}: {key_name(self.app, 'maximise')} shows it alone."

    @property
    def in_list(self) -> bool:
        """Whether keys are about the list of prompts."""
        return isinstance(self.focused, OptionList)

    @property
    def arrived(self) -> float:
        """When the key that is being handled arrived."""
        assert isinstance(self.app, OrderedInput)
        return self.app.arrived

    @contextmanager
    def by_a_person(self) -> Iterator[None]:
        """What the focus does meanwhile, a person did; what it did before by itself is put right first."""
        self._focus_current()
        yield
        if isinstance(self.focused, Pane) and self.answers and self.focused is not self.pane:
            self.focus_pane(self.focused.position - 1)

    def draw_prompts(self) -> None:
        with self.store_errors_said():
            self._marks = self.desk.marks(self.items)
        self.query_one(PromptList).set_items(self.items, self._marks)
        self._draw_progress()

    def draw_marks(self) -> None:
        """Of every prompt."""
        with self.store_errors_said():
            self._marks = self.desk.marks(self.items)
        self._draw_marks(self._marks)

    def draw_marks_at(self, places: set[int]) -> None:
        """Of the prompts at these places, and of those in view in the list: others write too."""
        rows: dict[int, tuple[Mark, ...]] = {}
        with self.store_errors_said():
            rows = self.desk.marks_at(self.items, places | self.query_one(PromptList).places_in_view())
        self._marks |= rows
        self._draw_marks(rows)

    def _draw_marks(self, rows: dict[int, tuple[Mark, ...]]) -> None:
        prompts = self.query_one(PromptList)
        for place, row in rows.items():
            prompts.set_marks(place, row)
        self._draw_progress()

    def _places_of(self, answers: list[LiveResponse]) -> set[int]:
        asked = {answer.item.asked for answer in answers}
        return {place for place, item in enumerate(self.items) if item.asked in asked}

    def draw_tabs(self) -> None:
        runnable_models = self.desk.live.runnable_models
        row = self._marks.get(self.place) or ((NO_ANSWER, ""),) * len(runnable_models)
        labels = [
            f"{index + 1} {mark} {runnable.model.title}"
            for index, (runnable, (mark, _)) in enumerate(zip(runnable_models, row, strict=True))
        ]
        self.query_one(PaneTabs).show(labels, self.current)

    def draw_changes(self) -> None:
        changed, self._changed = self._changed, []
        if not changed:
            return
        for pane in self._panes:
            if any(pane.answer is answer for answer in changed):
                pane.refresh_answer()
        moved = [answer for answer in changed if self._moved(answer)]
        if moved:
            self.draw_marks_at(self._places_of(moved))
            self.draw_tabs()
            self.refresh_bindings()

    def on_resize(self, event: events.Resize) -> None:
        # Also where no cell is left for the panes: they hear of no size then.
        self.call_after_refresh(self.query_one(Panes).measure)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Textual moves the focus by itself where a widget that has it is hidden."""
        self._focus_current()

    def _focus_current(self) -> None:
        if self.answers and self.focused is not self.pane and isinstance(self.focused, Pane | None):
            self.set_focus(self.pane)

    async def on_prompt_chosen(self, message: PromptChosen) -> None:
        if self.answers:
            await self.show_prompt(message.index)

    def say(self, text: str, *, title: str = "", severity: SeverityLevel = "information") -> None:
        """A toast in place of those before it: what was said of the previous key is of no use now."""
        self.app.clear_notifications()
        timeout = 3 if severity == "information" else 8
        self.notify(text, title=title, severity=severity, timeout=timeout)

    def refuse(self, why: str) -> None:
        """Of a key that would have decided: to be heard by who looks at the answer, and to be read."""
        self.app.bell()
        self.say(why, severity="warning")

    @contextmanager
    def store_errors_said(self, title: str = "The database cannot be read") -> Iterator[None]:
        """What the database refuses is a toast, and so is what it holds that cannot be read; the app goes on
        with what it has."""
        try:
            yield
        except StoreError as error:
            self.say(str(error), title=title, severity="error")
            return
        if remarks := self.desk.store.remarks.take():
            self.say("\n".join(remarks), severity="warning")

    def _moved(self, answer: LiveResponse) -> bool:
        """Whether anything a mark shows about the answer is new since this was last asked."""
        state = (answer.busy, answer.phase in ("failed", "checking"), answer.response, answer.grade)
        before = self._drawn.get(id(answer))
        self._drawn[id(answer)] = state
        return state != before

    def _draw_progress(self) -> None:
        total = len(self.items) * len(self.desk.live.runnable_models)
        self.query_one(TopBar).set_progress(graded_count(self._marks), total)

    def _note_change(self, answer: LiveResponse) -> None:
        self._changed.append(answer)
