"""The check of a blinding: who a grader takes for the authors of some answers, and how often that is so."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from tui.grading.lot import drawn
from tui.store.known_answers import is_known

if TYPE_CHECKING:
    from tui.catalogue.item import Item
    from tui.grading.answers import Answers
    from tui.store.database import Store

GUESSES: Final = 5
"""The most answers of which a grader is asked who wrote them."""
LEAST_MODELS: Final = 2
"""Of fewer there is nothing to guess."""


class ToGuess(NamedTuple):
    """An answer whose author is to be guessed."""

    response_id: str
    item: Item
    text: str


class Guessed(NamedTuple):
    """Right guesses among all, and how many are right on average where one guesses by lot."""

    right: int
    asked: int
    by_chance: float

    @property
    def words(self) -> str:
        return f"You guessed {self.right} of {self.asked}; by chance it would be {self.by_chance:.1f}."


def to_guess(store: Store, session_id: str, seed: int) -> list[ToGuess]:
    """Answers, drawn from those that were judged in a session, whose authors were not guessed yet."""
    guessed = store.sessions.guesses(session_id)
    judged = store.progress.seen_in(session_id)
    lot = sorted(judged, key=lambda id_: drawn(seed, "guess", id_))
    responses = (each for each in map(store.responses.get, lot) if each and not is_known(each.origin))
    found = []
    for response in islice(responses, GUESSES):
        item = store.items.asked(response.task, response.prompt_hash)
        if item and response.id not in guessed:
            found.append(ToGuess(response.id, item, response.text))
    return found


def titles(store: Store, answers: Answers) -> dict[str, str]:
    """The models that have answered: titles by name, in alphabetical order."""
    places = range(len(answers.items))
    keys = {key for place in places for key in answers.keys(place) if not is_known(key.origin)}
    named = {key.name: store.models.title(key.name, key.config_hash) for key in keys}
    return dict(sorted(named.items(), key=lambda each: (each[1].casefold(), each[0])))


def guessed(store: Store, session_id: str, answers: Answers) -> Guessed | None:
    """What came of the newest guess of each answer; by chance one names one of the models of its item."""
    guesses = store.sessions.guesses(session_id)
    models = _models(answers)
    right, asked, by_chance = 0, 0, 0.0
    for id_, model in guesses.items():
        if response := store.responses.get(id_):
            right += response.model == model
            asked += 1
            by_chance += 1 / max(len(models.get((response.task, response.prompt_hash), ())), 1)
    return Guessed(right, asked, by_chance) if asked else None


def _models(answers: Answers) -> dict[tuple[str, str], set[str]]:
    """The names of those that answered an item, by what was asked in it."""
    found: dict[tuple[str, str], set[str]] = {}
    for place, item in enumerate(answers.items):
        found.setdefault(item.asked, set()).update(_names(answers, place))
    return found


def _names(answers: Answers, place: int) -> set[str]:
    return {key.name for key in answers.keys(place) if not is_known(key.origin)}
