"""One answer with all that it was given."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.app.screens.dialogs.details import joined
from tui.app.screens.dialogs.scrolling import SCROLLING
from tui.app.widgets.key_footer import KeyFooter
from tui.app.widgets.scrolling import scroll
from tui.app.widgets.stream_text import StreamText
from tui.app.written.markup import SectionStyles
from tui.store.given import given_to
from tui.text import safe_line
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from textual.app import ComposeResult

    from tui.store.database import Store
    from tui.store.given import GivenBy
    from tui.store.records import ResponseRecord

OCCASIONS = {
    "first": "",
    "repeat": "once more",
    "after_check": "after a check",
    "after_others": "after others'",
    "after_reveal": "after the reveal",
    "adjudication": "to settle it",
}
GONE = "This answer is not in the database any more, or a blind session asks its prompt."


class Answer(NamedTuple):
    """A response, the prompt that it answers, and what it was given."""

    response: ResponseRecord
    prompt: str
    given: tuple[GivenBy, ...]

    @property
    def seen(self) -> list[GivenBy]:
        """By the criteria by which the reader has judged it."""
        mine = {each.criterion for each in self.given if each.mine}
        return [each for each in self.given if each.criterion in mine]


def answers_of(store: Store, response_ids: Iterable[str], grader_id: str) -> Iterator[Answer]:
    """Each once, where it is there and no blind session asks it. Raises StoreError."""
    for id_ in dict.fromkeys(response_ids):
        response, given = store.responses.get(id_), given_to(store, id_, grader_id)
        if response is not None and given:
            item = store.items.asked(response.task, response.prompt_hash)
            prompt = "\n".join(filter(None, (item.prompt.text, item.prompt.input))) if item else ""
            yield Answer(response, prompt, tuple(given))


class AnswerScreen(ModalScreen[str | None]):
    """Gives the id of the response to judge."""

    CSS_PATH = "../dialogs/dialogs.tcss"
    BINDINGS = [
        Binding("enter,r", "judge", "Judge it", priority=True),
        Binding("tab", "step(1)", "Next answer"),
        Binding("shift+tab", "step(-1)", "Answer before", show=False),
        *SCROLLING,
        Binding("escape,q", "dismiss", "Close"),
    ]

    def __init__(self, title: str, answers: Sequence[Answer]) -> None:
        super().__init__()
        self._title = title
        self._answers = answers
        self._place = 0

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -large"):
            yield Static(safe_line(self._title), classes="dialog-title", markup=False)
            yield KeyFooter()

    async def on_mount(self) -> None:
        await self._show()

    async def action_step(self, step: int) -> None:
        self._place = (self._place + step) % len(self._answers)
        await self._show()

    def action_judge(self) -> None:
        self.dismiss(self._answers[self._place].response.id)

    def action_scroll(self, where: str) -> None:
        scroll(self.query_one(StreamText), where)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return len(self._answers) > 1 if action == "step" else True

    async def _show(self) -> None:
        """Another text has other headings, and so is another widget."""
        text, headings = joined(list(_sections(self._answers[self._place], self._place, len(self._answers))))
        await self.query(StreamText).remove()
        shown = StreamText(styles=lambda: SectionStyles(headings))
        shown.can_focus = True
        await self.query_one(Vertical).mount(shown, before=self.query_one(KeyFooter))
        shown.show(text)
        shown.focus()


def _sections(answer: Answer, place: int, of: int) -> Iterator[tuple[str, str]]:
    which = f" {place + 1} of {of}" if of > 1 else ""
    yield f"Judgements of answer{which}", "\n".join(_judgements(answer))
    ended = "" if answer.response.finish_reason == "stop" else f" ({answer.response.finish_reason})"
    yield f"Answer{which}{ended}", answer.response.text
    yield "Prompt", answer.prompt


def _judgements(answer: Answer) -> Iterator[str]:
    several = len({each.criterion for each in answer.given}) > 1
    seen = answer.seen
    yield from (_line(each, names_criterion=several) for each in seen)
    if hidden := len(answer.given) - len(seen):
        yield f"{counted(hidden, 'judgement')} of others: shown once you have judged it by that criterion."


def _line(given: GivenBy, *, names_criterion: bool) -> str:
    """When, who, what, and how."""
    at = f"{datetime.fromisoformat(given.decided_at).astimezone():%Y-%m-%d %H:%M}"
    who = f"{safe_line(given.grader)}{' (you)' if given.mine else ''}"
    of = f"{safe_line(given.criterion)}: " if names_criterion else ""
    level = "skipped" if given.level is None else safe_line(given.level)
    how = ["blind" if given.blind else "names in view", OCCASIONS[given.occasion]]
    note = f"\n  note: {safe_line(given.note)}" if given.note else ""
    return f"{at}  {who}: {of}{level} ({', '.join(filter(None, how))}){note}"
