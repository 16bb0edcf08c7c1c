"""The file of what a person answers: TOML beside the database, written by `report --ask` or in an editor."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from tui.report.heds.form import UnfitAnswerError, questions
from tui.store.files import write_file_atomically
from tui.toml.mistakes import shown
from tui.toml.reading import is_there, mistake_in, read_table, typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from tui.report.heds.form import Answer, Question

_HEAD: Final = """\
# Answers for the human evaluation datasheet HEDS 3.0, which `llm-grader report` puts before what the database
# says. `llm-grader report --ask` asks for them and writes this file anew: comments of your own are not kept.
# Of a question with options write the label, and what describes it after a colon: "Other: by lot".
# Of several options write a list.
"""

Written = str | list[str]


class _File(Struct, forbid_unknown_fields=True, kw_only=True):
    answers: dict[str, Written] = field(default_factory=dict)
    criteria: dict[str, dict[str, Written]] = field(default_factory=dict)


class ByHand:
    """A person's answers by criterion, which is empty where it is about none, and by number."""

    def __init__(self, answers: Mapping[tuple[str, str], Answer] | None = None) -> None:
        self._answers = dict(answers or {})

    def get(self, criterion: str, number: str) -> Answer | None:
        return self._answers.get((criterion, number))

    def put(self, criterion: str, number: str, answer: Answer | None) -> None:
        """None takes an answer back."""
        if answer is None:
            self._answers.pop((criterion, number), None)
        else:
            self._answers[criterion, number] = answer

    @property
    def criteria(self) -> list[str]:
        return list(dict.fromkeys(criterion for criterion, _ in self._answers if criterion))


def beside(database: Path) -> Path:
    """`grades.heds.toml` beside `grades.db`."""
    return database.with_name(f"{database.stem}.heds.toml")


def read(path: Path) -> ByHand:
    """Nothing where there is no file. Raises ConfigError for a mistake in it."""
    if not is_there(path):
        return ByHand()
    file = typed(read_table(path), _File, path)
    tables = {"": file.answers} | file.criteria
    return ByHand(
        {
            (criterion, number): _answer(path, criterion, number, written)
            for criterion, table in tables.items()
            for number, written in table.items()
        }
    )


def write(path: Path, of: ByHand) -> None:
    write_file_atomically(path, lambda stream: stream.write("\n".join(_lines(of)) + "\n"), overwrite=True)


def _answer(path: Path, criterion: str, number: str, written: Written) -> Answer:
    where = f"criteria.{criterion}" if criterion else "answers"
    question = questions().get(number)
    if question is None:
        raise mistake_in(path, f"{where}: HEDS 3.0 has no question {shown(number)}")
    if question.is_of_criteria != bool(criterion):
        place = "[criteria.NAME]" if question.is_of_criteria else "[answers]"
        raise mistake_in(path, f"{where}: question {number} belongs under {place}")
    try:
        return question.answer(*([written] if isinstance(written, str) else written))
    except UnfitAnswerError as error:
        raise mistake_in(path, f"{where}, question {number}: {error}") from error


def _lines(of: ByHand) -> Iterator[str]:
    yield _HEAD
    yield "[answers]"
    yield from _table(of, "")
    for criterion in of.criteria:
        yield f"\n[criteria.{_quoted(criterion)}]"
        yield from _table(of, criterion)


def _table(of: ByHand, criterion: str) -> Iterator[str]:
    """Those without an answer stand there, too, as comments, where they are a person's to answer."""
    for question in questions().values():
        if question.is_of_criteria != bool(criterion):
            continue
        answer = of.get(criterion, question.number)
        if answer or not question.known:
            yield f"# {question.text}"
            yield f"{_quoted(question.number)} = {_value(question, answer)}" if answer else _open(question)


def _open(question: Question) -> str:
    return f"# {_quoted(question.number)} = {'[]' if question.kind == 'several' else _quoted('')}"


def _value(question: Question, answer: Answer) -> str:
    if question.kind == "several":
        return f"[{', '.join(map(_quoted, answer.written))}]"
    return _quoted(_first(answer.written))


def _first(written: Sequence[str]) -> str:
    return next(iter(written), "")


def _quoted(text: str) -> str:
    """A basic string of TOML, which is JSON's but for one character."""
    clean = text.encode("utf-8", "replace").decode()
    return json.dumps(clean, ensure_ascii=False).replace("\x7f", "\\u007F")
