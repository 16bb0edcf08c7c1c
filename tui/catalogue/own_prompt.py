"""A prompt that a person writes in the app, with levels of its own, which are written one a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tui.catalogue.rubric import LABEL_RULE, MOST_LEVELS, OVERALL, Criterion, Level, Rubric
from tui.catalogue.task import Prompt
from tui.errors import UsageError
from tui.toml.mistakes import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

USUAL_LEVELS = (
    Level(label="fail", value=0.0, anchor="wrong or useless"),
    Level(label="partial", value=0.5, anchor="partly right"),
    Level(label="pass", value=1.0, anchor="right and complete"),
)
_FEWEST_LEVELS = 2


class OwnPrompt(Prompt, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`own_id` stays through edits. Without levels it is graded by the usual ones."""

    own_id: str
    levels: tuple[Level, ...] = ()

    @property
    def rubric(self) -> Rubric:
        levels = self.levels or USUAL_LEVELS
        return Rubric(criteria=(Criterion(name=OVERALL, question="", levels=levels),))


def lines_of_levels(levels: Iterable[Level]) -> str:
    """`label: what earns it`, worst first."""
    return "\n".join(f"{level.label}: {level.anchor}" for level in levels)


def levels_of_lines(text: str) -> tuple[Level, ...]:
    """The levels of such lines, as far from one another as can be. Raises UsageError, in one line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not _FEWEST_LEVELS <= len(lines) <= MOST_LEVELS:
        bounds = f"{_FEWEST_LEVELS} to {MOST_LEVELS}"
        raise UsageError(f"{len(lines)} levels are written here; there can be {bounds}, one a line.")
    levels = tuple(_level(line, place / (len(lines) - 1)) for place, line in enumerate(lines))
    for label in _taken_twice(level.label for level in levels):
        raise UsageError(f"The level {shown(label)} is there twice.")
    return levels


def _level(line: str, value: float) -> Level:
    label, _, anchor = (part.strip() for part in line.partition(":"))
    if not anchor:
        raise UsageError(f"{shown(line)} does not say what earns it: write it as in pass: right and complete")
    try:
        return msgspec.convert({"label": label, "value": value, "anchor": anchor}, Level)
    except msgspec.ValidationError as error:
        raise UsageError(f"{shown(label)} cannot name a level: {LABEL_RULE}.") from error


def _taken_twice(labels: Iterable[str]) -> Iterator[str]:
    before = set[str]()
    for label in labels:
        if label in before:
            yield label
        before.add(label)
