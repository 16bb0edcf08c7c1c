"""The answers of one model to one item, of which a slot shows one at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tui.generation.live_response import error_of, phase_of
from tui.grading.judged import Judged
from tui.store.judgement_records import subject_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.catalogue.item import Item
    from tui.generation.live_response import LiveResponse, Phase
    from tui.grading.judged import ItemState
    from tui.store.database import Store
    from tui.store.records import ModelKey, ResponseRecord


class Author(NamedTuple):
    """A model as a person names it; `file` and `licence` are empty where they are not known."""

    title: str
    file: str = ""
    licence: str = ""


class Answer(Protocol):
    """A response as a slot shows it: live, or from the database."""

    @property
    def phase(self) -> Phase: ...
    @property
    def text(self) -> str: ...
    @property
    def error(self) -> str: ...
    @property
    def notice(self) -> str: ...
    @property
    def warnings(self) -> tuple[str, ...]: ...
    @property
    def response(self) -> ResponseRecord | None: ...


@dataclass(frozen=True)
class StoredAnswer:
    """A response of the database."""

    response: ResponseRecord
    notice: str = ""

    @property
    def phase(self) -> Phase:
        return phase_of(self.response)

    @property
    def text(self) -> str:
        return self.response.text

    @property
    def error(self) -> str:
        return error_of(self.response)

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(self.response.warnings.splitlines())


@dataclass(eq=False)
class Samples:
    """`stored` are the ids of those to be judged, oldest first. Shown is the one that was `stepped` to, else
    the live one."""

    id: int
    item: Item
    author: Author
    key: ModelKey | None
    """None while the model's file is not identified."""
    stored: Sequence[str]
    live: LiveResponse | None = None
    stepped: StoredAnswer | None = field(default=None)
    repeats: bool = False
    """True if they are judged once more, for agreement with oneself."""
    other: str = ""
    """The id of the answer beside it, where the two are judged together."""

    def subject(self, id_: str) -> str:
        """What a judgement is about while this response is shown."""
        return subject_of(*sorted((id_, self.other))) if self.other else id_

    @property
    def subjects(self) -> list[str]:
        return [self.subject(id_) for id_ in self.ids]

    @property
    def answer(self) -> Answer:
        answer = self.stepped or self.live
        assert answer is not None
        return answer

    @property
    def response(self) -> ResponseRecord | None:
        return self.answer.response

    @property
    def ids(self) -> tuple[str, ...]:
        """All that can be stepped to; the last may be one that failed, or an empty text for a live one."""
        live = self.live
        if live is None or (live.response is None and not live.busy):
            return tuple(self.stored)
        latest = live.response.id if live.response else ""
        return tuple(self.stored) if latest in self.stored else (*self.stored, latest)

    @property
    def place(self) -> int:
        """The place of the one that is shown, 0 for the first."""
        shown = self.response.id if self.response else ""
        ids = self.ids
        return ids.index(shown) if shown in ids else 0


def of_samples(shown: Sequence[Samples], state: ItemState) -> dict[str, Judged]:
    """What was judged of each, by response or by pair."""
    subjects = (subject for samples in shown for subject in samples.subjects)
    return {subject: state.judged.get(subject, Judged()) for subject in subjects}


def alone(store: Store, response_id: str, slot: int, *, repeats: bool = False) -> Samples | None:
    """A stored response as the only sample of a slot with this id; None if it is not there."""
    response = store.responses.get(response_id)
    item = store.items.asked(response.task, response.prompt_hash) if response else None
    if response is None or item is None:
        return None
    author = author_of(store, response)
    shown = StoredAnswer(response)
    return Samples(slot, item, author, None, (response_id,), stepped=shown, repeats=repeats)


def author_of(store: Store, response: ResponseRecord) -> Author:
    title = store.models.title(response.model, response.model_config_hash)
    return Author(title, store.models.file(response))
