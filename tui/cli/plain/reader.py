"""The place in a session, and what of it was read out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.cli.plain import words
from tui.cli.plain.keys import LETTERS
from tui.grading.attention import Attention
from tui.grading.decisions import Seen
from tui.grading.letters import letter

if TYPE_CHECKING:
    from tui.catalogue.rubric import Criterion, Rubric
    from tui.grading.queue import Target
    from tui.grading.session import Session
    from tui.grading.sheet import Sheet, Slot

PAIR = "Pair"
NO_ANSWERS = "The answers to this item are not in the database any more."


def say(*lines: str) -> None:
    """Each is out before this returns."""
    for line in lines:
        click.echo(line)


class Reader:
    """Reads out items, answers and criteria where one goes. What reads the database raises StoreError, and
    then the place is the same."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.attention = Attention()
        self.position = 0
        """The place of the answer on its sheet, 0 for the first."""
        self.criterion_place = 0
        self._read: object = None
        """The answer that was read last."""
        self._since = self.attention.came_into_view()
        self._told: set[tuple[str, str]] = set()
        """The items whose correct answer was read."""

    @property
    def sheet(self) -> Sheet | None:
        return self.session.current()

    @property
    def slot(self) -> Slot | None:
        return self.session.slot(self.position)

    @property
    def rubric(self) -> Rubric | None:
        return self.sheet.item.rubric if self.sheet else None

    @property
    def criterion(self) -> Criterion | None:
        """The one that a grade is about."""
        return self.rubric.criteria[self.criterion_place] if self.rubric else None

    @property
    def name(self) -> str:
        """The letter of the answer."""
        return letter(self.position)

    @property
    def subject(self) -> str:
        """What a decision is about, in a word."""
        return PAIR if self.session.compares else self.name

    @property
    def criterion_name(self) -> str:
        """Empty where there is one only."""
        return self.criterion.name if self.criterion and self.rubric and len(self.rubric.criteria) > 1 else ""

    @property
    def level_letters(self) -> list[str]:
        """The letter of each level, empty where it has none or the letter is a key already."""
        levels = self.criterion.levels if self.criterion else ()
        return [level.key if level.key and level.key not in LETTERS else "" for level in levels]

    @property
    def seen(self) -> Seen:
        """The view in which a decision is made: an answer is read whole, and of a pair both are."""
        sheet = self.sheet
        return Seen(
            place=self.position + 1,
            at=self._since.at,
            seconds=self.attention.seconds_since(self._since),
            in_view=2 if self.session.compares else 1,
            saw_expected=sheet is not None and sheet.item.asked in self._told,
            rows_unread=0,
        )

    def go_to(self, place: int) -> None:
        """To an item's first answer without a grade."""
        self.session.go_to(place)
        self._read_item()
        self._choose_open()

    def follow(self, target: Target, criterion: str = "") -> None:
        """Go where the session says; there to the criterion of this name."""
        if target.place is not None and self._is_elsewhere(target.place):
            self.session.go_to(target.place)
            self._read_item()
        sheet = self.sheet
        if sheet is None or target.slot is None:
            self._choose_open()
            return
        if target.sample is not None:
            self.session.step(target.slot, target.sample)
        self.choose(sheet.position(target.slot) or 0, criterion)

    def find(self, response_id: str) -> None:
        """To a response, which may be none of the session's."""
        target = self.session.find(response_id)
        if target is not None:
            self.follow(target)
        elif self.session.visit(response_id) is not None:
            self._read_item()
            self.choose(0)
        else:
            say("This answer is not in the database any more.")

    def choose(self, position: int, criterion: str = "") -> None:
        """To an answer of the sheet, counted around the corner."""
        sheet = self.sheet
        if sheet is None or not sheet.slots:
            return
        self.position = position % len(sheet.slots)
        slot = sheet.slots[self.position]
        names = [each.name for each in sheet.item.rubric.criteria]
        self.criterion_place = names.index(criterion) if criterion in names else slot.open_criterion
        if self._read != (sheet.item.asked, slot.id, slot.sample):
            self._read_pair() if self.session.compares and self._read is None else self.read_answer()
        else:
            self.read_criterion()

    def _read_pair(self) -> None:
        """Both answers in turn, then the question."""
        sheet = self.sheet
        if sheet is None or not sheet.slots:
            return
        for position, slot in enumerate(sheet.slots):
            say(*words.answer_lines(slot, position, len(sheet.slots), sheet.item.rubric))
        self._read = (sheet.item.asked, sheet.slots[self.position].id, 1)
        self._since = self.attention.came_into_view()
        self.read_criterion()

    def choose_criterion(self, place: int) -> None:
        """Counted around the corner."""
        if self.rubric is not None:
            self.criterion_place = place % len(self.rubric.criteria)
            self.read_criterion()

    def read_answer(self) -> None:
        sheet, slot = self.sheet, self.slot
        if sheet is None or slot is None:
            return
        self._read = (sheet.item.asked, slot.id, slot.sample)
        self._since = self.attention.came_into_view()
        say(*words.answer_lines(slot, self.position, len(sheet.slots), sheet.item.rubric))
        self.read_criterion()

    def read_criterion(self) -> None:
        if self.rubric is not None:
            self._tell_expected()
            say(*words.criterion_lines(self.rubric, self.criterion_place, self.level_letters))

    def read_guidelines(self) -> None:
        if self.sheet is not None:
            say(*words.guideline_lines(self.sheet.item))

    def read_details(self) -> None:
        if self.sheet is not None and self.slot is not None:
            say(*words.detail_lines(self.sheet.item, self.slot))
            say(*map(words.event_line, self.session.events(self.slot.id)))
            self._tell_expected(again=True)

    def _read_item(self) -> None:
        sheet, self._read = self.sheet, None
        if sheet is None:
            say(NO_ANSWERS)
            return
        self.position, self.criterion_place = 0, sheet.slots[0].open_criterion if sheet.slots else 0
        say(*words.heading_lines(sheet, len(self.session.items)))
        if sheet.introduces:
            self.read_guidelines()
        say(*words.prompt_lines(sheet.item))
        self._tell_expected(again=True)
        say(words.count_words(len(sheet.slots)))

    def _tell_expected(self, *, again: bool = False) -> None:
        """The correct answer, once for an item, where the criterion does not hide it."""
        sheet, criterion = self.sheet, self.criterion
        if sheet is None or criterion is None or not criterion.shows_expected:
            return
        asked = sheet.item.asked
        if sheet.item.prompt.expected.strip() and (again or asked not in self._told):
            self._told.add(asked)
            say(*words.expected_lines(sheet.item))

    def _choose_open(self) -> None:
        sheet = self.sheet
        slots = sheet.slots if sheet else ()
        self.choose(next((place for place, slot in enumerate(slots) if slot.open), 0))

    def _is_elsewhere(self, place: int) -> bool:
        return self.sheet is None or self.sheet.place != place
