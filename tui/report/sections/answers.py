"""The items of each task, with every answer and every judgement."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from tui.report import phrases
from tui.report.document import Note, Paragraph, Section, Table, Title, Verbatim
from tui.report.material import answer_anchor
from tui.report.sections.asked import guidelines, rubric, share_guidelines, share_rubric
from tui.store.exchange.masking import HIDDEN
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tui.report.document import Block
    from tui.report.material import Material, ReportItem
    from tui.store.connection import Row
    from tui.store.report_rows import Given

_PLACES = {"response": "the first", "other": "the second"}


def answers(of: Material) -> Iterator[Section]:
    tasks = tuple(
        Section(f"task-{place}", items[-1].item.task.title, parts=tuple(_items(of, items)))
        for place, items in enumerate(of.tasks.values(), 1)
    )
    yield Section("answers", "Answers and judgements", _summary(of), tasks)


def _items(of: Material, of_task: list[ReportItem]) -> Iterator[Section]:
    own_guidelines, own_rubric = not share_guidelines(of_task), not share_rubric(of_task)
    for each in of_task:
        rules = chain(guidelines(each) if own_guidelines else (), rubric(each) if own_rubric else ())
        yield Section(each.anchor, _title(each), _item(of, each, rules))


def _title(of: ReportItem) -> str:
    name = f"{of.asked.task}/{of.asked.number}"
    return f"{name}: {of.item.prompt.title}" if of.item.prompt.title else name


def _summary(of: Material) -> Iterator[Block]:
    which = {
        "all": "Every answer of every model is printed, with every judgement that counts",
        "judged": "Every answer that was judged is printed, with every judgement that counts",
        "none": "Answers are left out here",
    }[of.answers]
    yield Paragraph(
        f"{which}. A character that would steer the page, or that cannot be seen, is printed as �."
    )


def _item(of: Material, item: ReportItem, rules: Iterable[Block]) -> Iterator[Block]:
    """`rules` are its own, where they do not stand with the task."""
    prompt = item.item.prompt
    yield Title("Prompt")
    yield Verbatim(prompt.text)
    if prompt.input:
        yield Title("Input")
        yield Verbatim(prompt.input)
    if prompt.expected:
        yield Title("A correct answer")
        yield Verbatim(prompt.expected)
    yield from rules
    if of.answers != "none":
        yield from _answers(of, item)


def _answers(of: Material, item: ReportItem) -> Iterator[Block]:
    names: dict[str, str] = {}
    rows = list(of.rows.answers(item.asked))
    several = any((row["sample"] or 1) > 1 for row in rows)
    if all(row["model_config_hash"] is not None for row in rows):
        rows.sort(key=lambda row: (of.label(row), row["sample"], row["id"]))
    for place, row in enumerate(rows, 1):
        id_ = str(row["id"])
        names[id_] = _name(of, row, place, several=several)
        if of.shows(id_):
            yield Title(names[id_], answer_anchor(id_))
            yield from _answer(row)
            yield from _judged(of.given.get(id_, []))
    yield from _pairs([each for id_ in names for each in of.compared.get(id_, [])], names)


def _name(of: Material, row: Row, place: int, *, several: bool) -> str:
    label = of.label(row)
    if label == HIDDEN:
        return f"Answer {place}, its model hidden"
    return f"{label}, sample {row['sample']}" if several else label


def _answer(row: Row) -> Iterator[Block]:
    if row["text"].strip():
        yield Verbatim(row["text"])
    else:
        yield Note("It is empty.")
    if told := phrases.ENDED.get(row["finish_reason"] or "", ""):
        yield Note(told)
    if row["error"]:
        yield Note(f"Error: {row['error']}")
    if row["asked_otherwise"]:
        yield Note(f"Asked otherwise, and so in no figure of the item: {row['asked_otherwise']}")
    if row["lost_in_print"]:
        yield Note(f"Lost in print: {row['lost_in_print']}")


def _judged(given: Sequence[Given]) -> Iterator[Block]:
    if not given:
        yield Note("Not judged.")
        return
    rows = tuple(
        (each.grader, each.criterion, each.level or "skipped", _how(each), each.note) for each in given
    )
    yield _without_empty(Table("", ("Grader", "Criterion", "Level", "How", "Note"), rows))


def _how(of: Given) -> str:
    told = (phrases.OCCASIONS.get(of.occasion, of.occasion), "" if of.blind else "names known")
    return ", ".join(filter(None, told))


def _pairs(compared: Sequence[Given], names: dict[str, str]) -> Iterator[Block]:
    if not compared:
        return
    yield Title(f"Pairs ({counted(len(compared), 'judgement')})")
    rows = tuple(
        (
            each.grader,
            names.get(each.response_id, "?"),
            names.get(each.other_response_id, "?"),
            each.criterion,
            _PLACES.get(each.level, each.level) or "skipped",
            _how(each),
            each.note,
        )
        for each in compared
    )
    columns = ("Grader", "First", "Second", "Criterion", "Better", "How", "Note")
    yield _without_empty(Table("", columns, rows))


def _without_empty(table: Table) -> Table:
    """Without columns that say nothing, or that there is one criterion."""
    kept = [
        place
        for place, name in enumerate(table.columns)
        if any(row[place] for row in table.rows)
        and not (name == "Criterion" and len({row[place] for row in table.rows}) == 1)
    ]
    rows = (tuple(row[place] for place in kept) for row in table.rows)
    return table._replace(columns=tuple(table.columns[place] for place in kept), rows=tuple(rows))
