"""Asking a person what only they know of the datasheet: question by question, kept after each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from tui.cli.streams import take_any_input
from tui.report.heds import by_hand
from tui.report.heds.form import UnfitAnswerError, questions
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tui.report.heds.by_hand import ByHand
    from tui.report.heds.form import Answer, Question

LEFT_OPEN: Final = ("1", "5")
"""Sections that are not asked about: references, names, and ethics. The file takes their answers, too."""
TAKE_BACK: Final = "-"
_MOST_SHOWN: Final = 30
_HOW: Final = (
    f"Enter leaves an answer as it is, {TAKE_BACK} takes it back. Ctrl-D ends: what is answered is kept."
)


def ask_all(file: Path, criteria: Iterable[str]) -> None:
    """Ends with the last question, or with the input."""
    answers = by_hand.read(file)
    wanted = list(_wanted(criteria))
    take_any_input()
    _say(_HOW)
    for place, (criterion, question) in enumerate(wanted, 1):
        _show(f"{place} of {len(wanted)}", criterion, question, answers)
        try:
            _ask(criterion, question, answers)
        except click.Abort as error:
            if not isinstance(error.__context__, EOFError):
                raise
            _say("")
            break
        finally:
            by_hand.write(file, answers)
    _say(f"kept in {file}")


def _wanted(criteria: Iterable[str]) -> Iterator[tuple[str, Question]]:
    """Those about criteria for each of them in turn."""
    asked = [each for each in questions().values() if not each.known and each.section not in LEFT_OPEN]
    yield from (("", each) for each in asked if not each.is_of_criteria)
    for criterion in criteria:
        yield from ((criterion, each) for each in asked if each.is_of_criteria)


def _show(place: str, criterion: str, question: Question, answers: ByHand) -> None:
    about = f" (criterion “{criterion}”)" if criterion else ""
    _say("")
    _say(f"{place} · {question.number}{about} · {question.text}")
    options = list(question.choices)
    for each in options if len(options) <= _MOST_SHOWN else ():
        more = ": …" if each.number in question.details else ""
        _say(f"{each.number} {each.label}{more}", indent=4 - len(each.number))
    if hint := _hint(question, len(options)):
        _say(hint, indent=2)
    if now := answers.get(criterion, question.number):
        _say(f"now: {'; '.join(now.written)}", indent=2)


def _hint(question: Question, options: int) -> str:
    if not options:
        return ""
    what = "Their English names" if options > _MOST_SHOWN else "Numbers"
    several = f"{what}, with ; between several. " if question.kind == "several" else ""
    return f"{several}What describes one after a colon." if question.details else several.strip()


def _ask(criterion: str, question: Question, answers: ByHand) -> None:
    """Until it is an answer to the question."""
    while True:
        reply = click.prompt("", prompt_suffix="> ", default="", show_default=False, err=True).strip()
        if not reply:
            return
        try:
            answer = None if reply == TAKE_BACK else _answer(question, reply)
        except UnfitAnswerError as error:
            _say(f"That is no answer here: {error}.", indent=2)
        else:
            answers.put(criterion, question.number, answer)
            return


def _answer(question: Question, reply: str) -> Answer:
    return question.answer(*(reply.split(";") if question.kind == "several" else [reply]))


def _say(line: str, indent: int = 0) -> None:
    click.echo(" " * indent + safe_line(line), err=True)
