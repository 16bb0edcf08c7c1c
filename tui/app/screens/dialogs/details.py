"""The whole prompt, what is correct, what earns each level, and what is known of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.app.screens.dialogs.scrolling import SCROLLING
from tui.app.view.event_text import event_line
from tui.app.view.expected import expected_shown
from tui.app.widgets.key_footer import KeyFooter
from tui.app.widgets.scrolling import scroll
from tui.app.widgets.stream_text import StreamText
from tui.app.written.markup import SectionStyles
from tui.text import safe, safe_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tui.catalogue.item import Item
    from tui.catalogue.rubric import Criterion
    from tui.grading.events import Event
    from tui.grading.sheet import Known, Slot


class DetailsScreen(ModalScreen[None]):
    CSS_PATH = "dialogs.tcss"
    BINDINGS = [Binding("escape,i,q", "dismiss", "Close"), *SCROLLING]

    def __init__(self, item: Item, slot: Slot, criterion: int = 0, events: Sequence[Event] = ()) -> None:
        """`criterion` is the place of the one that keys are about, `events` what the grader did with it."""
        super().__init__()
        self._criterion = criterion
        self._item = item
        self._slot = slot
        self._events = events

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -large"):
            title = f"{self._item.task.title} {self._item.prompt.number} · {self._item.prompt.title}"
            yield Static(safe_line(title), classes="dialog-title", markup=False)
            text, headings = joined(self._sections())
            sections = StreamText(styles=lambda: SectionStyles(headings))
            sections.show(text)
            sections.can_focus = True
            yield sections
            yield KeyFooter()

    def on_mount(self) -> None:
        self.query_one(StreamText).focus()

    def action_scroll(self, where: str) -> None:
        scroll(self.query_one(StreamText), where)

    def _sections(self) -> list[tuple[str, str]]:
        task, prompt = self._item
        criteria = self._item.standard.criteria
        several = len(criteria) > 1
        has_keys = self._item.standard == self._item.rubric
        sections = [
            ("Prompt", prompt.text),
            ("Input", prompt.input),
            ("A correct answer", expected_shown(self._item, self._criterion)),
            ("Guidelines", task.description),
            *(section for criterion in criteria for section in _asked(criterion, several, has_keys=has_keys)),
            (_heading(self._slot), "\n".join(_answer_facts(self._slot))),
            (
                "What you did with it",
                "\n".join(event_line(event, names_criterion=several) for event in self._events),
            ),
            ("The prompt as the model saw it", _rendered(self._slot.known)),
        ]
        return [(heading, text) for heading, text in sections if text]


def _asked(criterion: Criterion, several: bool, *, has_keys: bool) -> list[tuple[str, str]]:
    """Its question and what earns each level; of several, under its name."""
    levels = "\n".join(
        f"{f'{number % 10} ' if has_keys else ''}{level.label}: {level.anchor}"
        for number, level in enumerate(criterion.levels, 1)
    )
    if several:
        name = safe_line(criterion.name)
        return [(f"Criterion {name}", f"{criterion.question}\n{levels}".lstrip("\n"))]
    return [("Question", criterion.question), ("Levels", levels)]


def joined(sections: list[tuple[str, str]]) -> tuple[str, set[int]]:
    """The sections as one text, and the numbers of the lines that are our headings."""
    lines: list[str] = []
    headings = set()
    for heading, text in sections:
        headings.add(len(lines))
        lines += [heading, *safe(text).split("\n"), ""]
    return "\n".join(lines), headings


def _heading(slot: Slot) -> str:
    return f"This answer: {safe_line(slot.label)}" if slot.known else safe_line(slot.label)


def _answer_facts(slot: Slot) -> list[str]:
    known = slot.known
    lines = [f"sample {slot.sample} of {slot.samples}"] if slot.samples > 1 else []
    lines += slot.remarks
    lines += [f"flagged: {slot.flag}"] if slot.flag else []
    lines += [f"note: {slot.note}"] if slot.note else []
    if known is None:
        return lines
    lines += [f"file: {known.author.file}"] if known.author.file else []
    lines += [f"licence: {known.author.licence}"] if known.author.licence else []
    lines += ["names itself: it says which model or maker it is of"] if known.names_itself else []
    lines += [f"engine warning: {warning}" for warning in known.warnings]
    return lines + _response_facts(known)


def _response_facts(known: Known) -> list[str]:
    response = known.response
    if response is None:
        return []
    return [
        f"weights sha256: {_known(response.weights_sha256)}",
        f"sampling: {_known(response.sampling)}",
        f"seed: {_known(response.seed)}, sample: {response.sample}, threads: {_known(response.threads)}",
        f"finish reason: {response.finish_reason} {response.error}".rstrip(),
        f"prompt tokens: {_known(response.prompt_tokens)}, answer tokens: {_known(response.tokens)}",
    ]


def _rendered(known: Known | None) -> str:
    response = known.response if known else None
    return str(_known(response.rendered_prompt)) if response else ""


def _known(figure: object) -> object:
    return "not known" if figure is None else figure
