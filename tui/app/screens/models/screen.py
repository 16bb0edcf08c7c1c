"""The models of the catalogue: what is here of each, and fetching, verifying, removing it."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content
from textual.screen import Screen
from textual.widgets import DataTable, Static

from tui import paths
from tui.app.keys import ANYWHERE, MODELS
from tui.app.screens.models.details import ModelDetails
from tui.app.screens.models.questions import question_before, removal_question
from tui.app.screens.models.table import ModelTable
from tui.app.view.key_names import key_name
from tui.app.widgets.key_footer import KeyFooter
from tui.engines.llama.probing import gpus
from tui.errors import WeightsError
from tui.memory.free import free_memory
from tui.text import safe_line
from tui.units import amount
from tui.weights.files.disk import free_for_models
from tui.weights.files.layout import is_ours
from tui.weights.files.removal import remove
from tui.weights.overview import Overview, overview

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.app.context import LiveContext
    from tui.app.job import Job
    from tui.catalogue.model import Model
    from tui.memory.free import Device

REDRAW_SECONDS = 0.25


class ModelsScreen(Screen[None]):
    CSS_PATH = "screen.tcss"
    BINDINGS = [*MODELS, *ANYWHERE]

    def __init__(self, context: LiveContext) -> None:
        super().__init__()
        self.context = context
        self.downloads = context.downloads
        self._rows: dict[str, Overview] = {}
        self._changed: set[str] = set()
        self._devices: tuple[Device, ...] = ()
        self._stale = False
        """True if files on the disk may have changed, and not only a job."""

    def compose(self) -> ComposeResult:
        yield Static(id="models-title", markup=False)
        yield ModelTable()
        yield ModelDetails()
        yield KeyFooter()

    def on_mount(self) -> None:
        self._read_all()
        self._stop_listening = self.downloads.listen(self._note_job)
        self.set_interval(REDRAW_SECONDS, self._draw_changes)
        self.query_one(ModelTable).focus()
        self.run_worker(self._count_gpus(), exit_on_error=False)

    def on_unmount(self) -> None:
        self._stop_listening()

    def action_close(self) -> None:
        self.dismiss(None)

    def action_download(self) -> None:
        row, job = self._row, self._job
        asked_before = row.state == "partial" or job is not None
        question = None if asked_before else question_before(row, self._model(row.name))
        if question is not None:
            self.app.push_screen(question, partial(self._download_if, row.name))
        else:
            self.downloads.start(row.name)

    def action_pause(self) -> None:
        if (job := self._job) is not None:
            act = self.downloads.resume if job.phase == "paused" else self.downloads.pause
            act(job.model.name)

    def action_cancel(self) -> None:
        name, job = self._row.name, self._job
        self.downloads.cancel(name)
        if job is not None and not job.verifies:
            on = key_name(self.app, "download")
            self.notify(f"{name}: cancelled; what is here of it stays. Press {on} to go on with it.")

    def action_verify(self) -> None:
        self.downloads.verify(self._row.name)

    def action_remove(self) -> None:
        row = self._row
        if self.context.answering(row.name):
            self.notify(f"{row.name} is writing an answer: stop it first.", severity="warning")
        else:
            question = removal_question(row, self._model(row.name), self.context)
            self.app.push_screen(question, partial(self._remove_if, row.name))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what cannot be done now with the model under the cursor."""
        if action not in ("download", "pause", "cancel", "verify", "remove"):
            return super().check_action(action, parameters)
        if not self._rows:
            return False
        row, job = self._row, self._job
        if job is not None and job.active:
            paused = job.phase == "paused"
            return {"download": paused, "pause": not job.verifies, "cancel": True}.get(action, False)
        return {"download": bool(row.problem), "verify": bool(row.path), "remove": _removable(row)}.get(
            action, False
        )

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        event.stop()
        self._draw_details()

    @property
    def _row(self) -> Overview:
        return self._rows[self.query_one(ModelTable).name_under_cursor]

    @property
    def _job(self) -> Job | None:
        return self.downloads.job(self._row.name)

    def _download_if(self, name: str, sure: bool | None) -> None:
        if sure:
            self.downloads.start(name)

    def _remove_if(self, name: str, sure: bool | None) -> None:
        if not sure:
            return
        try:
            removed = remove(self._model(name))
        except WeightsError as error:
            self.notify(str(error), severity="error")
        else:
            self.notify(f"{name}: removed, {amount(removed.bytes)} are free again.")
        self._read_all()

    def _model(self, name: str) -> Model:
        return next(model for model in self.downloads.models if model.name == name)

    async def _count_gpus(self) -> None:
        """Until they are known, which may take a moment, only the machine's own memory decides what fits."""
        self._devices = await asyncio.to_thread(gpus)
        if self._devices:
            self._read_all()

    def _read_all(self) -> None:
        self._stale = False
        self._rows = {model.name: overview(model, devices=self._devices) for model in self.downloads.models}
        self.query_one(ModelTable).set_rows(
            (row, self.downloads.job(row.name)) for row in self._rows.values()
        )
        self._draw_title()
        self._draw_details()

    def _note_job(self, job: Job) -> None:
        self._changed.add(job.model.name)
        row = self._rows[job.model.name]
        # How large a file is exactly is known once some of it is here.
        self._stale = self._stale or not job.active or (row.approximate and job.done > 0)

    def _draw_changes(self) -> None:
        changed, self._changed = self._changed, set()
        if not changed:
            return
        if self._stale:
            self._read_all()
            return
        for name in changed:
            self.query_one(ModelTable).set_row(self._rows[name], self.downloads.job(name))
        if self._row.name in changed:
            self._draw_details()

    def _draw_details(self) -> None:
        if self._rows:
            self.query_one(ModelDetails).show(self._row, self._job)
            self.refresh_bindings()

    def _draw_title(self) -> None:
        memory = amount(free_memory())
        disk = free_for_models()
        room = "" if disk is None else f", {amount(disk)} of disk in {paths.models_dir()}"
        self.query_one("#models-title", Static).update(
            Content(f"Models · free: {memory} of memory{safe_line(room)}")
        )


def _removable(row: Overview) -> bool:
    """Only what is in the models folder."""
    return row.state == "partial" or (bool(row.path) and is_ours(Path(row.path)))
