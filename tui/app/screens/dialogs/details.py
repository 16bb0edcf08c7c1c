"""The whole prompt, what is correct, what earns each level, and what is known of the answer in the pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.app.view.expected import expected_shown
from tui.app.widgets.key_footer import KeyFooter
from tui.app.widgets.stream_text import StreamText
from tui.app.written.markup import SectionStyles
from tui.text import safe, safe_line

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.catalogue.item import Item
    from tui.grading.sheet import Known, Slot


class DetailsScreen(ModalScreen[None]):
    CSS_PATH = "dialogs.tcss"
    BINDINGS = [Binding("escape,i,q", "dismiss", "Close")]

    def __init__(self, item: Item, slot: Slot, criterion: int = 0) -> None:
        """`criterion` is the place of the one that keys are about."""
        super().__init__()
        self._criterion = criterion
        self._item = item
        self._slot = slot

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -large"):
            title = f"{self._item.task.title} {self._item.prompt.number} · {self._item.prompt.title}"
            yield Static(safe_line(title), classes="dialog-title", markup=False)
            text, headings = _joined(self._sections())
            sections = StreamText(styles=lambda: SectionStyles(headings))
            sections.show(text)
            sections.can_focus = True
            yield sections
            yield KeyFooter()

    def on_mount(self) -> None:
        self.query_one(StreamText).focus()

    def _sections(self) -> list[tuple[str, str]]:
        task, prompt = self._item
        criterion = self._item.rubric.criteria[self._criterion]
        levels = (f"{n % 10} {level.label}: {level.anchor}" for n, level in enumerate(criterion.levels, 1))
        sections = [
            ("Prompt", prompt.text),
            ("Input", prompt.input),
            ("A correct answer", expected_shown(self._item, self._criterion)),
            ("Guidelines", task.description),
            ("Question", criterion.question),
            ("Levels", "\n".join(levels)),
            (
                f"This answer: {safe_line(self._slot.label)}",
                _answer_facts(self._slot.known) if self._slot.known else "",
            ),
        ]
        return [(heading, text) for heading, text in sections if text]


def _joined(sections: list[tuple[str, str]]) -> tuple[str, set[int]]:
    """The sections as one text, and the numbers of the lines that are our headings."""
    lines: list[str] = []
    headings = set()
    for heading, text in sections:
        headings.add(len(lines))
        lines += [heading, *safe(text).split("\n"), ""]
    return "\n".join(lines), headings


def _answer_facts(known: Known) -> str:
    author = known.author
    lines = [f"file: {author.file}"] if author.file else []
    lines += [f"licence: {author.licence}"] if author.licence else []
    lines += [f"engine warning: {warning}" for warning in known.warnings]
    return "\n".join(lines + _response_facts(known))


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
        f"prompt as the model saw it:\n{_known(response.rendered_prompt)}",
    ]


def _known(figure: object) -> object:
    return "not known" if figure is None else figure
