"""One model's latest answer to one item, live or stored, as a screen shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Literal

from tui.engines.events import Delta, Finished, Loaded, Loading, Started, Waiting
from tui.engines.llama.ending import in_short
from tui.generation.saving import NotSaved
from tui.store.records import ResponseRecord

if TYPE_CHECKING:
    from tui.catalogue.item import Item
    from tui.engines.base import EngineEvent
    from tui.generation.plan import RunnableModel

Phase = Literal[
    "empty",
    "unknown",
    "identifying",
    "queued",
    "loading",
    "reading",
    "writing",
    "saving",
    "unsaved",
    "done",
    "stopped",
    "failed",
]
"""unknown: nobody knows if there is an answer before the model's file was identified.
unsaved: it is whole, and the database does not let it in."""

BUSY: frozenset[Phase] = frozenset(
    {"identifying", "queued", "loading", "reading", "writing", "saving", "unsaved"}
)

_PHASES: dict[str, Phase] = {
    "stop": "done",
    "length": "done",
    "unknown": "done",
    "cancelled": "stopped",
    "failed": "failed",
}


def phase_of(response: ResponseRecord) -> Phase:
    """The phase of a response that is stored."""
    return _PHASES[response.finish_reason]


def error_of(response: ResponseRecord) -> str:
    """What went wrong with a response that is stored, in one line."""
    return in_short(response.error)


@dataclass
class LiveResponse:
    """The latest answer of one model to one item."""

    runnable: RunnableModel
    item: Item
    phase: Phase = "empty"
    fraction: float = 0.0
    """The part of the weights that is loaded, while loading."""
    parts: list[str] = field(default_factory=list)
    tokens: int = 0
    error: str = ""
    notice: str = ""
    """The end of a further sample, while an earlier answer is shown; or the reason why this one waits."""
    warnings: tuple[str, ...] = ()
    generation_id: str = ""
    started_at: float = 0.0
    """time.monotonic() at the first delta."""
    response: ResponseRecord | None = None

    @property
    def text(self) -> str:
        if len(self.parts) > 1:
            self.parts[:] = ["".join(self.parts)]
        return self.parts[0] if self.parts else ""

    @property
    def busy(self) -> bool:
        return self.phase in BUSY

    @property
    def complete(self) -> bool:
        return self.response is not None and self.response.complete

    def begin(self, generation_id: str) -> None:
        """A sample is on its way; what was shown before is in the store."""
        self.phase, self.error, self.notice, self.warnings, self.tokens = "identifying", "", "", (), 0
        self.parts, self.response = [], None
        self.generation_id = generation_id

    def take(self, event: EngineEvent | NotSaved | ResponseRecord) -> None:
        match event:
            case Waiting(why=why):
                self.notice = f"waiting: {why}"
            case Loading(fraction=fraction):
                self.phase, self.fraction, self.notice = "loading", fraction, ""
            case Loaded(facts=facts):
                self.phase, self.notice, self.warnings = "queued", "", facts.warnings
            case Started(warnings=warnings):  # a second one is of a new beginning
                self.phase, self.warnings = "reading", self.warnings + warnings
                self.parts, self.tokens = [], 0
            case Delta(text=text, tokens=tokens):
                self._write(text, tokens)
            case Finished(reason="failed", error=error):
                self.notice = ""
                self.fail(in_short(error))
            case Finished(tokens=tokens):
                self.phase, self.notice, self.tokens = "saving", "", tokens
            case NotSaved(why=why):
                self.phase = "unsaved"
                self.notice = f"not saved yet: {why}; kept, trying again"
            case ResponseRecord():
                self.notice = ""
                self.show(event)

    def clear(self, phase: Phase = "empty") -> None:
        self.phase, self.error, self.tokens = phase, "", 0
        self.parts, self.response = [], None

    def show(self, response: ResponseRecord) -> None:
        self.response, self.parts, self.tokens = response, [response.text], response.tokens or 0
        self.error = error_of(response)
        self.warnings = tuple(response.warnings.splitlines())
        self.phase = phase_of(response)

    def fail(self, error: str) -> None:
        self.phase, self.error = "failed", error

    def _write(self, text: str, tokens: int) -> None:
        if self.phase != "writing":
            self.phase, self.started_at = "writing", monotonic()
        self.parts.append(text)
        self.tokens = tokens
