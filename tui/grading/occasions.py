"""Why a judgement was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.store.database import Store
    from tui.store.judgement_records import Occasion
    from tui.store.records import ResponseRecord


class Occasions:
    """What one grader has seen beside the answers: a judgement after that is another than the first, and
    replaces none."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen_of_others: set[str] | None = None
        self._practised: set[tuple[str, str, str]] | None = None

    def of(
        self, response: ResponseRecord, grader_id: str, *, repeats: bool, blind: bool, revealed: bool
    ) -> Occasion:
        """Of a judgement that is about to be given in a session that is or was `blind`. Reads a few rows."""
        if repeats:
            return "repeat"
        if not grader_id:
            return "first"
        if revealed or (not blind and self._store.judgements.is_judged_blind(response.id, grader_id)):
            return "after_reveal"
        if self._seen_of_others is None:
            self._seen_of_others = self._store.outcomes.seen_of_others(grader_id)
        seen = response.id in self._seen_of_others or self._has_practised(response, grader_id)
        return "after_others" if seen else "first"

    def look_again(self) -> None:
        """Others' judgements were shown."""
        self._seen_of_others = None

    def _has_practised(self, response: ResponseRecord, grader_id: str) -> bool:
        """True if the grader was told what a task gives this text."""
        if self._practised is None:
            has_practised = self._store.sessions.has_begun(grader_id, "practice")
            self._practised = self._store.known_answers.practised(grader_id) if has_practised else set()
        return (response.task, response.prompt_hash, response.text_sha256) in self._practised
