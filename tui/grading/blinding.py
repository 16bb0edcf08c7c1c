"""The blinding of a session: what its grader may see before the reveal, and what is kept of it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from tui.grading.looking_back import LookingBack
from tui.grading.lot import drawn
from tui.store.known_answers import is_known

if TYPE_CHECKING:
    from tui.catalogue.item import Item
    from tui.grading.agreement import Beside
    from tui.store.judgement_records import LookedInto

GUESSES: Final = 5
"""The most answers of which a grader is asked who wrote them."""


class ToGuess(NamedTuple):
    """An answer whose author is to be guessed."""

    response_id: str
    item: Item
    text: str


class Blinding(LookingBack):
    """The part of a session that hides who wrote what."""

    @property
    def blind(self) -> bool:
        """True while the grader is not to know who wrote what."""
        return self._judge.blind

    def reveal(self) -> None:
        """End the blinding, for good; the sheet is dealt anew by `go_to`. Raises StoreError, and then nothing
        is revealed."""
        self._judge.reveal()

    def look(self, into: LookedInto) -> None:
        """Record that the grader looks at what came of it so far. Raises StoreError."""
        self._judge.look(into, self.progress())

    def agreement(self) -> list[Beside]:
        """The grader's own grades, in whatever session, beside those of reports; without names of models
        while they are hidden."""
        beside = super().agreement()
        return [each._replace(model="") for each in beside] if self.blind else beside

    def to_guess(self) -> list[ToGuess]:
        """Answers, drawn from those that were judged in this session, whose authors were not guessed yet."""
        session, seed = self._judge.only_session, self._judge.seed or 0
        guessed = self._store.sessions.guesses(session)
        judged = self._store.progress.seen_in(session)
        lot = sorted(judged, key=lambda id_: drawn(seed, "guess", id_))
        found = []
        responses = (
            each for each in map(self._store.responses.get, lot) if each and not is_known(each.origin)
        )
        for response in islice(responses, GUESSES):
            item = self._store.items.asked(response.task, response.prompt_hash)
            if item and response.id not in guessed:
                found.append(ToGuess(response.id, item, response.text))
        return found

    def guessable(self) -> dict[str, str]:
        """The models of this session: titles by name, in alphabetical order."""
        places = range(len(self._answers.items))
        keys = {key for place in places for key in self._answers.keys(place) if not is_known(key.origin)}
        titles = {key.name: self._store.models.title(key.name, key.config_hash) for key in keys}
        return dict(sorted(titles.items(), key=lambda each: (each[1].casefold(), each[0])))

    def guess(self, response_id: str, model: str) -> None:
        """Record which model, by its name, the grader takes for the author. Raises StoreError."""
        self._store.sessions.guess(self._judge.only_session, response_id, model)
