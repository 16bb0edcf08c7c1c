"""The end of a session: what came of it, and where grading goes on."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from tui.grading.as_given import OfKnown
from tui.store.schema.columns import LAST_SEQ

if TYPE_CHECKING:
    from tui.grading.overview import Progress
    from tui.store.database import Store


class Ending(NamedTuple):
    """Counts of answers: graded and skipped ones among `total`, those with a flag, those with a note."""

    total: int
    graded: int
    skipped: int
    flagged: int
    noted: int
    median_seconds: float | None
    """The middle one of the times that decisions took; None where none is known."""
    same: int = 0
    """Pairs of answers that say the same, about which nobody was asked."""
    known: OfKnown = OfKnown()
    """Practice and controls, which are in no count."""
    is_whole: bool = True
    """True if nothing is left to judge."""


def ending_of(store: Store, session_id: str, progress: Progress | None) -> Ending:
    """What came so far of the session with this id. Raises StoreError."""
    counts = store.outcomes.of_session(session_id)
    seconds = store.judgements.recent_seconds(session_id, LAST_SEQ)
    return Ending(
        total=progress.total if progress else 0,
        graded=counts.graded,
        skipped=counts.skipped,
        flagged=counts.flagged,
        noted=counts.noted,
        median_seconds=median(seconds) if seconds else None,
        is_whole=progress is None or progress.judged >= progress.total,
    )


def parting_words(
    progress: Progress | None, options: str = "", *, again: str = "", pairs: bool = False
) -> str:
    """What is judged and what is left, for whoever leaves a session, of `pairs` or of answers; `options` are
    those that its commands need, `again` is the command that goes on with it."""
    if progress is None:
        return ""
    left = progress.total - progress.judged
    if not left:
        results = command("results", options)
        if pairs:
            return f"All {progress.total:,} pairs of this session are judged. Next: {results}"
        return f"All {progress.total:,} answers of this session are graded. Next: {results}"
    verb = "Judged" if pairs else "Graded"
    far = f"{verb} {progress.judged:,} of {progress.total:,}; {left:,} left."
    return f"{far} {again or command('grade', options)} goes on there."


def command(name: str, options: str = "") -> str:
    return " ".join(filter(None, ("llm-grader", name, options)))
