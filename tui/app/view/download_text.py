"""A job in words: for its cell of the table, beside its bar, for the top bar, and when it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.text import safe_line
from tui.units import short_duration, short_rate
from tui.weights import events
from tui.weights.event_text import event_words

if TYPE_CHECKING:
    from tui.app.job import Job

GAUGE_CELLS = 30
NAME_CELLS = 24


def percent(job: Job) -> str:
    # Down, so that 100 % is never said of a part.
    return "" if job.fraction is None else f"{int(job.fraction * 100)} %"


def state_words(job: Job) -> str:
    """A few words for a narrow column."""
    if job.phase == "paused":
        return f"paused {percent(job)}".rstrip()
    if job.phase != "running":
        return job.phase
    match job.event:
        case events.Progress(rate=rate, seconds_left=left):
            time = "" if left is None else f" {short_duration(left)} left"
            return f"{percent(job)} {short_rate(rate)}{time}"
        case events.Verifying():
            return f"{'verifying' if job.verifies else 'reading'} {percent(job)}"
        case events.Converting(step=step, steps=steps):
            return f"converting step {step} of {steps} {percent(job)}".rstrip()
        case events.Waiting():
            return "waiting…"
        case events.Started():
            return percent(job)
        case _:
            return "starting…"


def progress_words(job: Job) -> str:
    """All that is known, in one line."""
    told = events.Progress | events.Verifying | events.Converting | events.Waiting
    if job.phase == "running" and isinstance(job.event, told):
        return safe_line(event_words(job.event))
    return state_words(job)


def gauge(job: Job) -> str:
    filled = round(GAUGE_CELLS * (job.fraction or 0.0))
    return f"{'▓' * filled}{'░' * (GAUGE_CELLS - filled)} {percent(job)}".rstrip()


def outcome_words(job: Job) -> str:
    """The outcome of a job that has ended, with the model's name."""
    match job.event:
        case events.Finished():
            told = f"{job.model.name}: {event_words(job.event)}"
            return f"{told}: {job.warning}" if job.warning else told
        case events.Failed(reason):
            return reason
        case _:
            return ""


def top_words(active: list[Job]) -> str:
    """`↓ mpt-7b-chat 43 %` of the first download, and how many more there are."""
    downloads = [job for job in active if not job.verifies]
    if not downloads:
        return ""
    first, *others = downloads
    state = percent(first) if first.phase == "running" else first.phase
    more = f"+{len(others)}" if others else ""
    return " ".join(filter(None, ("↓", _short(first.model.name), state, more)))


def _short(name: str) -> str:
    """Names of models are ASCII."""
    return name if len(name) <= NAME_CELLS else f"{name[: NAME_CELLS - 1]}…"
