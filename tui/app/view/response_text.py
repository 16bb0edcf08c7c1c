"""The state of a response in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tui.app.view.marks import grade_style, grade_words
from tui.text import safe_line

if TYPE_CHECKING:
    from tui.grading.sheet import Known, Slot


def state(slot: Slot, now: float) -> Content:
    """The state in a word, with the grade once there is one; `now` is time.monotonic()."""
    style = "bold $text-error" if slot.phase == "failed" else "$text-primary" if slot.busy else ""
    words = Content.styled(state_words(slot, now), style)
    if slot.phase not in ("done", "stopped"):
        return words
    if slot.given is not None:
        grade = Content.styled(grade_words(slot.given), grade_style(slot.given.value))
        words = Content.assemble(words, (" · ", style), grade)
    return Content.assemble(words, (" · note" if slot.note else "", style))


def state_words(slot: Slot, now: float) -> str:
    known = slot.known
    match slot.phase:
        case "empty":
            return "no answer yet"
        case "unknown" | "checking":
            return "checking its file"
        case "loading" if known:
            return f"loading {known.fraction:.0%}"
        case "reading":
            return "reading prompt"
        case "writing":
            rate = _rate(known, now) if known else None
            return f"writing {rate:.0f} tok/s" if rate else "writing"
        case "unsaved":
            return "not saved yet"
        case "done" if known and known.response and known.response.finish_reason == "length":
            return "done, cut off"
        case phase:
            return phase


def facts(slot: Slot, view: str) -> Content:
    """The line under a response; `view` says how it is laid out, unless as usual."""
    warnings = slot.known.warnings if slot.known else ()
    warning = safe_line(warnings[0]) if warnings else ""
    note = safe_line(slot.note)
    parts = [
        view,
        safe_line(slot.notice),
        f"warning: {warning}" if warning else "",
        f"note: {note}" if note else "",
        _figures(slot.known) if slot.known else "",
    ]
    return Content(" · ".join(part for part in parts if part))


def why_not(slot: Slot) -> str:
    """Why a response cannot be judged now."""
    if slot.busy:
        return "This answer is still being written: grade it when it is done, or stop it."
    if slot.phase == "failed":
        return "This answer failed: run it again before grading."
    if slot.phase == "unknown":
        return "The model's file is still being checked."
    return "There is no answer here yet: run the prompt first."


def _figures(known: Known) -> str:
    """Length, speed, how it ended."""
    response = known.response
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


def _rate(known: Known, now: float) -> float | None:
    elapsed = now - known.started_at
    return known.tokens / elapsed if known.tokens > 1 and elapsed > 0.2 else None
