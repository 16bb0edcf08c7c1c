"""The one-character marks and words that stand for a state or a grade; never colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.text import safe_line

if TYPE_CHECKING:
    from tui.generation.live_response import LiveResponse
    from tui.store.judgement_records import JudgementRecord

NO_ANSWER, WORKING, UNGRADED, SKIPPED, FAILED = "·", "…", "○", "–", "!"
BEST, MIDDLE, WORST = "✓", "~", "✗"

JUDGED = {BEST, MIDDLE, WORST, SKIPPED}

LEGEND = (
    (NO_ANSWER, "no answer yet"),
    (WORKING, "being answered"),
    (UNGRADED, "answered, not graded"),
    (BEST, "graded with the best level"),
    (MIDDLE, "graded in between"),
    (WORST, "graded with the worst level"),
    (SKIPPED, "skipped"),
    (FAILED, "failed"),
    ("3/40", "so many of all judged, where there is no room for each"),
)


def grade_mark(value: float | None) -> str:
    if value is None:
        return SKIPPED
    if value >= 1.0:
        return BEST
    return WORST if value <= 0.0 else MIDDLE


def grade_style(value: float | None) -> str:
    return {BEST: "$text-success", MIDDLE: "$text-warning", WORST: "$text-error"}.get(
        grade_mark(value), "dim"
    )


def grade_words(grade: JudgementRecord) -> str:
    if grade.kind == "skip":
        return f"skipped {SKIPPED}"
    return f"{grade.level} {grade_mark(grade.value)}"


def state_words(answer: LiveResponse, now: float) -> str:
    """The pane's state; `now` is time.monotonic()."""
    match answer.phase:
        case "empty":
            return "no answer yet"
        case "unknown" | "checking":
            return "checking its file"
        case "loading":
            return f"loading {answer.fraction:.0%}"
        case "reading":
            return "reading prompt"
        case "writing":
            rate = _rate(answer, now)
            return f"writing {rate:.0f} tok/s" if rate else "writing"
        case "unsaved":
            return "not saved yet"
        case "done" if answer.response and answer.response.finish_reason == "length":
            return "done, cut off"
        case phase:
            return phase


def facts_words(answer: LiveResponse) -> str:
    """The line under a finished answer: length, speed, how it ended."""
    response = answer.response
    if response is None:
        return ""
    parts = [f"sample {response.sample}"] if response.sample > 1 else []
    parts += [f"{response.tokens} tokens"] if response.tokens is not None else []
    parts.append(response.finish_reason)
    if response.tokens_per_second is not None:
        parts.append(f"{response.tokens_per_second:.0f} tok/s")
    if response.first_token_seconds is not None:
        parts.append(f"{response.first_token_seconds:.1f} s to first")
    return safe_line(" · ".join(parts))


def _rate(answer: LiveResponse, now: float) -> float | None:
    elapsed = now - answer.started_at
    return answer.tokens / elapsed if answer.tokens > 1 and elapsed > 0.2 else None
