"""The history of a session as numbered lines, and the way to what was judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.cli.plain import words
from tui.cli.plain.reader import say
from tui.grading.history import Filter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.cli.plain.inputs import Input
    from tui.cli.plain.keys import Command
    from tui.cli.plain.reader import Reader
    from tui.grading.history import Entry

MOST_LISTED = 20
QUESTION = "Number to go to, or words to look for: "
FILTERS = {
    "flagged": Filter("flagged"),
    "skipped": Filter("skipped"),
    "noted": Filter("noted"),
    "open": Filter("open"),
}


class LookingBack:
    def __init__(self, reader: Reader, asked: Input) -> None:
        self._reader = reader
        self._input = asked
        self._listed: Sequence[Entry] = ()

    def look(self, command: Command) -> None:
        """List what was judged, or go to one of those that were listed; ask until one is chosen."""
        wanted = command.text or ""
        if not wanted.isdecimal():
            self._list(wanted)
            wanted = (self._input.ask(QUESTION) or "") if self._listed else ""
        if wanted.isdecimal():
            self._go_to(int(wanted))
        elif wanted:
            self.look(command._replace(text=wanted))

    def _list(self, wanted: str) -> None:
        filtered = FILTERS.get(wanted.casefold(), Filter(words=wanted))
        entries, is_last = self._reader.session.history(filtered)
        self._listed = entries[:MOST_LISTED]
        say(*(words.entry_line(number, each) for number, each in enumerate(self._listed, 1)))
        if not entries:
            say("The history has nothing of that." if wanted else "Nothing was judged yet.")
        elif len(entries) > MOST_LISTED or not is_last:
            say("There is more: look for words, or for flagged, skipped, noted, open.")

    def _go_to(self, number: int) -> None:
        if not self._listed:
            self._listed = self._reader.session.history().entries[:MOST_LISTED]
        if number in range(1, len(self._listed) + 1):
            self._reader.find(self._listed[number - 1].subject)
        else:
            say(f"The history has no number {number}.")
