"""The pairs of a session, one on each sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from tui.grading.judged import Judged, summary
from tui.grading.overview import Cell, Overview, Progress, Tally
from tui.grading.samples import Samples, StoredAnswer, author_of
from tui.store.judgement_records import subject_of
from tui.store.records import ModelKey

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui.grading.compared import Compared
    from tui.grading.judge import Judge
    from tui.grading.judged import ItemState
    from tui.grading.pair_judge import PairJudge
    from tui.grading.pairing import Pair
    from tui.store.database import Store
    from tui.store.records import ResponseRecord

_ONE: Final = ModelKey("", "", "")
"""What is counted on a sheet: one pair, of whatever models."""


class PlannedPair(NamedTuple):
    """A sheet to come; `passed` are the pairs before it in the schedule whose answers say the same."""

    pair: Pair
    item: Compared
    keys: tuple[ModelKey, ModelKey]
    """The models of the left and of the right answer."""
    passed: Sequence[tuple[Pair, Compared]] = ()

    @property
    def subject(self) -> str:
        return subject_of(*self.pair.ids)


class PairAnswers:
    most_slots = 2

    def __init__(self, store: Store, sheets: Sequence[PlannedPair], judge: PairJudge) -> None:
        self._store = store
        self.sheets = sheets
        self.items = tuple(sheet.item for sheet in sheets)
        self._places = {sheet.subject: place for place, sheet in enumerate(sheets)}
        self.overview = Overview()
        self._judge = judge
        self._count()

    def repeats(self, place: int) -> bool:
        return False

    def samples(self, place: int, state: ItemState) -> tuple[Samples, ...]:
        """None where the database has lost one of the two."""
        sheet = self.sheets[place]
        found = []
        for number, id_ in enumerate((sheet.pair.left, sheet.pair.right), 1):
            response = self._store.responses.get(id_)
            if response is None:
                return ()
            other = sheet.pair.right if number == 1 else sheet.pair.left
            author, shown = author_of(self._store, response), StoredAnswer(response)
            slot = 2 * place + number
            found.append(Samples(slot, sheet.item, author, None, (id_,), stepped=shown, other=other))
        return tuple(found)

    def cells(self, place: int, state: ItemState) -> tuple[Cell, ...]:
        given = state.judged.get(self.sheets[place].subject, Judged()).by(self.items[place].rubric)
        return (Cell("open") if None in given else Cell("judged", summary(given)),)

    def keys(self, place: int) -> tuple[ModelKey, ...]:
        return self.sheets[place].keys

    def place_of(self, response: ResponseRecord, *, repeated: bool = False) -> int | None:
        """Of several sheets the first."""
        shows = (place for place, sheet in enumerate(self.sheets) if response.id in sheet.pair.ids)
        return next(shows, None)

    def place_of_pair(self, subject: str) -> int | None:
        return self._places.get(subject)

    def note_state(self, place: int, state: ItemState) -> None:
        self._note(place, state.judged.get(self.sheets[place].subject, Judged()))

    def note(self, samples: Samples, judged: Mapping[str, Judged]) -> None:
        (subject,) = samples.subjects
        place = self._places.get(subject)
        if place is not None:
            self._note(place, judged.get(subject, Judged()))

    def recount(self, judge: Judge) -> None:
        self._count()

    def progress(self) -> Progress | None:
        return self.overview.progress()

    def _note(self, place: int, judged: Judged) -> None:
        self.overview.put((place, _ONE), Tally(int(judged.is_whole(self.items[place].rubric)), 1))

    def _count(self) -> None:
        judged = self._judge.pairs_judged()
        self.overview.know(
            {(place, _ONE): Tally(int(each.subject in judged), 1) for place, each in enumerate(self.sheets)}
        )
        self.overview.look_at(range(len(self.sheets)), (_ONE,))
