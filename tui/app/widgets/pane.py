"""One model's answer to the prompt on the desk."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.app.marks import facts_words, grade_style, grade_words, state_words
from tui.app.widgets.answer_markdown import AnswerMarkdown, fits_markdown
from tui.app.widgets.stream_text import StreamText
from tui.text import safe_line

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.evaluation.answer import Answer

NOTHING_YET = "No answer yet. Press r to run this prompt."


class Pane(Widget, can_focus=True):
    """Header (name, state, grade), the answer, and a line of facts. Fed by `show` and `refresh_answer`."""

    def __init__(self, position: int) -> None:
        super().__init__(id=f"pane-{position}")
        self.position = position
        self.answer: Answer | None = None
        self.plain = False
        self._shown_markdown: str | None = None

    def compose(self) -> ComposeResult:
        with Horizontal(classes="pane-header"):
            yield Static(classes="pane-name", markup=False)
            yield Static(classes="pane-state", markup=False)
        yield StreamText()
        with VerticalScroll(classes="pane-markdown", can_focus=False):
            yield AnswerMarkdown()
        yield Static(classes="pane-facts", markup=False)

    def show(self, answer: Answer) -> None:
        """Put another answer into the pane, from its top."""
        self.answer = answer
        self._shown_markdown = None
        self.query_one(StreamText).scroll_home(animate=False)
        self.query_one(".pane-markdown").scroll_home(animate=False)
        self.refresh_answer()

    def refresh_answer(self) -> None:
        """Draw what changed about the answer."""
        answer = self.answer
        if answer is None or not self.is_mounted:
            return
        self._draw_header(answer)
        self._draw_text(answer)
        self.query_one(".pane-facts", Static).update(_facts(answer))
        self.set_class(answer.busy, "-busy")
        self.set_class(answer.phase == "failed", "-failed")
        self.set_class(answer.judged, "-graded")

    def toggle_plain(self) -> None:
        self.plain = not self.plain
        self.refresh_answer()

    def scroller(self) -> Widget:
        return self.query_one(".pane-markdown") if self.has_class("-markdown") else self.query_one(StreamText)

    def _draw_header(self, answer: Answer) -> None:
        name = safe_line(answer.subject.model.title)
        self.query_one(".pane-name", Static).update(Content(f"{self.position} {name}"))
        state = state_words(answer, monotonic())
        if answer.grade is None or answer.phase not in ("done", "stopped"):
            self.query_one(".pane-state", Static).update(Content(state))
            return
        note = " · note" if answer.grade.note else ""
        grade = Content.styled(grade_words(answer.grade), grade_style(answer.grade.value))
        separator = " · " if grade.plain else ""
        self.query_one(".pane-state", Static).update(Content.assemble(state, separator, grade, note))

    def _draw_text(self, answer: Answer) -> None:
        markdown = answer.phase in ("done", "stopped") and not self.plain and fits_markdown(answer.text)
        self.set_class(markdown, "-markdown")
        if not markdown:
            self.query_one(StreamText).show(_plain_text(answer), follow=answer.busy)
        elif self._shown_markdown != answer.text:
            self._shown_markdown = answer.text
            self.query_one(AnswerMarkdown).show(answer.text)


def _plain_text(answer: Answer) -> str:
    if answer.phase == "empty":
        return NOTHING_YET
    if answer.phase == "failed":
        return f"{answer.error}\n\n{answer.text}".rstrip("\n")
    return answer.text


def _facts(answer: Answer) -> Content:
    note = safe_line(answer.grade.note) if answer.grade else ""
    warning = safe_line(answer.warnings[0]) if answer.warnings else ""
    parts = [f"warning: {warning}" if warning else "", f"note: {note}" if note else "", facts_words(answer)]
    return Content(" · ".join(part for part in parts if part))
