"""The state of a response in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tui.app.view.marks import FLAG
from tui.text import safe_line
from tui.units import counted

if TYPE_CHECKING:
    from tui.grading.sheet import Given, Known, Slot


_ENDS = {
    "stop": "ended by itself",
    "length": "at its limit",
    "cancelled": "stopped",
    "failed": "failed",
}
"""How an answer ended, where that is known."""


def states(slot: Slot, now: float) -> list[Content]:
    """The state in words, longest first; `now` is time.monotonic(). Beside a grade it may be left out."""
    style = "bold $text-error" if slot.phase == "failed" else "$text-primary" if slot.busy else ""
    long, short = state_words(slot, now)
    given = [each for each in slot.givens if each is not None]
    if given and len(given) < len(slot.givens):
        long = short = f"{len(given)} of {len(slot.givens)} criteria"
    is_there = slot.phase in ("done", "stopped")
    note = " · note" if slot.note and is_there else ""
    flag = f"{FLAG} flagged" if slot.flag and is_there else ""
    words = [_and(f"{long}{note}", flag), _and(f"{short}{note}", flag), _and(short, flag)]
    words += [_and(short, FLAG)] if flag else []
    if grade_of(slot) is not None and long == "done":
        words += [flag, FLAG] if flag else [""]
    return [Content.styled(each, style) for each in dict.fromkeys(words)]


def _and(words: str, flag: str) -> str:
    return f"{words} · {flag}" if flag else words


def grade_of(slot: Slot) -> Given | None:
    """The grade or skip that its header shows."""
    return slot.given if slot.phase in ("done", "stopped") else None


def state_words(slot: Slot, now: float) -> tuple[str, str]:
    """The state, and a shorter word for it."""
    known = slot.known
    match slot.phase:
        case "empty":
            return "no answer yet", "no answer"
        case "unknown" | "identifying":
            return "reading its file", "reading"
        case "loading" if known:
            return f"loading {known.fraction:.0%}", "loading"
        case "queued" if known is None:
            return "being written", "writing"
        case "reading":
            return "reading prompt", "reading"
        case "writing":
            rate = _rate(known, now) if known else None
            return f"writing {rate:.0f} tok/s" if rate else "writing", "writing"
        case "unsaved":
            return "not saved yet", "not saved"
        case "done" if is_blank(slot):
            return "done, empty", "empty"
        case "done" if slot.cut_off:
            return "done, cut off", "cut off"
        case phase:
            return phase, phase


def is_blank(slot: Slot) -> bool:
    """True for a finished answer in which there is nothing to read."""
    return slot.phase in ("done", "stopped") and not slot.text.strip()


def blank_words(slot: Slot) -> str:
    """What a pane says in place of such an answer."""
    if slot.phase == "stopped":
        return "This answer is empty: it was stopped before the model wrote anything."
    if slot.text:
        return "This answer is empty: the model wrote spaces and blank lines only."
    return "This answer is empty: the model ended it without writing anything."


def facts(slot: Slot, view: str) -> Content:
    """The line under a response; `view` says how it is laid out, unless as usual."""
    warnings = slot.known.warnings if slot.known else ()
    warning = safe_line(warnings[0]) if warnings else ""
    note = safe_line(slot.note)
    parts = [
        view,
        safe_line(slot.notice),
        f"warning: {warning}" if warning else "",
        f"flagged: {safe_line(slot.flag)}" if slot.flag else "",
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
        return "The model's file is still being read."
    return "There is no answer here yet: run the prompt first."


def _figures(known: Known) -> str:
    """Length, speed, how it ended."""
    response = known.response
    if response is None:
        return ""
    parts = [counted(response.tokens, "token")] if response.tokens is not None else []
    parts += [_ENDS[response.finish_reason]] if response.finish_reason in _ENDS else []
    if response.tokens_per_second is not None:
        parts.append(f"{response.tokens_per_second:.0f} tok/s")
    if response.first_token_seconds is not None:
        parts.append(f"{response.first_token_seconds:.1f} s to first")
    return safe_line(" · ".join(parts))


def _rate(known: Known, now: float) -> float | None:
    elapsed = now - known.started_at
    return known.tokens / elapsed if known.tokens > 1 and elapsed > 0.2 else None
