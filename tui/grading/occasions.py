"""Why a judgement was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.grading.selection import ToJudge
from tui.store.sessions import Shown

if TYPE_CHECKING:
    from tui.store.database import Store
    from tui.store.judgement_records import Occasion, SessionRecord
    from tui.store.records import ResponseRecord


class Occasions:
    """What one grader has seen beside the answers: a judgement after that is another than the first, and
    replaces none."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen_of_others: set[str] | None = None
        self._practised: set[tuple[str, str, str]] | None = None
        self._newest_reveal = 0
        self._revealed: list[tuple[SessionRecord, Shown]] = []
        """The sessions of this grader that were revealed, with the answers that each shows."""

    def of(
        self, response: ResponseRecord, grader_id: str, *, repeats: bool, blind: bool, revealed: bool
    ) -> Occasion:
        """Of a judgement that is about to be given in a session that is or was `blind`. Reads a few rows."""
        if repeats:
            return "repeat"
        if not grader_id:
            return "first"
        if revealed or self._knows_author(response.id, grader_id, blind=blind):
            return "after_reveal"
        if self._seen_of_others is None:
            self._seen_of_others = self._store.outcomes.seen_of_others(grader_id)
        seen = response.id in self._seen_of_others or self._has_practised(response, grader_id)
        return "after_others" if seen else "first"

    def look_again(self) -> None:
        """Others' judgements were shown."""
        self._seen_of_others = None

    def _knows_author(self, response_id: str, grader_id: str, *, blind: bool) -> bool:
        """True if the grader saw who wrote it; where that is in view now, only after it was judged blind."""
        if not blind:
            return self._store.judgements.is_judged_blind(response_id, grader_id)
        if self._store.judgements.is_author_shown(response_id, grader_id):
            return True
        sessions = self._store.sessions
        if (newest := sessions.newest_reveal()) != self._newest_reveal:
            self._newest_reveal = newest
            self._revealed = [(each, _shown(each)) for each in sessions.revealed(grader_id)]
        return any(sessions.shows(session, response_id, answers) for session, answers in self._revealed)

    def _has_practised(self, response: ResponseRecord, grader_id: str) -> bool:
        """True if the grader was told what a task gives this text."""
        if self._practised is None:
            has_practised = self._store.sessions.has_begun(grader_id, "practice")
            self._practised = self._store.known_answers.practised(grader_id) if has_practised else set()
        return (response.task, response.prompt_hash, response.text_sha256) in self._practised


def _shown(session: SessionRecord) -> Shown:
    """Of a session that shows a part of what was chosen, those sheets of which something was judged."""
    chosen = ToJudge.of(session.selection)
    is_part = session.mode == "free" or chosen.limit is not None or chosen.again
    return Shown(chosen, chosen.samples, is_part)
