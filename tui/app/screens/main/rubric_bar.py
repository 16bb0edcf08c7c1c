"""The rubric with its keys: the criterion that a key is about, and its levels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Static

from tui.app.view.key_names import key_name, level_keys
from tui.app.view.marks import grade_mark, level_mark, level_style
from tui.app.widgets.one_line import OneLine
from tui.catalogue.rubric import MOST_LEVELS
from tui.grading.compared import Choice
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tui.catalogue.rubric import Level, Rubric
    from tui.grading.judged import Given

IN_A_ROW = 3
"""Levels that have room side by side with what earns them; in a list, up to `IN_A_LIST`."""
IN_A_LIST = 5


class LevelKey(Static):
    """One level of the rubric: its key, its name, what earns it. A click gives the grade."""

    def __init__(self, index: int) -> None:
        super().__init__(markup=False, classes="level")
        self.index = index
        self.keys: Sequence[str] = ()
        self.display = False

    def show(self, level: Level, keys: Sequence[str]) -> None:
        self.keys = keys
        self.click_action = f"grade({self.index})"
        self.update(
            Content.assemble(
                (f" {keys[0]} ", "reverse bold") if keys else "",
                (f" {level.label} {level_mark(level)} ", f"bold {level_style(level)}"),
                safe_line(level.anchor),
            )
        )
        how = f"Press {' or '.join(keys)}" if keys else "Click"
        self.tooltip = Content(f"{how}: {safe_line(level.anchor)}")


class RubricBar(Vertical):
    """The levels of the criterion that keys are about, worst first, each with the key that gives it; of
    several criteria also what was given by each."""

    def compose(self) -> ComposeResult:
        yield OneLine(id="criteria")
        yield Static(id="question", markup=False)
        with Container(id="levels"):
            for index in range(MOST_LEVELS):
                yield LevelKey(index)

    def on_mount(self) -> None:
        self.query_one("#criteria").display = self.query_one("#question").display = False

    def show(self, rubric: Rubric, criterion: int = 0, givens: Sequence[Given | None] = ()) -> None:
        levels = rubric.criteria[criterion].levels
        self.set_class(len(levels) > IN_A_ROW, "-many")
        self.set_class(len(levels) > IN_A_LIST, "-most")
        self.set_class(isinstance(levels[0], Choice), "-sides")
        keys = level_keys(self.app, levels)
        for widget in self.query(LevelKey):
            widget.display = widget.index < len(levels)
            if widget.display:
                widget.show(levels[widget.index], keys[widget.index])
        self._show_criteria(rubric, criterion, givens)

    def _show_criteria(self, rubric: Rubric, current: int, givens: Sequence[Given | None]) -> None:
        line = self.query_one("#criteria", OneLine)
        question = self.query_one("#question", Static)
        line.display = question.display = len(rubric.criteria) > 1
        if not line.display:
            return
        question.update(Content(safe_line(rubric.criteria[current].question)).stylize("italic"))
        parts = []
        for place, criterion in enumerate(rubric.criteria):
            given = givens[place] if place < len(givens) else None
            mark = f" {given.level or 'skipped'} {grade_mark(given)}" if given else ""
            name = f" {safe_line(criterion.name)}{mark} "
            parts += [(f"▶{name}", "reverse bold") if place == current else (f" {name}", "")]
        keys = f"{key_name(self.app, 'previous-criterion')} {key_name(self.app, 'next-criterion')} "
        line.show(Content.assemble(keys, *parts))
