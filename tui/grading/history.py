"""The history of one grader: what they judged, newest first, and what waits for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from tui.grading.judged import Judged, judged
from tui.store.history import Sought
from tui.store.judgement_records import subject_of
from tui.store.schema.columns import LAST_SEQ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.catalogue.item import Item
    from tui.grading.answers import Answers
    from tui.grading.judge import Judge
    from tui.grading.judged import Given
    from tui.store.database import Store
    from tui.store.history import Found
    from tui.store.records import ModelKey

PAGE: Final = 200
Show = Literal["all", "open", "flagged", "skipped", "noted", "level"]

_KINDS: Final = {"all": "", "flagged": "flag", "skipped": "skip", "noted": "note", "level": "grade"}


class Filter(NamedTuple):
    """What of the history is wanted: of `level`, those that were given the level with this label."""

    show: Show = "all"
    level: str = ""
    words: str = ""
    """Each must be in the item's name or title, the model's title, the note or the flag; in upper or lower
    case. An answer that waits for a judgement has no note for this."""


Order = tuple[int, str]
"""A place in the history."""


@dataclass(frozen=True)
class Entry:
    """One answer, with what stands of it."""

    response_id: str
    item: str
    """The item's name, for example `code-generation/2`."""
    title: str
    model: str
    """Its title; empty in a blind session, as the sample is 1 there."""
    sample: int
    order: Order
    decided_at: str = ""
    """The time of what it was found by, with its offset; empty for an answer that waits for a judgement."""
    judged: Judged = field(default_factory=Judged)
    other_response_id: str | None = None
    """That of the second answer, where two are judged together."""

    @property
    def subject(self) -> str:
        """What `find` and `visit` go to."""
        return subject_of(self.response_id, self.other_response_id)

    @property
    def givens(self) -> tuple[tuple[str, Given], ...]:
        """What was given by each criterion that has a judgement."""
        return tuple(self.judged.given.items())


class Page(NamedTuple):
    entries: tuple[Entry, ...]
    is_last: bool


class History:
    pairs = False
    """True where it is one of pairs."""

    def __init__(self, store: Store, judge: Judge, answers: Answers) -> None:
        self._store = store
        self._judge = judge
        self._answers = answers
        self._titles: dict[ModelKey, str] = {}

    def page(self, wanted: Filter, after: Entry | None = None) -> Page:
        """The newest, or what comes after that entry. Open answers come in the session's order, all of an
        item together. Raises StoreError."""
        if wanted.show == "open":
            return self._open(wanted, after.order[0] + 1 if after else 0)
        if not self._judge.id:
            return Page((), True)
        kind, level = _KINDS[wanted.show], wanted.level if wanted.show == "level" else ""
        words = tuple(wanted.words.split())
        sought = Sought(kind, level, words, self._judge.only_session, knows_models=not self._judge.blind)
        sought = sought._replace(practice=self._judge.practises, pairs=self.pairs)
        before = after.order if after else (LAST_SEQ, "")
        found = self._store.history.page(self._judge.id, sought, PAGE + 1, before)
        return Page(tuple(self._entries(found[:PAGE])), len(found) <= PAGE)

    def levels(self) -> list[str]:
        """The labels of all levels that this grader ever gave."""
        return self._store.history.levels(self._judge.id) if self._judge.id else []

    def _entries(self, found: list[Found]) -> Iterator[Entry]:
        ids = [each.response_id for each in found]
        stands = judged(self._store.judgements.of_responses(ids, self._judge.id))
        for each in found:
            yield Entry(
                each.response_id,
                f"{each.task}/{each.number}",
                each.title,
                "" if self._judge.blind else each.model,
                1 if self._judge.blind else each.sample,
                (each.seq, each.id),
                each.decided_at,
                stands.get(each.response_id, Judged()),
            )

    def _open(self, wanted: Filter, start: int) -> Page:
        entries: list[Entry] = []
        words = wanted.words.casefold().split()
        self._answers.progress()  # the count is of the items and models that there are now
        for place in range(start, len(self._answers.items)):
            if len(entries) >= PAGE:
                return Page(tuple(entries), False)
            entries += self._open_at(place, words)
        return Page(tuple(entries), True)

    def _open_at(self, place: int, words: list[str]) -> Iterator[Entry]:
        item = self._answers.items[place]
        found = self._answers.overview.of_place(place)
        if self._answers.repeats(place) or (found and found.judged == found.stored):
            return
        blind = self._judge.blind
        titles = ("" if blind else self.title(key) for key in self._answers.keys(place))
        if words and not any(has(words, item, title) for title in titles):
            return
        state = self._judge.state(item)
        for samples in self._answers.samples(place, state):
            title = "" if blind else samples.author.title
            if not has(words, item, title):
                continue
            for number, id_ in enumerate(samples.stored, 1):
                of_it = state.judged.get(id_, Judged())
                if not of_it.is_whole(item.rubric):
                    shown = 1 if blind else number
                    order = place, id_
                    yield Entry(id_, item.name, item.prompt.title, title, shown, order, judged=of_it)
                    if blind:  # how many answers its model gave is not to be seen
                        break

    def title(self, key: ModelKey) -> str:
        if key not in self._titles:
            self._titles[key] = self._store.models.title(key.name, key.config_hash)
        return self._titles[key]


def has(words: list[str], item: Item, title: str) -> bool:
    text = f"{item.name} {item.prompt.title} {title}".casefold()
    return all(word in text for word in words)
