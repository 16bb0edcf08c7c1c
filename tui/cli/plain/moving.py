"""Commands that go to other answers, criteria and items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.cli.plain.reader import say
from tui.grading.hiding import NUMBER_HIDDEN

if TYPE_CHECKING:
    from tui.catalogue.item import Item
    from tui.cli.plain.inputs import Input
    from tui.cli.plain.keys import Command
    from tui.cli.plain.reader import Reader


class Moving:
    def __init__(self, reader: Reader, asked: Input) -> None:
        self._reader = reader
        self._session = reader.session
        self._input = asked

    def move_pane(self, step: int) -> None:
        slots = self._reader.sheet.slots if self._reader.sheet else ()
        if len(slots) > 1:
            self._reader.choose(self._reader.position + step)
        else:
            say("There is one answer to this item.")

    def go_to_pane(self, position: int) -> None:
        slots = self._reader.sheet.slots if self._reader.sheet else ()
        if position < len(slots):
            self._reader.choose(position)
        else:
            say(f"There are {len(slots)} answers to this item.")

    def move_criterion(self, step: int) -> None:
        rubric = self._reader.rubric
        if rubric is not None and len(rubric.criteria) > 1:
            self._reader.choose_criterion(self._reader.criterion_place + step)
        else:
            say("There is one criterion.")

    def move_item(self, step: int) -> None:
        place = self._session.place + step
        if place in range(len(self._session.items)):
            self._reader.go_to(place)
        else:
            say("This is the last item." if step > 0 else "This is the first item.")

    def move_sample(self, step: int) -> None:
        """Around the corner."""
        slot = self._reader.slot
        if self._session.blind:
            say(NUMBER_HIDDEN)
            return
        if slot is None or slot.samples < 2:
            say("There is one answer of this model to this item.")
            return
        self._session.step(slot.id, (slot.sample - 1 + step) % slot.samples + 1)
        self._reader.choose(self._reader.position)

    def next_open(self) -> None:
        slot = self._reader.slot
        target = self._session.next_open(after=slot.id) if slot else None
        if target is None:
            say("No answer waits for a grade.")
        else:
            self._reader.follow(target)

    def search(self, command: Command) -> None:
        """The next item, around the corner, in which each of the words is found."""
        asked = self._input.ask("Words: ") if command.text is None else command.text
        wanted = (asked or "").casefold().split()
        if not wanted:
            say("No words were given.")
            return
        items, count = self._session.items, len(self._session.items)
        order = ((self._session.place + step) % count for step in range(1, count + 1))
        found = next((place for place in order if _has(items[place], wanted)), None)
        if found is None:
            say("No item has these words.")
        else:
            self._reader.go_to(found)


def _has(item: Item, wanted: list[str]) -> bool:
    prompt = item.prompt
    text = "\n".join((item.name, item.task.title, prompt.title, prompt.text, prompt.input)).casefold()
    return all(word in text for word in wanted)
