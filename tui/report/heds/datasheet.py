"""The datasheet of a report: every question with its answer, of the person or of the database, or open."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from tui.report.heds.criteria import criteria
from tui.report.heds.form import questions
from tui.report.heds.known import known
from tui.report.heds.known_of_criteria import known_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from tui.report.heds.form import Answer, Question
    from tui.report.material import Material


class Entry(NamedTuple):
    question: Question
    criterion: str
    """Empty but in the section on criteria."""
    answer: Answer | None
    """None is open."""
    by: Literal["database", "person", ""]


@dataclass(frozen=True)
class Datasheet:
    entries: tuple[Entry, ...]
    criteria: tuple[str, ...]
    unused: tuple[str, ...] = ()
    """Criteria that a person's file has and the report has not."""

    def of_section(self, section: str) -> list[Entry]:
        return [each for each in self.entries if each.question.section == section]

    def by(self, who: Literal["database", "person", ""]) -> int:
        return sum(each.by == who for each in self.entries)


def datasheet(of: Material) -> Datasheet:
    """What a person wrote comes before what the database says."""
    named = criteria(of)
    answers = {("", number): told for number, told in known(of)}
    for each in named if of.is_judged else ():
        answers |= {(each.name, number): told for number, told in known_of(each, of)}
    names = tuple(each.name for each in named)
    unused = tuple(each for each in of.by_hand.criteria if each not in names)
    return Datasheet(tuple(_entries(of, names, answers)), names, unused)


def _entries(of: Material, names: tuple[str, ...], answers: dict[tuple[str, str], str]) -> Iterator[Entry]:
    for question in questions().values():
        for criterion in names if question.is_of_criteria else ("",):
            written = of.by_hand.get(criterion, question.number)
            told = answers.get((criterion, question.number))
            if written:
                yield Entry(question, criterion, written, "person")
            elif told and told.strip():
                yield Entry(question, criterion, question.answer(told), "database")
            else:
                yield Entry(question, criterion, None, "")


def write_form(of: Material, stream: TextIO) -> None:
    json.dump(as_form(datasheet(of)), stream, ensure_ascii=False, indent=1)
    stream.write("\n")


MANY = "heds-criteria-criterion"
"""The form's element that has the names of criteria."""


def as_form(of: Datasheet) -> dict[str, dict[str, Any]]:
    """What the form's page reads back: for each element its data, by criterion."""
    elements: dict[str, dict[str, Any]] = {}
    for each in of.entries:
        if each.answer:
            _put(elements, each, each.answer)
    if of.criteria:
        shown = {_key(name): place == 0 for place, name in enumerate(of.criteria)}
        elements[MANY] = {"data": dict.fromkeys(shown, ""), "control": shown, "text": {}, "number": ""}
    return elements


def _put(elements: dict[str, dict[str, Any]], entry: Entry, answer: Answer) -> None:
    question, key = entry.question, _key(entry.criterion)
    if not question.options:
        text = " ".join(answer.text.split()) if question.kind == "line" else answer.text
        _element(elements, question.id, question.number)["data"][key] = text
        return
    chosen = {each.option.place for each in answer.picks}
    for option in question.choices:
        element = _element(elements, f"{question.id}-{option.place}", question.number)
        is_chosen = option.place in chosen
        element["data"][key] = is_chosen
        element.setdefault("text", {})[key] = option.value if is_chosen else ""
    if answer.details:
        _element(elements, f"{question.id}-other_text", None)["data"][key] = answer.details


def _element(elements: dict[str, dict[str, Any]], id_: str, number: str | None) -> dict[str, Any]:
    return elements.setdefault(id_, {"data": {}, "control": {}, "number": number})


_MARKUP = str.maketrans({"<": "‹", ">": "›", "&": "+"})


def _key(criterion: str) -> str:
    """The form's page takes names of criteria for HTML."""
    return criterion.translate(_MARKUP)
