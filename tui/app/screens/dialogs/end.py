"""The end of a session: what came of it, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.app.widgets.key_footer import KeyFooter
from tui.grading.ending import command

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.grading.ending import Ending
    from tui.grading.guessing import Guessed


class Ended(NamedTuple):
    """A session over stored answers, as far as it came; `options` are those that commands need, `as_grader`
    those of commands by which the same grader judges."""

    ending: Ending
    is_beside: bool
    """True if a report has graded answers that its grader has."""
    options: str = ""
    as_grader: str = ""
    blind: bool = False
    """True while the authors are hidden."""
    to_guess: int = 0
    """How many answers there are of which the grader can guess the author."""
    guessed: Guessed | None = None
    pairs: bool = False
    """True where pairs were judged."""


class EndScreen(ModalScreen[str]):
    """Gives the id of what to do now; empty to go back to the answers. Enter and the keys of levels do
    nothing: the last answer may have been graded in haste."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS = [
        Binding("escape", "choose('')", "Back"),
        Binding("g", "choose('guess')", "Guess"),
        Binding("B", "choose('reveal')", "Reveal"),
        Binding("t", "choose('results')", "Results"),
        Binding("a", "choose('agreement')", "Beside the report"),
        Binding("H", "choose('history')", "Look back"),
        Binding("q", "choose('quit')", "Quit"),
    ]

    def __init__(self, ended: Ended) -> None:
        super().__init__()
        self._ended = ended

    def compose(self) -> ComposeResult:
        ending = self._ended.ending
        what = "pairs" if self._ended.pairs else "answers"
        title = f"{ending.graded + ending.skipped:,} of {ending.total:,} {what} are judged."
        if ending.is_whole:
            title = "Every pair is judged." if self._ended.pairs else "Everything is graded."
        with Vertical(classes="dialog -wide"):
            yield Static(title, classes="dialog-title", markup=False)
            what = "judged" if self._ended.pairs else "graded"
            yield Static(counted(ending, what), classes="section", markup=False)
            if guessed := self._ended.guessed:
                yield Static(guessed.words, classes="section", markup=False)
            yield Static(self._next(), markup=False)
            yield KeyFooter()

    def action_choose(self, chosen: str) -> None:
        self.dismiss(chosen)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        possible = {
            "agreement": self._ended.is_beside,
            "guess": self._ended.to_guess > 0,
            "reveal": self._ended.blind,
            "results": not self._ended.blind,
        }
        return possible.get(str(parameters[0]), True) if parameters else True

    def _next(self) -> Content:
        ended, options, pairs = self._ended, self._ended.options, self._ended.pairs
        export, grade = ("export --what pairs", "grade --pairs") if pairs else ("export", "grade")
        answers = "1 answer" if ended.to_guess == 1 else f"{ended.to_guess} answers"
        keys = [
            ("g", f"guess who wrote {answers}: it tells whether the blinding held")
            if ended.to_guess
            else None,
            ("B", "shows which model wrote each answer, for good")
            if ended.blind
            else ("t", "what the grades say: which model is better, and how sure that is"),
            ("a", "yours beside the report's, answer by answer") if ended.is_beside else None,
            ("H", "looks back over what is judged"),
        ]
        commands = [
            (command(export, options), f"writes {'them' if pairs else 'the grades'} as a table"),
            None if ended.blind else (command("report", options), "writes all of it as one document"),
            (command("run", options), "has models write more answers"),
            (command(grade, ended.as_grader), "goes on with what is left"),
        ]
        rows = [*_columns(keys), *_columns(commands)]
        return Content("\n").join([Content.styled("Next", "bold"), *rows])


def _columns(rows: list[tuple[str, str] | None]) -> list[Content]:
    named = [each for each in rows if each]
    width = max(len(name) for name, _ in named)
    return [Content.assemble((f"  {name:<{width}}", "bold"), f"  {what}") for name, what in named]


def counted(ending: Ending, verb: str = "graded") -> str:
    """`28 graded · 2 skipped · 1 with a note`, pairs that say the same, practice and controls, and the time a
    decision took."""
    parts = [
        f"{ending.graded:,} {verb}",
        f"{ending.skipped:,} skipped",
        f"{ending.flagged:,} with a flag",
        f"{ending.noted:,} with a note",
    ]
    line = " · ".join(parts)
    if ending.same:
        were = "pair says the same and counts" if ending.same == 1 else "pairs say the same and count"
        line = f"{line}\n{ending.same:,} more {were} as equal: you were not asked"
    if ending.known.words:
        line = f"{line}\n{ending.known.words}"
    if ending.median_seconds is None:
        return line
    return f"{line}\n{ending.median_seconds:.1f} seconds for a decision: half took less, half more"
