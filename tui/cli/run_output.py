"""Output of `run`: responses on standard output, progress on standard error."""

from __future__ import annotations

import shutil
import sys
from time import monotonic
from typing import TYPE_CHECKING

import click

from tui.cli.streams import echo_json
from tui.text import safe_line
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.engines.base import EngineEvent
    from tui.generation.plan import PlannedResponse
    from tui.generation.saving import NotSaved
    from tui.store.claims import Claim
    from tui.store.records import ResponseRecord

REDRAW_SECONDS = 0.2
EXCERPT = 60
HIDDEN = "written; the answer is hidden while a session that asks this is blind"


class RunOutput:
    """`failed` counts the responses that failed, `written` those that are whole, `ended` all that are
    over: answers end in another order than they were planned in."""

    def __init__(self, *, as_json: bool) -> None:
        self.failed = 0
        self.written = 0
        self.ended = 0
        self.hides: Callable[[str], bool] = lambda _: False
        """True of a prompt, by its hash, if nobody is to know now who answers it how."""
        self._as_json = as_json
        self._live = sys.stderr.isatty()
        self._drawn_at = 0.0
        self._waiting = ""
        self._said: set[str] = set()
        self._warned: set[tuple[str, str]] = set()

    def say(self, line: str) -> None:
        self._clear()
        click.echo(safe_line(line), err=True)

    def planned(self, total: int, already: int) -> None:
        there = f", {already} of {total} are there already" if already else ""
        self.say(f"responses to generate: {total - already}{there}")

    def identifying(self, file: str) -> None:
        self.say(f"reading {file} once for its sha256")

    def progress(self, _: int, total: int, planned: PlannedResponse, event: EngineEvent | NotSaved) -> None:
        from tui.engines.events import Delta, Loaded, Loading, Started, Waiting
        from tui.generation.saving import NotSaved

        match event:
            case Loaded(facts=facts):
                self._warn(planned.runnable.model.name, facts.warnings)
                return
            case Waiting(why=why):
                state = f"waiting: {why}"
                self._say_waiting(state)
            case NotSaved(why=why):
                state = f"not saved yet: {why}; kept, trying again"
                self._say_waiting(state)
            case Loading(fraction=fraction):
                state = f"loading {fraction:.0%}"
            case Started():
                state = "reading prompt"
            case Delta(tokens=tokens):
                if not self._is_due:
                    return
                state = "writing" if self.hides(planned.item.asked[1]) else f"{tokens} tokens"
            case _:
                return
        # Waiting, or reading a long prompt, takes a while in which nothing else comes.
        at_once = isinstance(event, (Started, Waiting, NotSaved))
        self._draw(f"[{self.ended}/{total}] {_name(planned)}: {state}", at_once=at_once)

    def response(self, _: int, total: int, planned: PlannedResponse, response: ResponseRecord) -> None:
        self._waiting = ""
        self.written += response.complete
        failed = response.finish_reason == "failed"
        if failed:
            self.failure(planned, response.error)
        else:
            self.ended += 1
        self._clear()
        hidden = self.hides(response.prompt_hash)
        if self._as_json:
            echo_json(_hidden(response) if hidden else response)
        elif not failed:
            result = HIDDEN if hidden else _result(response)
            click.echo(f"[{self.ended}/{total}] {_name(planned)}: {result}")

    def failure(self, planned: PlannedResponse, error: str) -> None:
        """A worker that dies fails several at once: what became of it is said whole with the first."""
        from tui.engines.llama.ending import in_short

        self.failed += 1
        self.ended += 1
        self.say(f"{_name(planned)}: failed: {in_short(error) if error in self._said else error}")
        self._said.add(error)

    def left_out(self, planned: PlannedResponse, count: int) -> None:
        self.ended += count
        self.say(f"left out: {count} more that need the weights of {planned.runnable.model.name}")

    def left_to_another(self, planned: PlannedResponse, claim: Claim) -> None:
        self.ended += 1
        does = "has answered it meanwhile" if claim == "answered" else "is writing it: left to that"
        self.say(f"{_name(planned)}: another llm-grader {does}")

    def finished(self) -> None:
        """The last line of what was done."""
        failed = f", {self.failed} failed" if self.failed else ""
        self.say(f"done: {counted(self.written, 'answer')} written{failed}")

    def next_step(self, waiting: int, command: str) -> None:
        wait = "waits" if waiting == 1 else "wait"
        self.say(f"{counted(waiting, 'answer')} {wait} to be graded: {command}")

    def _warn(self, model: str, warnings: tuple[str, ...]) -> None:
        """Once for each model."""
        for warning in warnings:
            if (model, warning) not in self._warned:
                self._warned.add((model, warning))
                self.say(f"{model}: warning: {warning}")

    def _say_waiting(self, state: str) -> None:
        """Once for all that wait for the same; a terminal shows it as long as it lasts."""
        if not self._live and state != self._waiting:
            self.say(state)
        self._waiting = state

    @property
    def _is_due(self) -> bool:
        """True if the line of progress can be drawn again."""
        return self._live and monotonic() - self._drawn_at > REDRAW_SECONDS

    def _draw(self, line: str, *, at_once: bool) -> None:
        if self._live and (at_once or self._is_due):
            self._drawn_at = monotonic()
            from rich.cells import set_cell_size

            shown = set_cell_size(safe_line(line), shutil.get_terminal_size().columns - 1).rstrip()
            click.echo(f"\r\x1b[K{shown}", nl=False, err=True)

    def _clear(self) -> None:
        if self._live:
            click.echo("\r\x1b[K", nl=False, err=True)


def _name(planned: PlannedResponse) -> str:
    sample = f" sample {planned.sample}" if planned.sample > 1 else ""
    return f"{planned.runnable.model.name} {planned.item.name}{sample}"


def _result(response: ResponseRecord) -> str:
    speed = f", {response.tokens_per_second:.0f} tok/s" if response.tokens_per_second else ""
    text = safe_line(response.text)
    excerpt = text if len(text) <= EXCERPT else f"{text[:EXCERPT]}…"
    return f"{response.finish_reason}, {response.tokens} tokens{speed}: {excerpt}"


def _hidden(response: ResponseRecord) -> ResponseRecord:
    """The record of the response without what would tell which it is."""
    from msgspec.structs import replace

    figures = ("prompt_tokens", "tokens", "first_token_seconds", "seconds", "tokens_per_second")
    offsets = ("reasoning_start", "reasoning_end")
    return replace(response, text="", text_sha256="", **dict.fromkeys((*figures, *offsets)))
