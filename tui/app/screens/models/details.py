"""All that is known of the model under the cursor, what happens to its file, and what to press."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.app.view.download_text import gauge, progress_words
from tui.app.view.key_names import key_name
from tui.text import safe_line
from tui.units import amount
from tui.weights.files.disk import free_for_models

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult

    from tui.app.job import Job
    from tui.weights.overview import Overview

FETCHING = "It goes on while you grade. Quitting keeps what is here."
VERIFYING = "The whole file is read for its sha256."
HINTS = {
    "queued": "It begins when the one before it is done.",
    "paused": "What is here stays. Press {pause} to go on.",
    "failed": "Press {download} to try again; it goes on with what is here.",
}
LABEL_CELLS = 9


class ModelDetails(VerticalScroll):
    def compose(self) -> ComposeResult:
        yield Static(markup=False)

    def show(self, row: Overview, job: Job | None) -> None:
        keys = {id_: key_name(self.app, id_) for id_ in ("download", "pause", "verify")}
        lines = [Content.styled(safe_line(row.title), "bold"), *_state_lines(row, job, keys), Content("")]
        lines += [Content(f"{label:<{LABEL_CELLS}} {safe_line(text)}") for label, text in _facts(row) if text]
        self.query_one(Static).update(Content("\n").join(lines))


def _state_lines(row: Overview, job: Job | None, keys: dict[str, str]) -> Iterator[Content]:
    if job is None:
        yield Content(safe_line(_what_to_do(row, keys)))
        return
    if job.active:
        yield Content.assemble((gauge(job), "$text-primary"))
    if job.failure:
        yield Content.assemble(("failed: ", "bold $text-error"), safe_line(job.failure))
    else:
        yield Content(progress_words(job))
        yield from (Content(safe_line(line)) for line in (job.remark, job.warning) if line)
    hint = HINTS.get(job.phase, FETCHING).format(**keys)
    yield Content(VERIFYING if job.verifies and job.active else hint)


def _what_to_do(row: Overview, keys: dict[str, str]) -> str:
    download = keys["download"]
    if row.state == "partial":
        return f"{row.shown_state} is here. Press {download} to go on."
    if row.is_convertible:
        return f"No GGUF file of it is published. Press {download} to make one of {row.repo}."
    if row.state == "absent" and row.is_fetchable:
        size = row.size_words if row.bytes else "how large it is, only the Hub knows"
        free = free_for_models()
        room = "" if free is None else f"; {amount(free)} of disk are free"
        return f"Not here. Press {download} to fetch it: {size}{room}."
    if row.problem:
        return f"{row.problem}{f'; {download} does it here' if row.repo else ''}"
    if row.state == "verified":
        return "Here and verified: byte for byte what was published, or made here."
    verify = keys["verify"]
    return f"Here, unverified: no sha256 of it is published, or it was never read. Press {verify} to read it."


def _facts(row: Overview) -> list[tuple[str, str]]:
    return [
        ("name", row.name),
        ("file", f"{row.file} ({row.quantisation})" if row.quantisation else row.file),
        ("from", row.repo),
        ("path", row.path),
        ("size", row.size_words),
        ("memory", f"{amount(row.memory_needed)} needed: {row.fit}" if row.memory_needed else "unknown"),
        ("licence", row.licence_words),
        ("note", row.note),
    ]
