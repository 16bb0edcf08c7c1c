"""A grader's habits: associations between how an answer was shown and what it was given."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct

from tui.analysis.associations import HABITS, HabitName, associations, left_of_pairs, medians
from tui.analysis.intervals import SEED, bootstrapped, wilson
from tui.analysis.same_text import SameText, same_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from tui.analysis.compared import Compared
    from tui.analysis.judged import Judged
    from tui.store.figure_rows import FigureRows

    Numbers = NDArray[np.float64]

BY_CHANCE: Final = "Associations, not verdicts: of twenty intervals one or so shows something by chance."


class Habit(Struct, frozen=True, kw_only=True):
    """A difference from -1 to 1, with its interval over items; 0 is none."""

    name: HabitName
    estimate: float
    low: float
    high: float
    items: int

    @property
    def shows(self) -> bool:
        return self.low > 0 or self.high < 0


class Guesses(Struct, frozen=True, kw_only=True):
    """Guesses of who wrote an answer, in blind sessions."""

    right: int
    asked: int
    by_chance: float
    """How many of them are right on average where one guesses by lot."""
    low: float
    high: float
    """Wilson's interval of the share of right ones."""


class Controls(Struct, frozen=True, kw_only=True):
    """Known answers among a session's."""

    right: int
    judged: int


class GraderHabits(Struct, frozen=True, kw_only=True):
    """One grader by one criterion."""

    grader: str
    criterion: str
    judgements: int
    """The data, pairs not among them."""
    median_seconds: float | None
    """Of the data."""
    habits: tuple[Habit, ...]
    """Without those that no item tells of."""
    same_text: tuple[SameText, ...]
    guesses: Guesses | None
    """In all of the grader's sessions, whatever the criterion."""
    controls: Controls | None


Tables = dict[tuple[str, HabitName], "Numbers"]
"""Graders by items, by criterion and habit."""


def habits(of: Judged, pairs: Compared, rows: FigureRows, *, seed: int = SEED) -> Iterator[GraderHabits]:
    """Of graders of one kind by what they gave first, each criterion of each."""
    parts = {name: of.of_criterion(name) for name in of.criteria}
    data = {name: part.data for name, part in parts.items() if len(part)}
    tables: Tables = {
        (name, habit): table for name in data for habit, table in associations(data[name]).items()
    }
    for name in np.unique(pairs.criterion).tolist():
        tables[name, "left of a pair"] = left_of_pairs(pairs.of_criterion(name), len(of.graders))
    found = _intervals(tables, seed)
    texts = {name: same_texts(parts[name]) for name in data}
    seconds = {name: medians(data[name]) for name in data}
    guesses, controls = _guesses(rows), _controls(rows)
    for grader, name in sorted(_there(data, pairs)):
        person = of.graders[grader]
        median = float(seconds[name][grader]) if name in data else np.nan
        yield GraderHabits(
            grader=person.name,
            criterion=name,
            judgements=int((data[name].grader == grader).sum()) if name in data else 0,
            median_seconds=None if np.isnan(median) else median,
            habits=tuple(found[grader, name]),
            same_text=tuple(texts.get(name, {}).get(grader, ())),
            guesses=guesses.get(person.id),
            controls=controls.get((person.id, name)),
        )


def _there(data: Mapping[str, Judged], pairs: Compared) -> set[tuple[int, str]]:
    """Graders, each with the criteria by which they judged."""
    of_pairs = set(zip(pairs.grader.tolist(), pairs.criterion.tolist(), strict=True))
    return of_pairs | {(grader, name) for name in data for grader in np.unique(data[name].grader).tolist()}


def _intervals(tables: Tables, seed: int) -> dict[tuple[int, str], list[Habit]]:
    """By grader and criterion. Habits of as many items are drawn together."""
    of_length: dict[int, list[tuple[int, str, HabitName, Numbers]]] = defaultdict(list)
    for (name, habit), table in tables.items():
        for grader, row in enumerate(table):
            values = row[~np.isnan(row)]
            of_length[len(values)].append((grader, name, habit, values))
    of_length.pop(0, None)
    found: dict[tuple[int, str], list[Habit]] = defaultdict(list)
    for items, columns in sorted(of_length.items()):
        intervals = bootstrapped(np.stack([each[3] for each in columns], axis=1), (-1, 1), seed=seed)
        for (grader, name, habit, values), (low, high) in zip(columns, intervals, strict=True):
            estimate = float(values.mean())
            found[grader, name].append(Habit(name=habit, estimate=estimate, low=low, high=high, items=items))
    for each in found.values():
        each.sort(key=lambda habit: HABITS.index(habit.name))
    return found


def _guesses(rows: FigureRows) -> dict[str, Guesses]:
    """By the id of the grader."""
    models = {each.id: each.model for each in rows.answers}
    found = defaultdict(list)
    for each in rows.guesses:
        found[each.person_id].append((each.model == models[each.response_id], 1 / each.choices))
    guesses = {}
    for person, given in found.items():
        right = sum(is_right for is_right, _ in given)
        low, high = wilson(right, len(given))
        by_chance = sum(sorted(chance for _, chance in given))
        guesses[person] = Guesses(right=right, asked=len(given), by_chance=by_chance, low=low, high=high)
    return guesses


def _controls(rows: FigureRows) -> dict[tuple[str, str], Controls]:
    """By the id of the grader and the criterion."""
    found = defaultdict(list)
    for each in rows.controls:
        found[each.person_id, each.criterion].append(each.is_right)
    return {key: Controls(right=sum(given), judged=len(given)) for key, given in found.items()}
