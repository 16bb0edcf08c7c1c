"""The way to the models screen and back, and what is said of downloads meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.app.screens.main.bars import TopBar
from tui.app.view.download_text import outcome_words, top_words
from tui.app.view.key_names import key_name, key_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.app.context import LiveContext
    from tui.app.job import Job
    from tui.app.screens.main.stage import Stage

TOP_BAR_SECONDS = 1.0
TOAST_SECONDS = 8.0


class Fetching:
    """`on_new_models` puts panes on the screen for models that came to the session."""

    def __init__(self, stage: Stage, context: LiveContext, on_new_models: Callable[[], object]) -> None:
        self._stage = stage
        self._context = context
        self._on_new_models = on_new_models

    def begin(self) -> None:
        self._context.downloads.listen(self._note_job)
        self._stage.screen.set_interval(TOP_BAR_SECONDS, self._draw)
        self._draw()

    async def show_models(self) -> None:
        # Only now: what it imports would keep the app from opening.
        from tui.app.screens.models.screen import ModelsScreen

        await self._stage.screen.app.push_screen(ModelsScreen(self._context), self._back)

    async def _back(self, _: None) -> None:
        self._draw()
        stage, added = self._stage, 0
        with stage.telling.store_errors():
            added = self._context.add_runnable()
        if not added:
            return
        self._on_new_models()
        if stage.sheet is None:
            await stage.go_to(stage.session.place)
        else:  # the others are not shown again: an answer that is being read stays as it is
            stage.board.draw(stage.sheet, set())
            stage.board.draw_tabs(stage.sheet)
            stage.listing.forget()
            stage.screen.refresh_bindings()

    def _draw(self) -> None:
        active = self._context.downloads.active
        words = top_words(active)
        self._stage.screen.query_one(TopBar).set_download(words if active and not self._blind else "")

    def _note_job(self, job: Job) -> None:
        from tui.weights.overview import overview

        notify = self._stage.screen.notify
        if self._blind:
            if job.phase in ("failed", "finished"):
                notify(f"A download has {job.phase}.", timeout=TOAST_SECONDS)
            return
        if job.phase == "failed":
            notify(outcome_words(job), severity="error", timeout=TOAST_SECONDS)
        elif job.phase == "finished":
            problem = overview(job.model).problem
            line = problem or " ".join(filter(None, (f"{outcome_words(job)}.", self._way_to_its_pane(job))))
            notify(line, severity="warning" if problem else "information", timeout=TOAST_SECONDS)

    @property
    def _blind(self) -> bool:
        """True while no model may be named."""
        return self._stage.session.blind

    def _way_to_its_pane(self, job: Job) -> str:
        if job.verifies or not self._context.whole_catalogue or self._context.has_pane(job.model):
            return ""
        from tui.app.screens.models.screen import ModelsScreen

        app = self._stage.screen.app
        if any(isinstance(screen, ModelsScreen) for screen in app.screen_stack):
            return "It has a pane when you go back to grading."
        there = key_name(app, "models")
        twice = there in key_names(app, "close-models")
        ways = "twice" if twice else f"and then {key_name(app, 'close-models')}"
        return f"Press {there} {ways} to give it a pane."
