"""One model's answer to the prompt on the desk."""

from __future__ import annotations

from math import inf
from time import monotonic
from typing import TYPE_CHECKING

from textual.content import Content
from textual.errors import NoWidget
from textual.geometry import Size
from textual.widget import Widget

from tui.app.input_order import OrderedInput
from tui.app.key_names import key_name
from tui.app.marks import facts_words, grade_style, grade_words, state_words
from tui.app.widgets.answer_markdown import AnswerMarkdown
from tui.app.widgets.one_line import OneLine
from tui.app.widgets.pane_header import PaneHeader
from tui.app.widgets.stream_text import StreamText
from tui.app.written.laid_out import fits_markdown
from tui.grading.session import Shown
from tui.text import safe_line

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from tui.generation.live_response import LiveResponse
    from tui.store.records import ResponseRecord

BORDER = 2
FRAME = Size(BORDER + 3, BORDER + 2)
"""Cells of a pane that are no text: beside it padding and scrollbar, above and below header and facts."""
LEAST_LEGIBLE = 8
"""Columns of text; what is cut into less is not in view."""
NOTHING_YET = "No answer yet. Press {run} to run this prompt."


class Pane(Widget, can_focus=True):
    """Header (name, state, grade), the answer, and a line of facts. Fed by `show` and `refresh_answer`.

    It knows what the person can have read: `readable_since` is when, by the clock of Textual's events, the
    finished answer came into view, infinity while it has not; `shown_at` is when that was for the first time.
    """

    ALLOW_MAXIMIZE = False  # the screen has a way of its own, which keeps the focus in view

    def __init__(self, position: int) -> None:
        super().__init__(id=f"pane-{position}")
        self.position = position
        self.answer: LiveResponse | None = None
        self.plain = True
        """As written; else laid out as Markdown, where that can be done."""
        self.readable_since = inf
        self.shown_at: Shown | None = None
        self._read: ResponseRecord | None = None
        self._header, self._facts = PaneHeader(), OneLine(classes="pane-facts")
        self._stream, self._markdown = StreamText(), AnswerMarkdown()

    def compose(self) -> ComposeResult:
        yield self._header
        yield self._stream
        yield self._markdown
        yield self._facts

    def on_mount(self) -> None:
        self.call_after_refresh(self.refresh_answer)

    def show(self, answer: LiveResponse) -> None:
        """Put another answer into the pane, from its top; before it is mounted, that waits until it is."""
        self.answer = answer
        self._forget_reading()
        if not self.is_mounted:
            return
        self._stream.scroll_home(animate=False)
        self._markdown.scroll_home(animate=False)
        self.refresh_answer()

    def refresh_answer(self) -> None:
        """Draw what changed about the answer."""
        answer = self.answer
        if answer is None or not self.is_mounted:
            return
        self._draw_header(answer)
        self._draw_text(answer)
        self._facts.show(_facts(answer, self._view_words(answer)))
        if answer.response is not self._read:
            self._forget_reading()
            self.call_after_refresh(self._note_reading)

    def toggle_plain(self) -> None:
        self.plain = not self.plain
        self.refresh_answer()

    def scroller(self) -> AnswerMarkdown | StreamText:
        return self._markdown if self.has_class("-markdown") else self._stream

    @property
    def rows_in_view(self) -> int:
        """Rows of the answer's text that are on the screen now; 0 too where they are too narrow to read."""
        # Of either: which of them is to be shown is decided before it is laid out.
        return max(_rows_in_view(text) for text in (self._stream, self._markdown))

    def read_since(self, answer: LiveResponse) -> float:
        """`readable_since`, if what this pane has drawn is this answer with the response it has now."""
        drawn = answer is self.answer and answer.response is self._read
        return self.readable_since if drawn else inf

    def on_show(self, event: events.Show) -> None:
        self.refresh_answer()
        self._note_reading()

    def on_resize(self, event: events.Resize) -> None:
        if not self.plain:  # what could not be laid out in the width before may be now
            self.call_after_refresh(self.refresh_answer)
        self.call_after_refresh(self._note_reading)

    def on_hide(self, event: events.Hide) -> None:
        self.readable_since = inf

    def _forget_reading(self) -> None:
        self._read, self.readable_since, self.shown_at = None, inf, None

    def _note_reading(self) -> None:
        response = self.answer.response if self.answer else None
        if not self.rows_in_view:
            self.readable_since = inf
        if response is None or not self.rows_in_view or self.readable_since < inf:
            return
        # The frame before now has shown it; by now a key may have answered it.
        assert isinstance(self.app, OrderedInput)
        self._read, self.readable_since = response, self.app.drawn_at
        self.shown_at = self.shown_at or Shown.now()

    def _draw_header(self, answer: LiveResponse) -> None:
        name = safe_line(answer.runnable.model.title)
        title = Content.styled(f"{self.position} {name}", "bold $foreground")
        self._header.show(title, _state(answer))

    def _draw_text(self, answer: LiveResponse) -> None:
        """As written at once; Markdown, if it is wanted, takes its place when it is laid out."""
        self._stream.show(self._plain_text(answer), follow=answer.busy)
        wanted = self._wants_markdown(answer)
        self.set_class(wanted and self._markdown.shows(answer.text), "-markdown")
        if wanted and self.region and (width := self._text_width):
            self._markdown.lay_out(answer.text, width)

    def _plain_text(self, answer: LiveResponse) -> str:
        if answer.phase == "empty":
            return NOTHING_YET.format(run=key_name(self.app, "run"))
        if answer.phase == "failed":
            return f"{answer.error}\n\n{answer.text}".rstrip("\n")
        return answer.text

    def _wants_markdown(self, answer: LiveResponse) -> bool:
        return not self.plain and answer.phase in ("done", "stopped") and fits_markdown(answer.text)

    @property
    def _text_width(self) -> int:
        """Of the view that is shown, the other has none; 0 before there is room for one."""
        return max(text.scrollable_content_region.width for text in (self._stream, self._markdown))

    def on_answer_markdown_laid_out(self, event: AnswerMarkdown.LaidOut) -> None:
        event.stop()
        self.refresh_answer()

    def _view_words(self, answer: LiveResponse) -> str:
        """Which view it is, unless it is the usual one."""
        if self.plain or answer.phase not in ("done", "stopped"):
            return ""
        if not fits_markdown(answer.text):
            return "as written: too large for Markdown"
        if self._markdown.failed_on(answer.text):
            return "as written: not all of it can be laid out here as Markdown"
        return "Markdown" if self._markdown.shows(answer.text) else ""


def _rows_in_view(text: AnswerMarkdown | StreamText) -> int:
    try:
        seen = text.screen.find_widget(text).visible_region
    except NoWidget:
        return 0
    is_legible = seen.width >= LEAST_LEGIBLE + FRAME.width - BORDER
    return min(seen.height, text.visible_rows) if is_legible else 0


def text_size(width: int, height: int) -> Size:
    """Of the text in a pane of this size; no room for any is false."""
    columns = width - FRAME.width
    return Size(columns if columns >= LEAST_LEGIBLE else 0, max(height - FRAME.height, 0))


def _state(answer: LiveResponse) -> Content:
    """In a word, with the grade once there is one."""
    style = "bold $text-error" if answer.phase == "failed" else "$text-primary" if answer.busy else ""
    words = Content.styled(state_words(answer, monotonic()), style)
    if answer.phase not in ("done", "stopped"):
        return words
    if answer.grade is not None:
        grade = Content.styled(grade_words(answer.grade), grade_style(answer.grade.value))
        words = Content.assemble(words, (" · ", style), grade)
    return Content.assemble(words, (" · note" if answer.note else "", style))


def _facts(answer: LiveResponse, view: str) -> Content:
    note = safe_line(answer.note)
    warning = safe_line(answer.warnings[0]) if answer.warnings else ""
    parts = [
        view,
        safe_line(answer.notice),
        f"warning: {warning}" if warning else "",
        f"note: {note}" if note else "",
        facts_words(answer),
    ]
    return Content(" · ".join(part for part in parts if part))
