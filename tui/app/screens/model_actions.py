"""The way to the models screen and back, and what is said of downloads meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.app.job_words import outcome_words, top_words
from tui.app.key_names import key_name, key_names
from tui.app.screens.desk_screen import DeskScreen
from tui.app.widgets.bars import TopBar

if TYPE_CHECKING:
    from tui.app.job import Job

TOP_BAR_SECONDS = 1.0
TOAST_SECONDS = 8.0


class ModelActions(DeskScreen):
    async def on_mount(self) -> None:  # beside that of DeskScreen: Textual calls both
        self.desk.downloads.listen(self._note_job)
        self.set_interval(TOP_BAR_SECONDS, self._draw_downloads)
        self._draw_downloads()

    async def action_models(self) -> None:
        # Only now: what it imports would keep the app from opening.
        from tui.app.screens.models import ModelsScreen

        await self.app.push_screen(ModelsScreen(self.desk), self._back_from_models)

    async def _back_from_models(self, _: None) -> None:
        self._draw_downloads()
        if not self.desk.add_runnable():
            return
        self.add_panes()
        if self.answers:
            self._show_new_panes()
        else:
            self.draw_prompts()
            await self.show_prompt(self.place)

    def _show_new_panes(self) -> None:
        """The others are not shown again: an answer that is being read stays as it is."""
        item = self.items[self.place]
        live = self.desk.live
        with self.store_errors_said():
            fresh = live.runnable_models[len(self.answers) :]
            self.answers += tuple(live.answer_of(item, runnable) for runnable in fresh)
        for pane, answer in zip(self._panes, self.answers, strict=False):
            if pane.answer is None:
                pane.show(answer)
        self.draw_marks()
        self.draw_tabs()
        self.refresh_bindings()

    def _draw_downloads(self) -> None:
        self.query_one(TopBar).set_download(top_words(self.desk.downloads.active))

    def _note_job(self, job: Job) -> None:
        from tui.weights.overview import overview

        if job.phase == "failed":
            self.notify(outcome_words(job), severity="error", timeout=TOAST_SECONDS)
        elif job.phase == "finished":
            problem = overview(job.model).problem
            told = problem or " ".join(filter(None, (f"{outcome_words(job)}.", self._way_to_the_desk(job))))
            self.notify(told, severity="warning" if problem else "information", timeout=TOAST_SECONDS)

    def _way_to_the_desk(self, job: Job) -> str:
        if job.verifies or not self.desk.whole_catalogue or self.desk.on_desk(job.model):
            return ""
        from tui.app.screens.models import ModelsScreen

        if any(isinstance(screen, ModelsScreen) for screen in self.app.screen_stack):
            return "It is on the desk when you go back to grading."
        there = key_name(self.app, "models")
        twice = there in key_names(self.app, "close-models")
        ways = "twice" if twice else f"and then {key_name(self.app, 'close-models')}"
        return f"Press {there} {ways} to put it on the desk."
