"""Keys that judge: grade, skip, undo, note."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui.app.desk import next_ungraded
from tui.app.input_order import OrderedInput
from tui.app.key_names import ids_of, key_name, level_keys
from tui.app.screens.desk_screen import DeskScreen
from tui.app.screens.note import NoteScreen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from tui.generation.live_response import LiveResponse
    from tui.store.judgement_records import JudgementRecord
    from tui.store.records import ResponseRecord

NOT_SAVED = "Not saved: it is not in the database"
TOO_FAST = "Too fast for a person: of a burst of keys only the first decides."
TOO_NEW = "This answer has only just come into view: read it, then press the key again."


class GradingActions(DeskScreen):
    async def action_grade(self, index: int) -> None:
        rubric = self.rubric
        judged = self._judgeable(self.arrived)
        if judged is None or index >= len(rubric):
            return
        answer, response = judged
        with self.store_errors_said(NOT_SAVED):
            self.desk.session.grade(
                response,
                rubric[index],
                answer.item,
                place=self.current + 1,
                shown=self.pane.shown_at,
            )
            await self._go_on(answer)

    async def action_skip(self) -> None:
        """Go on; an answer that has a grade keeps it."""
        judged = self._judgeable(self.arrived)
        if judged is None:
            return
        answer, response = judged
        with self.store_errors_said(NOT_SAVED):
            if not answer.judged:
                self.desk.session.skip(
                    response, answer.item, place=self.current + 1, shown=self.pane.shown_at
                )
            await self._go_on(answer)

    async def action_undo(self) -> None:
        if not self._in_pace(self.arrived):
            return
        with self.store_errors_said(NOT_SAVED):
            undone = self.desk.session.undo()
            if undone is None:
                self.say("Nothing to undo since the program was started.")
                return
            await self._go_to(undone)
            self.say(f"Took back: {_words(undone)}")

    async def action_note(self) -> None:
        judged = self._judgeable(self.arrived)
        if judged is None:
            return
        answer, response = judged
        # Not in a worker, which would start later: the letters of the note would still be keys that grade.
        await self.app.push_screen(NoteScreen(answer.note), partial(self._save_note, answer, response))

    def _save_note(self, answer: LiveResponse, response: ResponseRecord, text: str | None) -> None:
        if text is None:
            return
        saved = False
        with self.store_errors_said(NOT_SAVED):
            self.desk.session.note(response, text, answer.item, place=self.current + 1)
            saved = True
            self._regrade(answer)
        if not saved:  # what was written stays on the screen
            self.app.push_screen(NoteScreen(text), partial(self._save_note, answer, response))

    async def take_unbound(self, event: events.Key) -> None:
        """The letters of the rubric; digits are bindings, and a binding of the person's comes first."""
        for index, keys in enumerate(level_keys(self.app, self.rubric)):
            if event.key in keys:
                await self.action_grade(index)
                return
        if self.answers:
            self._say_why_not(ids_of(self.app, event.key))

    def _say_why_not(self, ids: Sequence[str]) -> None:
        """Of a key that is bound to what cannot be done now."""
        if any(id_ in ("skip", "note") for id_ in ids):
            self._judgeable(self.arrived)
        elif any(id_.startswith("grade-") for id_ in ids):
            self.say(f"There are {len(self.rubric)} levels here.")

    def _in_pace(self, arrived: float) -> bool:
        """Whether a decision that arrived then is a person's; says so if it is not."""
        assert isinstance(self.app, OrderedInput)
        if self.pace.allows(arrived, self.app.late):
            return True
        if self.pace.is_news():
            self.refuse(TOO_FAST)
        return False

    def _judgeable(self, arrived: float) -> tuple[LiveResponse, ResponseRecord] | None:
        """The answer in the current pane if what arrived then can judge it; says why not."""
        if not self.answers or not self._in_pace(arrived):
            return None
        if self.in_list:
            back = key_name(self.app, "next-pane")
            self.say(f"Choose a prompt with Enter, or go back to the answers with {back}.")
            return None
        answer = self.answer
        if not answer.gradable or answer.response is None:
            self.say(_why_not(answer))
            return None
        if not self.pane.rows_in_view:
            self.refuse(self.out_of_view)
            return None
        if not self.readable_at(arrived):
            self.refuse(TOO_NEW)
            return None
        return answer, answer.response

    async def _go_on(self, answer: LiveResponse) -> None:
        """To the next answer without a grade: in this prompt, else in the next one."""
        with self.store_errors_said():  # the grade itself is saved
            self._regrade(answer)
            place = next_ungraded(self.answers, self.current)
            if place is not None:
                self.focus_pane(place)
            elif self.place + 1 < len(self.items):
                await self.show_prompt(self.place + 1)
            else:
                self.say("That was the last prompt.")

    def _regrade(self, answer: LiveResponse) -> None:
        self.desk.live.regrade(answer)
        self.draw_changes()

    async def _go_to(self, undone: JudgementRecord) -> None:
        answer = self.desk.live.find(undone.response_id)
        if answer is None:  # a further sample has taken its place
            self.draw_marks_at({self.place})
            return
        self._regrade(answer)
        here = answer.item.asked
        places = [item.asked for item in self.items]
        pane = self.desk.live.runnable_models.index(answer.runnable)
        if places[self.place] == here:
            self.focus_pane(pane)
        else:
            await self.show_prompt(places.index(here), pane)


def _why_not(answer: LiveResponse) -> str:
    if answer.busy:
        return "This answer is still being written: grade it when it is done, or stop it."
    if answer.phase == "failed":
        return "This answer failed: run it again before grading."
    if answer.phase == "unknown":
        return "The model's file is still being checked."
    return "There is no answer here yet: run the prompt first."


def _words(undone: JudgementRecord) -> str:
    if undone.kind == "skip":
        return "skipped"
    return undone.level or "the note"
