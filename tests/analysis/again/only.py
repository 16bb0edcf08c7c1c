"""A part of what was judged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .rows import Answer, Judgement, Rows


@dataclass(frozen=True)
class Only:
    """What figures are of, where they are not of all; names of a task, a model, a grader and a criterion."""

    task: str = ""
    model: str = ""
    grader: str = ""
    criterion: str = ""
    blind: bool = False

    def of(self, rows: Rows) -> Rows:
        answers = [answer for answer in rows.answers if self._answer(answer)]
        there = {answer.id for answer in answers}
        return replace(
            rows,
            answers=answers,
            guesses=[guess for guess in rows.guesses if guess["response_id"] in there],
            grades=[each for each in rows.grades if self._judgement(each, rows.names)],
            pairs=[each for each in rows.pairs if self._judgement(each, rows.names)],
        )

    def _answer(self, answer: Answer) -> bool:
        return self.task in ("", answer.item[0]) and self.model in ("", answer.model[0])

    def _judgement(self, judgement: Judgement, names: dict[str, str]) -> bool:
        return (
            all(self._answer(answer) for answer in judgement.answers)
            and self.grader in ("", names[judgement.person])
            and self.criterion in ("", judgement.criterion)
            and (judgement.blind or not self.blind)
        )


ALL = Only()
