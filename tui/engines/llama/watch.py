"""The limits of a worker, kept by its parent: whether it still runs, and whether its work moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.engines.events import Finished, Loaded, Started
from tui.engines.llama.protocol import Beat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tui.engines.llama.generation import Generation
    from tui.engines.llama.protocol import Doing, WorkerEvent


class Limits(NamedTuple):
    """The limits of a worker, in seconds."""

    tick: float = 1.0
    """The time between two looks of the parent."""
    silent: float = 60.0
    """Without any word. A worker that runs says something every second, but where one call of C keeps all of
    its Python from running, or the machine is out of memory."""
    stopped: float = 10.0
    """Without any word, from a process that the system says is stopped."""
    preparing: float = 30.0
    """The time for one prompt. It takes milliseconds, unless a chat template does not end."""
    grace: float = 5.0
    """Beyond the time that an answer may take."""


class Watch:
    """Counts the parent's own looks: while a machine sleeps, or the parent is stopped too, no time passes.

    A worker that decodes may take as long as it likes, while it says that it runs: on a slow machine a long
    prompt takes minutes, and a person can stop it.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._silent = self._still = 0.0
        self._doing: Doing = "loading"
        self._steps = -1
        self._running: dict[str, float] = {}

    def hear(self, event: WorkerEvent) -> bool:
        """Note a sign of the worker; true if it shows that work moves."""
        self._silent = 0.0
        moves = not isinstance(event, Beat) or event.steps != self._steps
        match event:
            case Beat(doing=doing, steps=steps):
                self._doing, self._steps = doing, steps
            case Loaded():
                self._doing = "nothing"
            case Started(id=id_):
                self._doing, self._running[id_] = "decoding", 0.0
            case Finished(id=id_):
                self._running.pop(id_, None)
        if moves:
            self._still = 0.0
        return moves

    def rest(self) -> None:
        """There is nothing to do."""
        self._silent = self._still = 0.0
        self._running.clear()

    def fault(self, generations: Iterable[Generation], is_stopped: Callable[[], bool]) -> str:
        """The reason to end the worker, in words that follow its name; empty where all is well. Call it
        at each tick while there is something to do."""
        limits = self._limits
        self._silent += limits.tick
        self._still += limits.tick
        if self._silent >= limits.stopped and is_stopped():
            return f"was stopped from outside, said nothing for {self._silent:.0f} seconds"
        most = self._most_for_all(generations)
        if self._silent >= min(limits.silent, most):
            return f"did not react for {self._silent:.0f} seconds"
        if self._doing == "preparing" and self._still >= min(limits.preparing, most):
            return f"did not get through the chat template in {self._still:.0f} seconds"
        if not self._running and self._still >= most:
            return f"did not begin within {self._still:.0f} seconds"
        return ""

    def overdue(self, generations: Iterable[Generation]) -> list[Generation]:
        """The generations that should have ended by themselves by now, each given once."""
        found = []
        for each in generations:
            if each.id not in self._running or not each.request.seconds:
                continue
            before = self._running[each.id]
            now = self._running[each.id] = before + self._limits.tick
            if before < each.request.seconds + self._limits.grace <= now:
                found.append(each)
        return found

    def _most_for_all(self, generations: Iterable[Generation]) -> float:
        """Seconds within which something must happen, if every answer has a time limit; loading has none."""
        seconds = [each.request.seconds for each in generations]
        if self._doing == "loading" or not seconds or not all(seconds):
            return float("inf")
        return max(max(seconds) + self._limits.grace, self._limits.stopped)
