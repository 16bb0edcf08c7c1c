"""Keys that judge: grade, skip, undo, note."""

from __future__ import annotations

from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from tui.app.desk import next_ungraded
from tui.app.screens.desk_screen import DeskScreen
from tui.app.screens.note import NoteScreen
from tui.errors import StoreError

if TYPE_CHECKING:
    from textual import events

    from tui.app.messages import LevelChosen
    from tui.evaluation.answer import Answer
    from tui.store.records import GradeRecord


class GradingActions(DeskScreen):
    async def action_grade(self, index: int) -> None:
        rubric = self.rubric
        answer = self._gradable()
        if answer is None or answer.response is None or index >= len(rubric):
            return
        try:
            self.desk.session.grade(
                answer.response, rubric[index], rubric, position=self.current + 1, shown_at=self.shown_at
            )
        except StoreError as error:
            self._not_saved(error)
            return
        await self._judged(answer)

    async def action_skip(self) -> None:
        answer = self._gradable()
        if answer is None or answer.response is None:
            return
        try:
            self.desk.session.skip(
                answer.response, self.rubric, position=self.current + 1, shown_at=self.shown_at
            )
        except StoreError as error:
            self._not_saved(error)
            return
        await self._judged(answer)

    async def action_undo(self) -> None:
        try:
            undone = self.desk.session.undo()
        except StoreError as error:
            self._not_saved(error)
            return
        if undone is None:
            self.say("Nothing to undo since the program was started.")
            return
        await self._go_to(undone)
        self.say(f"Took back: {_words(undone)}")

    def action_note(self) -> None:
        answer = self._gradable()
        if answer is None:
            return
        # Not in a worker, which would start later: the letters of the note would still be keys that grade.
        note = answer.grade.note if answer.grade else ""
        self.app.push_screen(NoteScreen(note), partial(self._save_note, answer))

    def _save_note(self, answer: Answer, text: str | None) -> None:
        if text is None or answer.response is None:
            return
        try:
            self.desk.session.note(answer.response, text, self.rubric, position=self.current + 1)
        except StoreError as error:
            self._not_saved(error)
            return
        self._regrade(answer)

    async def on_level_chosen(self, message: LevelChosen) -> None:
        await self.action_grade(message.index)

    def on_key(self, event: events.Key) -> None:
        """The letters of the rubric; digits are bindings."""
        if event.character is None or not self.answers:
            return
        letters = [level.letter for level in self.rubric]
        if event.character in letters:
            event.stop()
            # By way of the app, as the bindings go: the key before this one may be about to open a dialog.
            self.app.call_later(self._grade_by_letter, letters.index(event.character))

    async def _grade_by_letter(self, index: int) -> None:
        if self.is_active:
            await self.action_grade(index)

    def _gradable(self) -> Answer | None:
        """The answer in the current pane if it can be judged now; says why not."""
        if not self.answers:
            return None
        if monotonic() < self.settled_at:
            self.app.bell()
            return None
        if self.answer.gradable:
            return self.answer
        self.say(_why_not(self.answer))
        return None

    async def _judged(self, answer: Answer) -> None:
        """On to the next answer without a grade: in this prompt, else in the next one."""
        self._regrade(answer)
        place = next_ungraded(self.answers, self.current)
        if place is not None:
            self.focus_pane(place)
        elif self.place + 1 < len(self.prompts):
            await self.show_prompt(self.place + 1)
        else:
            self.say("That was the last prompt.")

    def _regrade(self, answer: Answer) -> None:
        self.desk.workbench.regrade(answer)
        self.draw_changes()

    async def _go_to(self, undone: GradeRecord) -> None:
        answer = self.desk.workbench.find(undone.response_id)
        if answer is None:  # a further sample has taken its place
            self.draw_marks()
            return
        self._regrade(answer)
        place = next(index for index, (_, prompt) in enumerate(self.prompts) if prompt == answer.prompt)
        pane = self.desk.workbench.subjects.index(answer.subject)
        if place == self.place:
            self.focus_pane(pane)
        else:
            await self.show_prompt(place, pane)

    def _not_saved(self, error: StoreError) -> None:
        self.say(f"Not saved. {error}", title="The grade is not in the database", severity="error")


def _why_not(answer: Answer) -> str:
    if answer.busy:
        return "This answer is still being written: grade it when it is done, or stop it."
    if answer.phase == "failed":
        return "This answer failed: run it again before grading."
    return "There is no answer here yet: run the prompt first."


def _words(grade: GradeRecord) -> str:
    if grade.kind == "skip":
        return "skipped"
    return grade.label or "a note"
