"""A grading session: one grader's way through the items, and the only thing that its screens know."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.grading.blinding import Blinding
from tui.grading.decisions import Change, Flag, Note, changes_nothing
from tui.grading.hiding import ALONE, Telltales, hidden
from tui.grading.judged import Judged
from tui.grading.letters import letter
from tui.grading.queue import Target, next_on_sheet
from tui.grading.quiet import Quiet
from tui.grading.route import Route
from tui.grading.samples import Samples, StoredAnswer, alone, of_samples
from tui.grading.sheet import Changes, LastJudged, Sheet
from tui.grading.slots import slot_of
from tui.grading.times import RECENT, Times

if TYPE_CHECKING:
    from tui.catalogue.item import Item
    from tui.grading.answers import Answers
    from tui.grading.decisions import Decision, Seen
    from tui.grading.events import Event
    from tui.grading.judge import Judge
    from tui.grading.judged import ItemState
    from tui.grading.overview import Cell
    from tui.grading.sheet import Slot
    from tui.store.database import Store
    from tui.store.judgement_records import JudgementRecord
    from tui.store.records import ResponseRecord

LAST = -2
"""The slot id of the answer that was judged last, on whatever sheet."""
VISITOR = -1
"""The slot id of an answer that is shown beside the session's own."""


class Session(Blinding, Quiet):
    """A sheet for each item, with a slot for each model. Slots are named by their ids.

    What reads the database raises StoreError, and then nothing has changed.
    """

    def __init__(self, answers: Answers, *, store: Store, judge: Judge) -> None:
        self.place = 0
        super().__init__(answers, store, judge)
        self._route = Route(answers, judge)
        self._item: Item | None = None
        """The one of the sheet, once there is a sheet."""
        self._shown: tuple[Samples, ...] = ()
        self._visits = False
        """True while the sheet is of an answer that is none of the session's."""
        self._last: Samples | None = None
        """The answer that was judged last."""
        self._judged: dict[str, Judged] = {}
        """Judgements by response, or by pair, of all samples on the sheet and of the last one judged."""
        self._readings: dict[str, int] = {}
        self._telltales = Telltales(store)
        self._changed: set[int] = set()
        self._moved: set[tuple[str, str]] = set()
        """What was asked in the items whose rows of the list have changed."""
        self._introduced: set[str] = set()
        """The names of the tasks of which a sheet was shown."""
        self._introduces = False
        self.times = Times(judge.recent_seconds(RECENT))

    def current(self) -> Sheet | None:
        """The sheet; None before the first `go_to`, or where there is no model."""
        if not self._shown or self._item is None:
            return None
        place = None if self._visits else self.place
        introduces = self._introduces and not self._visits
        return Sheet(self._item, place, self._slots(), introduces)

    def slot(self, position: int) -> Slot | None:
        """The one at this position of the sheet, 0 for the first."""
        return self._seen(position) if position < len(self._shown) else None

    def go_to(self, place: int) -> Sheet | None:
        """The sheet of the item at this place, as the database has it now; None where there is no model."""
        item, state = self.items[place], self._state(place)
        shown = self._answers.samples(place, state)
        self.place, self._item, self._shown, self._visits = place, item, shown, False
        self._judged = self._of_last | of_samples(shown, state)
        self._introduces = item.task.name not in self._introduced
        self._introduced.add(item.task.name)
        self._answers.note_state(place, state)
        return self.current()

    def start(self) -> int:
        """The place to begin at: the first open one from that of the newest judgement on."""
        place = (newest := self._judge.newest()) and self._place_of(newest.subject, newest.repeats)
        found = self._route.next_open(place or 0, stay=True)
        return place or 0 if found is None else found

    def step(self, slot: int, sample: int) -> bool:
        """Show this sample of a slot, 1 for the oldest; whether there is one. The live one is the last."""
        samples = self._of(slot)
        if sample not in range(1, len(samples.ids) + 1):
            return False
        wanted = samples.ids[sample - 1]
        live = samples.live.response.id if samples.live and samples.live.response else ""
        if samples.live is not None and wanted == live:
            samples.stepped = None
        else:
            response = self._store.responses.get(wanted)
            if response is None:
                return False
            samples.stepped = StoredAnswer(response)
        self._changed.add(slot)
        return True

    def decide(self, slot: int, decision: Decision, seen: Seen | None = None) -> Change:
        """Write a judgement, on disk on return."""
        samples = self._of(slot)
        response = samples.response
        assert response is not None
        subject = samples.subject(response.id)
        before = self._judged.get(subject)
        if before is None:  # it was undone or brought back
            before = self._judge.judged(subject, repeated=samples.repeats)
        criterion = samples.item.rubric.criterion.name
        judgement = None
        if not changes_nothing(decision, before, criterion):
            judgement = self._write(samples, response, decision, seen)
            self._take(samples, before.after(judgement), subject)
            self.times.add(judgement.active_seconds)
        if isinstance(decision, Note | Flag):
            return Change(judgement, None)
        self._last = replace(samples, id=LAST, live=None, stepped=StoredAnswer(response))
        return Change(judgement, self.next(after=slot))

    def last_judged(self) -> LastJudged | None:
        """What was judged last, on any sheet, of what stands. Its slot can be decided on by its id."""
        if self._last is None and (newest := self._judge.newest()):
            self._last = self._alone(newest)
            judged = self._judge.judged(newest.subject, repeated=newest.repeats)
            self._judged.setdefault(newest.subject, judged)
        if self._last is None:
            return None
        slot = self._slot(self._last)
        return LastJudged(self._last.item, self._hidden(slot, ALONE) if self.blind else slot)

    def undo(self) -> JudgementRecord | None:
        """Take back the newest judgement that stands, of this sitting or an earlier one, and return it."""
        return self._forget(self._judge.undo())

    def redo(self) -> JudgementRecord | None:
        """Bring back what the last undo took back, unless something was decided since, and return it."""
        return self._forget(self._judge.redo())

    def find(self, subject: str, *, repeated: bool = False) -> Target | None:
        """The way to a response, or to a pair, if it is one of the session's; or to the sheet that shows it
        once more. Reads anew what stands of its item."""
        place = self._place_of(subject, repeated)
        if place is None:
            return None
        state = self._state(place)
        self._answers.note_state(place, state)
        self._moved.add(self.items[place].asked)
        is_here = bool(self._shown) and place == self.place and not self._visits
        shown = self._shown if is_here else self._answers.samples(place, state)
        if is_here:
            self._judged = self._of_last | of_samples(shown, state)
        self._changed.update(samples.id for samples in shown)
        for samples in shown:
            if subject in samples.subjects:
                return Target(place, samples.id, samples.subjects.index(subject) + 1)
        return None

    def visit(self, response_id: str) -> Sheet | None:
        """A sheet of this response alone, which is none of the session's; None if it is not there."""
        samples = alone(self._store, response_id, VISITOR)
        if samples is None:
            return None
        judged = self._judge.judged(response_id)
        self._item, self._shown, self._visits = samples.item, (samples,), True
        self._judged = {**self._of_last, response_id: judged}
        return self.current()

    def next(self, *, after: int | None = None) -> Target | None:
        """What to judge now: on this sheet after the slot with this id, else on the next that is not done,
        around the corner; None where all are."""
        sheet = self.current()
        if sheet and not self._visits and (found := next_on_sheet(sheet, after)):
            return found
        place = self._route.next_place(self.place, stay=sheet is None or self._visits)
        return None if place is None else Target(place)

    def next_open(self, *, after: int) -> Target | None:
        """The next answer that waits for a judgement, after this slot and around the corner, if any does."""
        sheet = self.current()
        others = sheet and not self._visits and next_on_sheet(sheet, after, stay=False)
        if others:
            return others
        place = self._route.next_open(self.place, stay=self._visits)
        return None if place is None else Target(place)

    def events(self, slot: int) -> tuple[Event, ...]:
        """All that this grader did with the response that a slot shows, oldest first; where it is judged once
        more, only that."""
        samples = self._of(slot)
        response = samples.response
        if response is None:
            return ()
        return self._judge.events(samples.subject(response.id), repeated=samples.repeats)

    def look_again(self) -> Target | None:
        """The next answer that waits, after all is counted anew: another window judges, too."""
        self._answers.recount(self._judge)
        place = self._route.next_open(self.place, stay=True)
        return None if place is None else Target(place)

    def cells(self, place: int) -> tuple[Cell, ...]:
        """The state of the item at this place, for each slot in their order."""
        state = self._state(place)
        self._answers.note_state(place, state)
        return self._answers.cells(place, state)

    @property
    def seconds_left(self) -> float | None:
        """For what is not judged, as fast as before; None where nobody can know."""
        progress = self.progress()
        if progress is None or self._item is None:
            return None
        return self.times.left(progress, len(self._item.task.rubric.criteria))

    def take_changes(self) -> Changes:
        """The slots and places that changed since this was last asked."""
        changed, moved = self._changed, self._moved
        self._changed, self._moved = set(), set()
        places = {place for place, item in enumerate(self.items) if item.asked in moved} if moved else set()
        return Changes(changed, places)

    def _forget(self, judgement: JudgementRecord | None) -> JudgementRecord | None:
        """What stands of its response is not known before `find` or `visit` reads it."""
        if judgement is not None:
            self._last = None
            self._judged.pop(judgement.subject, None)
        return judgement

    @property
    def _of_last(self) -> dict[str, Judged]:
        subjects = self._last.subjects if self._last else ()
        return {subject: self._judged[subject] for subject in subjects if subject in self._judged}

    def _write(
        self, samples: Samples, response: ResponseRecord, decision: Decision, seen: Seen | None
    ) -> JudgementRecord:
        title, repeats = samples.author.title, samples.repeats
        return self._judge.decide(response, samples.item, decision, seen, title=title, repeats=repeats)

    def _alone(self, judgement: JudgementRecord) -> Samples | None:
        """What that is about, on no sheet."""
        return alone(self._store, judgement.response_id, LAST, repeats=judgement.repeats)

    def _take(self, samples: Samples, after: Judged, subject: str) -> None:
        is_given = self._judged.get(subject, Judged()).given != after.given
        self._judged[subject] = after
        if is_given:
            self._answers.note(samples, self._judged)
        self._changed.update(each.id for each in self._shown if subject in each.subjects)
        self._moved.add(samples.item.asked)

    def _state(self, place: int) -> ItemState:
        return self._judge.state(self.items[place], repeated=self._answers.repeats(place))

    def _place_of(self, subject: str, repeated: bool) -> int | None:
        response = self._store.responses.get(subject)
        return self._answers.place_of(response, repeated=repeated) if response else None

    def _slots(self) -> tuple[Slot, ...]:
        return tuple(map(self._seen, range(len(self._shown))))

    def _seen(self, position: int) -> Slot:
        """The slot, as far as the grader may see it. A key asks for one many times."""
        slot = self._slot(self._shown[position])
        if not self.blind:
            return slot
        return self._hidden(slot, ALONE if self._visits else self._name(position))

    def _hidden(self, slot: Slot, name: str) -> Slot:
        return hidden(slot, name, self._telltales.without(slot.remarks))

    def _name(self, position: int) -> str:
        """That of an answer on a blind sheet."""
        return f"Answer {letter(position)}"

    def _slot(self, samples: Samples) -> Slot:
        # While what was judged cannot be read, nobody can judge it.
        response, reading = samples.response, 0
        if response and samples.subject(response.id) in self._judged:
            reading = self._readings.setdefault(response.id, len(self._readings) + 1)
        return slot_of(samples, self._judged, reading)

    def _of(self, slot: int) -> Samples:
        known = (*self._shown, self._last) if self._last else self._shown
        return next(samples for samples in known if samples.id == slot)
