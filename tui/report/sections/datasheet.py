"""The human evaluation datasheet, as a section: what is answered, by whom, and what is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.report import phrases
from tui.report.document import Facts, Note, Paragraph, Section, Title
from tui.report.heds.datasheet import datasheet
from tui.report.heds.form import OF_CRITERIA, SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.report.document import Block
    from tui.report.heds.datasheet import Datasheet, Entry
    from tui.report.material import Material

OPEN = "open"


def heds(of: Material) -> Iterator[Section]:
    yield Section("datasheet", "Datasheet (HEDS 3.0)", _blocks(datasheet(of)))


def _blocks(of: Datasheet) -> Iterator[Block]:
    yield Paragraph(
        "The human evaluation datasheet of Belz and Thomson (GEM 2025), with its questions in short."
        f" {of.by('database')} answers are from the database, {of.by('person')} were given by a person;"
        f" {of.by('')} are {OPEN}."
    )
    if of.unused:
        named = phrases.listed(f"“{each}”" for each in of.unused)
        yield Note(f"Answers about {named} are left out: no criterion here has that name.")
    for number, title in SECTIONS.items():
        if number == OF_CRITERIA:
            yield from _criteria(of, title)
        else:
            yield Title(f"{number}. {title}")
            yield _facts(of.of_section(number))


def _criteria(of: Datasheet, title: str) -> Iterator[Block]:
    for name in of.criteria:
        yield Title(f"{OF_CRITERIA}. {title}: “{name}”")
        yield _facts([each for each in of.of_section(OF_CRITERIA) if each.criterion == name])


def _facts(entries: list[Entry]) -> Facts:
    return Facts(tuple((f"{each.question.number} {each.question.text}", _told(each)) for each in entries))


def _told(of: Entry) -> str:
    if of.answer is None:
        return OPEN
    if of.answer.picks:
        return "; ".join(of.answer.written)
    return " / ".join(line for line in of.answer.text.splitlines() if line.strip())
