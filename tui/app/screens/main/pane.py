"""A pane: one response to the item on the sheet."""

from __future__ import annotations

from functools import partial
from math import inf
from time import monotonic
from typing import TYPE_CHECKING

from textual.content import Content
from textual.errors import NoWidget
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Static

from tui.app.input_order import OrderedInput
from tui.app.screens.main.extent import Extent
from tui.app.screens.main.pane_header import Heading, PaneHeader
from tui.app.view.key_names import key_name
from tui.app.view.marks import grade_mark, grade_style, grade_word
from tui.app.view.response_text import blank_words, facts, grade_of, is_blank, states
from tui.app.widgets.answer_markdown import AnswerMarkdown
from tui.app.widgets.one_line import OneLine
from tui.app.widgets.stream_text import StreamText
from tui.app.written.differing import MarkedStyles
from tui.app.written.laid_out import fits_markdown
from tui.app.written.markup import MarkupStyles
from tui.grading.letters import letter
from tui.text import safe_line

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from tui.app.written.differing import Marks
    from tui.grading.attention import CameIntoView
    from tui.grading.sheet import Slot

BORDER = 2
FRAME = Size(BORDER + 3, BORDER + 2)
"""Cells of a pane that are no text: beside it padding and scrollbar, above and below header and facts."""
LEAST_LEGIBLE = 8
"""Columns of text; what is cut into less is not in view."""
CURRENT = "▶"
TOGETHER = "The answers are shown together when all are there."
"""Said by every pane of a blind sheet while one of its answers is being written."""
NOTHING_YET = "No answer yet. Press {run} to run this prompt."


class Pane(Widget, can_focus=True):
    """Header (letter, name, state, grade), the answer, and a line of facts. Fed by `show` and `draw`. What of
    the answer is below its bottom is told on its border.

    It knows what the person can have read: `readable_since` is when, by the clock of Textual's events, the
    finished answer came into view, infinity while it has not; `came_into_view` is when it first did.
    """

    ALLOW_MAXIMIZE = False  # the screen has a way of its own, which keeps the focus in view

    def __init__(self, position: int) -> None:
        super().__init__(id=f"pane-{position}")
        self.position = position
        self.slot: Slot | None = None
        """The slot as it was drawn last."""
        self.plain = True
        """True for the text as written; else it is laid out as Markdown, where that can be done."""
        self.readable_since = inf
        self.came_into_view: CameIntoView | None = None
        self._is_marked = False
        self._read = 0
        """The `reading` of the slot that was in view."""
        self._extent = Extent()
        self._header, self._facts = PaneHeader(), OneLine(classes="pane-facts")
        self._remarks = Static(classes="pane-remarks", markup=False)
        self._stream, self._markdown = StreamText(), AnswerMarkdown()

    def compose(self) -> ComposeResult:
        yield self._header
        yield self._remarks
        yield self._stream
        yield self._markdown
        yield self._facts

    def on_mount(self) -> None:
        for text in (self._stream, self._markdown):
            self.watch(text, "scroll_y", self._note_extent, init=False)
        self.call_after_refresh(self.refresh_answer)

    def set_current(self, is_current: bool) -> None:
        self.set_class(is_current, "-current")
        if self.slot is not None and self.is_mounted:
            self._draw_header(self.slot)

    def show(self, slot: Slot) -> None:
        """Put another slot into the pane, from its top; before it is mounted, that waits until it is."""
        self.slot = slot
        self._forget_reading()
        if not self.is_mounted:
            return
        self._stream.scroll_home(animate=False)
        self._markdown.scroll_home(animate=False)
        self.refresh_answer()

    def draw(self, slot: Slot) -> None:
        """Draw what changed about the slot. One that ends is shown from its top, unless the person is already
        at some place of it."""
        ended = self.slot is not None and self.slot.id == slot.id and self.slot.busy and not slot.busy
        self.slot = slot
        self.refresh_answer()
        if ended and self._stream.keeps_to_end:
            self._stream.scroll_home(animate=False, immediate=True, force=True)

    def refresh_answer(self) -> None:
        slot = self.slot
        if slot is None or not self.is_mounted:
            return
        self._draw_header(slot)
        self._draw_text(slot)
        self._remarks.update(Content(safe_line(" · ".join(slot.remarks))))
        self._remarks.display = bool(slot.remarks)
        self._facts.show(facts(slot, self._view_words(slot)))
        if slot.reading != self._read:
            self._forget_reading()
            self.call_after_refresh(self._note_reading)
        self.call_after_refresh(self._note_extent)

    def toggle_plain(self) -> None:
        self.plain = not self.plain
        self.refresh_answer()

    def mark(self, marks: Marks | None) -> None:
        """Mark characters of the answer as it is written; with None it is as before."""
        self._is_marked = marks is not None
        self._stream.restyle(MarkupStyles if marks is None else partial(MarkedStyles, marks))
        self.refresh_answer()

    @property
    def finished_text(self) -> str:
        """The answer as the pane shows it; empty where there is none to be read, or words before it."""
        slot = self.slot
        return slot.text if slot and slot.judgeable and not is_blank(slot) else ""

    def scroller(self) -> AnswerMarkdown | StreamText:
        return self._markdown if self.has_class("-markdown") else self._stream

    @property
    def rows_in_view(self) -> int:
        """Rows of the answer's text that are on the screen now; 0 too where they are too narrow to read."""
        # Of either: which of them is to be shown is decided before it is laid out.
        return max(_rows_in_view(text) for text in (self._stream, self._markdown))

    @property
    def shows_answer(self) -> bool:
        """True if rows of an answer are in view, rather than of words in its place."""
        slot = self.slot
        return slot is not None and bool(slot.reading or slot.text) and self.rows_in_view > 0

    @property
    def rows_unread(self) -> int:
        """Rows of the finished answer that were never in view."""
        self._note_extent()
        is_answer = self.slot is not None and not is_blank(self.slot)
        return self._extent.unread(self.scroller().row_count) if is_answer else 0

    def read_since(self, slot: Slot) -> float:
        """`readable_since`, if what was in view is this slot with the response that it has now."""
        drawn = self.slot is not None and slot.id == self.slot.id and slot.reading == self._read
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
        self._read, self.readable_since, self.came_into_view = 0, inf, None
        self._extent = Extent()

    def _note_reading(self) -> None:
        reading = self.slot.reading if self.slot else 0
        if not self.rows_in_view:
            self.readable_since = inf
        if not reading or not self.rows_in_view or self.readable_since < inf:
            return
        # The frame before now has shown it; by now a key may have answered it.
        assert isinstance(self.app, OrderedInput)
        self._read, self.readable_since = reading, self.app.drawn_at
        self._note_extent()
        self.came_into_view = self.came_into_view or self.app.attention.came_into_view()

    def _draw_header(self, slot: Slot) -> None:
        sign = CURRENT if self.has_class("-current") else " "
        given = grade_of(slot)
        style = grade_style(given) if given else ""
        self._header.show(
            Heading(
                letter=Content.styled(
                    f"{sign}{_letter(slot, self.position)}{_which(slot)}", "bold $foreground"
                ),
                name=Content.styled(safe_line(slot.label), "bold $foreground"),
                states=states(slot, monotonic()),
                grade=Content.styled(safe_line(grade_word(given)) if given else "", style),
                mark=Content.styled(f" {grade_mark(given)}" if given else "", style),
            )
        )

    def _draw_text(self, slot: Slot) -> None:
        """Draw the text as written at once; Markdown, if wanted, takes its place when it is laid out."""
        self._stream.show(self._plain_text(slot), follow=slot.busy)
        wanted = self._wants_markdown(slot)
        self.set_class(wanted and self._markdown.shows(slot.text), "-markdown")
        if wanted and self.region and (width := self._text_width):
            self._markdown.lay_out(slot.text, width)

    def _plain_text(self, slot: Slot) -> str:
        if slot.phase == "empty":
            return NOTHING_YET.format(run=key_name(self.app, "run"))
        if slot.phase == "failed":
            return f"{slot.error}\n\n{slot.text}".rstrip("\n")
        if is_blank(slot):
            return blank_words(slot)
        return TOGETHER if slot.busy and slot.known is None else slot.text

    def _wants_markdown(self, slot: Slot) -> bool:
        return (
            not self.plain
            and not self._is_marked
            and slot.phase in ("done", "stopped")
            and not is_blank(slot)
            and fits_markdown(slot.text)
        )

    @property
    def _text_width(self) -> int:
        """The width of the view that is shown; 0 before there is room for one."""
        return max(text.scrollable_content_region.width for text in (self._stream, self._markdown))

    def on_stream_text_grown(self, event: StreamText.Grown) -> None:
        event.stop()
        self._note_extent()

    def _note_extent(self) -> None:
        """Take down how far the answer is in view, and tell what is below."""
        text = self.scroller()
        if not self.rows_in_view:
            return
        rows, last = text.row_count, text.scroll_offset.y + text.visible_rows
        below = max(rows - last, 0)
        self.border_subtitle = f"↓ {below} line{'s' * (below > 1)}" if below else ""
        if self._read and text.is_whole:
            self._extent.note(last, rows)

    def on_answer_markdown_laid_out(self, event: AnswerMarkdown.LaidOut) -> None:
        event.stop()
        self.refresh_answer()

    def _view_words(self, slot: Slot) -> str:
        """The name of the view, unless it is the usual one."""
        if self.plain or slot.phase not in ("done", "stopped"):
            return ""
        if not fits_markdown(slot.text):
            return "as written: too large for Markdown"
        if self._markdown.failed_on(slot.text):
            return "as written: not all of it can be laid out here as Markdown"
        return "Markdown" if self._markdown.shows(slot.text) else ""


def _letter(slot: Slot, position: int) -> str:
    """A hidden author's label has it already."""
    return f"{letter(position - 1)} " if slot.known else ""


def _which(slot: Slot) -> str:
    return f"{slot.sample} of {slot.samples} " if slot.samples > 1 else ""


def _rows_in_view(text: AnswerMarkdown | StreamText) -> int:
    try:
        seen = text.screen.find_widget(text).visible_region
    except NoWidget:
        return 0
    is_legible = seen.width >= LEAST_LEGIBLE + FRAME.width - BORDER
    return min(seen.height, text.visible_rows) if is_legible else 0


def text_size(width: int, height: int) -> Size:
    """The size of the text in a pane of this size; false where there is no room for any."""
    columns = width - FRAME.width
    return Size(columns if columns >= LEAST_LEGIBLE else 0, max(height - FRAME.height, 0))
