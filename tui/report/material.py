"""All that a report is made of, read once: figures, items, models, and what was given."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from tui.analysis.choosing import chosen_rows, with_name
from tui.analysis.naming import named
from tui.analysis.results import Results, results
from tui.report.document import Link
from tui.report.heds.by_hand import ByHand
from tui.store.exchange.masking import HIDDEN, Mask
from tui.store.report_rows import Given, ReportRows
from tui.store.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.analysis.results import Filters
    from tui.catalogue.item import Item
    from tui.report.document import Cell
    from tui.store.connection import Row
    from tui.store.database import Store
    from tui.store.exchange.built_in import PrintedReport
    from tui.store.exchange.masking import BlindSession
    from tui.store.figure_rows import FigureRows, GraderRow
    from tui.store.report_rows import AskedItem

Answers = Literal["all", "judged", "none"]
"""Which answers are printed in full."""


class ReportItem(NamedTuple):
    asked: AskedItem
    item: Item
    anchor: str


@dataclass(frozen=True)
class Circumstances:
    """When and with what a report is written."""

    date: str
    app_version: str
    command: str
    """What writes the same report again."""


@dataclass(frozen=True)
class Material:
    results: Results
    rows: ReportRows
    labels: dict[tuple[str, str, str], str]
    """Of each model's name, hash of settings, and origin."""
    tasks: dict[str, list[ReportItem]]
    """Items with answers, by task."""
    given: dict[str, list[Given]]
    """Grades and skips in force, by the id of the answer."""
    compared: dict[str, list[Given]]
    """Judgements of pairs, by the id of the first answer."""
    blind: tuple[BlindSession, ...]
    """Sessions that are not revealed and ask any of these items."""
    answers: Answers
    circumstances: Circumstances
    by_hand: ByHand = field(default_factory=ByHand)
    """What a person answered of the datasheet."""

    @property
    def items(self) -> list[ReportItem]:
        return [each for items in self.tasks.values() for each in items]

    @property
    def is_judged(self) -> bool:
        return bool(self.given or self.compared)

    def all_given(self) -> Iterable[Given]:
        """What somebody judged: without pairs that say the same, of which nobody was asked."""
        for some in (self.given, self.compared):
            for each in some.values():
                yield from (given for given in each if given.was_asked)

    def label(self, answer: Row) -> str:
        """The name of an answer's model in figures."""
        key = answer["model"], answer["model_config_hash"], answer["origin"]
        return HIDDEN if answer["model_config_hash"] is None else self.labels.get(key, str(answer["model"]))

    def shows(self, response_id: str) -> bool:
        """True of an answer that is printed in full."""
        return self.answers == "all" or (self.answers == "judged" and response_id in self.given)

    def to_answer(self, text: str, response_id: str) -> Cell:
        return Link(text, answer_anchor(response_id)) if self.shows(response_id) else text

    def to_item(self, name: str, prompt_hash: str, task: str) -> Cell:
        found = (each.anchor for each in self.tasks.get(task, ()) if each.asked.prompt_hash == prompt_hash)
        return next((Link(name, anchor) for anchor in found), name)


def material(
    store: Store,
    filters: Filters,
    circumstances: Circumstances,
    *,
    seed: int,
    answers: Answers = "all",
    report: PrintedReport | None = None,
    found: FigureRows | None = None,
    by_hand: ByHand | None = None,
) -> Material:
    """UsageError for a name that nothing stored has, or for models where that would tell who wrote what.
    `found` are the rows that `chosen` gave."""
    selection = Selection(filters.tasks, filters.prompts, graders=filters.graders)
    mask = Mask(store)
    found = found or chosen(store, filters)
    models = named(found.models)
    of_models = [key[:3] for name in filters.models for key in with_name(name, models)]
    rows = ReportRows(store, mask, selection, of_models)
    return Material(
        results=results(found, filters, seed=seed, report=report),
        rows=rows,
        labels={each[:3]: each.label for each in models},
        tasks=_tasks(store, rows.items()),
        given=_by_answer(rows.given(), filters, found.graders),
        compared=_by_answer(rows.compared(), filters, found.graders),
        blind=mask.concerned(selection),
        answers=answers,
        circumstances=circumstances,
        by_hand=by_hand or ByHand(),
    )


def chosen(store: Store, filters: Filters) -> FigureRows:
    """The rows of its figures. UsageError as above."""
    Mask(store).refuse_models(Selection(filters.tasks, filters.prompts, filters.models))
    return chosen_rows(store, filters)


def answer_anchor(response_id: str) -> str:
    return f"answer-{re.sub('[^0-9A-Za-z-]', '', response_id)}"


def _tasks(store: Store, asked: Iterable[AskedItem]) -> dict[str, list[ReportItem]]:
    found: dict[str, list[ReportItem]] = {}
    for each in asked:
        item = store.items.asked(each.task, each.prompt_hash)
        if item is not None:
            of_task = found.setdefault(each.task, [])
            of_task.append(ReportItem(each, item, f"item-{len(found)}-{len(of_task) + 1}"))
    return found


def _by_answer(
    given: Iterable[Given], filters: Filters, graders: dict[str, GraderRow]
) -> dict[str, list[Given]]:
    """Each with the name that its grader has in figures."""
    found: dict[str, list[Given]] = defaultdict(list)
    for each in given:
        is_wanted = filters.criterion in (None, each.criterion) and (each.blind or not filters.blind_only)
        if is_wanted:
            name = graders[each.grader_id].name if each.grader_id in graders else each.grader
            found[each.response_id].append(each._replace(grader=name))
    return dict(found)
