"""The blinding of a session: what its grader may see before the reveal, and what is kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.grading import guessing
from tui.grading.looking_back import LookingBack
from tui.grading.lot import drawn

if TYPE_CHECKING:
    from tui.grading.agreement import Beside
    from tui.grading.guessing import Guessed, ToGuess
    from tui.store.judgement_records import LookedInto


class Blinding(LookingBack):
    """The part of a session that hides who wrote what."""

    @property
    def blind(self) -> bool:
        """True while the grader is not to know who wrote what."""
        return self._judge.blind

    @property
    def id(self) -> str:
        """That of the session over stored answers; empty where grading goes as one likes."""
        return self._judge.only_session

    def reveal(self) -> None:
        """End the blinding, for good; the sheet is dealt anew by `go_to`. Raises StoreError, and then nothing
        is revealed."""
        self._judge.reveal()

    def look(self, into: LookedInto) -> None:
        """Record that the grader looks at what came of it so far. Raises StoreError."""
        self._judge.look(into, self.progress())

    def agreement(self) -> list[Beside]:
        """The grader's own grades, in whatever session, beside those of reports; without names of models
        while they are hidden, and in an order that tells none."""
        beside = super().agreement()
        if not self.blind:
            return beside
        items = {each.item: place for place, each in enumerate(beside)}
        seed = self._judge.seed or 0
        beside.sort(key=lambda each: (items[each.item], drawn(seed, "beside", each.response_id)))
        return [each._replace(model="") for each in beside]

    def to_guess(self) -> list[ToGuess]:
        """Answers of this session whose authors are to be guessed; none where they are not hidden, or where
        there is one model only. Raises StoreError."""
        if not self.blind or not self.id or len(self.guessable()) < guessing.LEAST_MODELS:
            return []
        return guessing.to_guess(self._store, self.id, self._judge.seed or 0)

    def guessable(self) -> dict[str, str]:
        """The models of this session: titles by name, in alphabetical order."""
        return guessing.titles(self._store, self._answers)

    def guess(self, response_id: str, model: str) -> None:
        """Record which model, by its name, the grader takes for the author. Raises StoreError."""
        self._store.sessions.guess(self.id, response_id, model)

    @property
    def has_guessed(self) -> bool:
        """Raises StoreError."""
        return bool(self.id and self._store.sessions.guesses(self.id))

    def guessed(self) -> Guessed | None:
        """What came of the guesses, once the authors are known; None where nothing was guessed."""
        return None if self.blind or not self.id else guessing.guessed(self._store, self.id, self._answers)
