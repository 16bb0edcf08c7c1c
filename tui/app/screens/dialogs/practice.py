"""What is said of practice: the offer, the lesson after each answer, the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.app.screens.dialogs.scrolling import SCROLLING
from tui.app.widgets.key_footer import KeyFooter
from tui.app.widgets.scrolling import scroll
from tui.grading.as_given import answers_words
from tui.grading.ending import command
from tui.text import safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tui.grading.as_given import AsGiven, Lesson

OFFER = (
    "You grade each as you will grade the rest, and then see what its task gives it, and why. None of it"
    " counts. You are asked this once; {command} does them at any time."
)
NEXT = "Your session begins now, and what you judge in it counts."


class PracticeDialog(ModalScreen[str]):
    """Gives the id of what to do now. Digits do nothing: they may be what is left of haste."""

    CSS_PATH = "dialogs.tcss"

    def __init__(self, title: str, paragraphs: Sequence[str]) -> None:
        super().__init__()
        self._title = title
        self._paragraphs = paragraphs

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(safe(self._title), classes="dialog-title", markup=False)
            with VerticalScroll():
                yield Static(safe("\n\n".join(filter(None, self._paragraphs))), markup=False)
            yield KeyFooter()

    def action_choose(self, chosen: str) -> None:
        self.dismiss(chosen)

    def action_scroll(self, where: str) -> None:
        scroll(self.query_one(VerticalScroll), where)


class OfferScreen(PracticeDialog):
    BINDINGS = [
        Binding("p", "choose('practise')", "Practise first"),
        Binding("enter,escape", "choose('begin')", "Begin without"),
        Binding("q", "app.quit", "Quit"),
    ]

    def __init__(self, count: int, as_grader: str = "") -> None:
        """`as_grader` are the options of a command by which the same grader judges."""
        later = OFFER.format(command=command("grade --practice", as_grader))
        super().__init__(f"{answers_words(count)} with these tasks.", [later])


class LessonScreen(PracticeDialog):
    """Low, so that the answer stays in sight."""

    BINDINGS = [Binding("enter,escape", "choose('')", "Go on"), *SCROLLING]

    def __init__(self, lesson: Lesson) -> None:
        first, *others = lesson.lines
        super().__init__(first, ["\n".join(others), lesson.reason])


class PracticeEndScreen(PracticeDialog):
    BINDINGS = [
        Binding("enter", "choose('begin')", "Begin the session"),
        Binding("escape", "choose('')", "Back to the answers"),
        Binding("q", "choose('quit')", "Quit"),
    ]

    def __init__(self, result: AsGiven) -> None:
        super().__init__(f"Practice: {result.words}.", [NEXT])
