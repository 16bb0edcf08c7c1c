"""Output of `pull`: the files on standard output, everything else on standard error, with a bar if it is a
terminal and with a line now and then if not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text

from tui.text import safe_line
from tui.weights import events
from tui.weights.event_text import event_words

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
        self._reasons: set[str] = set()
        self._told_once: dict[str, list[str]] = {}

    def __enter__(self) -> PullOutput:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._drop_bar()
        for names in self._told_once.values():
            if names:
                self.fail(f"the same holds for {', '.join(names)}")

    def begin(self, model: Model) -> None:
        self._told, self._step = 0, ""
        self._reasons.clear()
        if model.non_commercial:
            self.say(f"{model.name}: its licence is {model.licence}: not for commercial use")

    def show(self, name: str, event: FetchEvent) -> None:
        match event:
            case events.Started():
                self._told = 0
                self.say(f"{name}: {event_words(event)}")
            case events.Progress(done, size):
                self._advance(name, done, size, event_words(event))
            case events.Verifying(_, done, size):
                self._advance(name, done, size, event_words(event), lines=False)
            case events.Converting():
                self._converting(name, event)
            case events.Finished():
                self._finished(name, event)
            case events.SourceFailed(reason=reason):
                if reason not in self._reasons:
                    self.say(f"{name}: {event_words(event)}")
                self._reasons.add(reason)
            case _:
                self.say(f"{name}: {event_words(event)}")

    def say(self, line: str) -> None:
        self._console.print(Text(safe_line(line)), soft_wrap=True)

    def fail(self, line: str) -> None:
        self._drop_bar()
        self.say(f"llm-grader: {line}")

    def fail_alike(self, name: str, line: str) -> None:
        """Print one line for all models, of a failure that does not depend on the model."""
        if line in self._told_once:
            self._told_once[line].append(name)
        else:
            self._told_once[line] = []
            self.fail(f"{name}: {line}")

    def _converting(self, name: str, event: events.Converting) -> None:
        step = event_words(event)
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
        click.echo(safe_line(f"{name}: {event_words(event)}: {event.path}"))

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
