"""What `pull` prints: the files on standard output, everything else on standard error, with a bar if it is a
terminal and with a line now and then if not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text

from tui.text import safe_line
from tui.weights import events
from tui.weights.amounts import MEGABYTE, amount

if TYPE_CHECKING:
    from types import TracebackType

    from tui.catalogue.model import Model
    from tui.weights.events import FetchEvent

_BETWEEN_LINES = 10
"""Per cent between two lines where there is no terminal."""


class PullOutput:
    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._bar: Progress | None = None
        self._told = 0
        self._step = ""

    def __enter__(self) -> PullOutput:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._drop_bar()

    def begin(self, model: Model) -> None:
        self._told, self._step = 0, ""
        if model.non_commercial:
            self.say(f"{model.name}: its licence is {model.licence}: not for commercial use")

    def show(self, name: str, event: FetchEvent) -> None:
        match event:
            case events.Started():
                self._begun(name, event)
            case events.Progress(done, size, rate, left):
                told = f"{amount(done)} of {amount(size)}, {rate / MEGABYTE:.1f} MB/s"
                self._advance(name, done, size, f"{told}{_time(left)}")
            case events.Checking(_, done, size):
                self._advance(name, done, size, "reading what is here", lines=False)
            case events.Converting():
                self._converting(name, event)
            case events.Remark(text):
                self.say(f"{name}: {text}")
            case events.Waiting(reason, seconds):
                again = f"; again in {seconds:.0f} s" if seconds is not None else "; waiting for it"
                self.say(f"{name}: {reason}{again}")
            case events.StartingOver(reason):
                self.say(f"{name}: {reason}: starting over")
            case events.SourceFailed(source, reason):
                self.say(f"{name}: {source.repo} {source.file}: {reason}; trying the next source")
            case events.Finished():
                self._finished(name, event)

    def say(self, line: str) -> None:
        self._console.print(Text(safe_line(line)), soft_wrap=True)

    def fail(self, line: str) -> None:
        self._drop_bar()
        self.say(f"llm-grader: {line}")

    def _begun(self, name: str, event: events.Started) -> None:
        size = amount(event.size)
        if event.done:
            size += f", of which {amount(event.done)} are here,"
        place = f"to {event.target}, where {amount(event.free)} are free"
        self.say(f"{name}: {size} from {event.source.repo} {place}")

    def _converting(self, name: str, event: events.Converting) -> None:
        step = f"step {event.step} of {event.steps}, {event.what}"
        if self._console.is_terminal:
            self._advance(name, round((event.fraction or 0) * 1000), 1000, step)
        elif step != self._step:
            self.say(f"{name}: {step}")
        self._step = step

    def _advance(self, name: str, done: int, size: int, told: str, *, lines: bool = True) -> None:
        if self._console.is_terminal:
            if self._bar is None:
                self._bar = _bar(self._console, name)
            self._bar.update(self._bar.task_ids[0], completed=done, total=size, told=told)
            return
        percent = done * 100 // size if size else 100
        if lines and percent >= self._told + _BETWEEN_LINES:
            self._told = percent // _BETWEEN_LINES * _BETWEEN_LINES
            self.say(f"{name}: {percent} %, {told}")

    def _finished(self, name: str, event: events.Finished) -> None:
        self._drop_bar()
        how = "converted" if event.converted else "fetched" if event.fetched else "here already"
        checked = "verified" if event.verified else "unverified: no sha256 of it is published"
        click.echo(safe_line(f"{name}: {how}, {checked}: {event.path}"))

    def _drop_bar(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def _bar(console: Console, name: str) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"))
    bar = Progress(*columns, console=console, transient=True)
    bar.add_task(name, told="")
    bar.start()
    return bar


def _time(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    told = (
        f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
    )
    return f", {told} left"
