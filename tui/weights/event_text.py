"""Events of a fetch in words, the same on the command line and on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.units import amount, duration, rate
from tui.weights import events

if TYPE_CHECKING:
    from tui.weights.events import FetchEvent


def event_words(event: FetchEvent) -> str:
    """An event in one line, without the model's name. Not made safe for a screen: reasons quote servers."""
    match event:
        case events.Started(_, target, size, done, free):
            here = f", of which {amount(done)} are here," if done else ""
            return f"{amount(size)}{here} from {event.source.repo} to {target}, where {amount(free)} are free"
        case events.Progress(done, size, speed, left):
            told = f"{amount(done)} of {amount(size)}, {rate(speed)}"
            return told if left is None else f"{told}, {duration(left)} left"
        case events.Verifying():
            return "reading what is here"
        case events.Converting(what, step, steps):
            return f"step {step} of {steps}, {what}"
        case events.Remark(text):
            return text
        case events.Waiting(reason, seconds):
            return f"{reason}; {'waiting for it' if seconds is None else f'again in {seconds:.0f} s'}"
        case events.StartingOver(reason):
            return f"{reason}: starting over"
        case events.SourceFailed(source, reason):
            return f"{source.repo} {source.file}: {reason}; trying the next source"
        case events.Finished():
            how = "converted" if event.converted else "fetched" if event.fetched else "here already"
            return f"{how}, {'verified' if event.verified else 'unverified: no sha256 of it is published'}"
