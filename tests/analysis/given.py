"""Rows of what was judged, complete but for what a test is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui.store.figure_rows import AnswerRow, FigureRows, GradeRow, GraderRow, ItemRow, LevelValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LEVELS = ("fail", "partial", "pass")


def answer(id_: str, item: int = 0, **changes: Any) -> AnswerRow:
    made = AnswerRow(
        id=id_, task="qa", prompt_hash=f"{item:03}", item_hash=f"item {item:03}", model="m", config_hash="c",
        origin="sha256:1", sample=1, finish_reason="stop", blank=False, length=9, text_sha256=id_,
        asked_otherwise=False,
    )  # fmt: skip
    return made._replace(**changes)


def grade(of: AnswerRow, grader: str, level: str | int | None, **changes: Any) -> GradeRow:
    """A level by its label or its place."""
    label = LEVELS[level] if isinstance(level, int) else level
    made = GradeRow(
        response_id=of.id, person_id=grader, session_id=f"of {grader}", item_hash=of.item_hash,
        criterion="overall", occasion="first", level=label, blind=True, place=None, seconds=None,
        names_itself=None, rows_unread=None, seq=1,
    )  # fmt: skip
    return made._replace(**changes)


def rows(
    answers: Sequence[AnswerRow], grades: Iterable[GradeRow], *, reports: Sequence[str] = (), **changes: Any
) -> FigureRows:
    """All graders are people but for the reports."""
    given = list(grades)
    asked = {each.item_hash: each for each in answers}
    made = FigureRows(
        answers=list(answers),
        grades=given,
        preferences=[],
        items={
            hash_: ItemRow(hash_, each.task, each.task, int(each.prompt_hash), "t", each.prompt_hash, "r")
            for hash_, each in asked.items()
        },
        graders={
            name: GraderRow(name, name, "report" if name in reports else "person")
            for name in sorted({each.person_id for each in given})
        },
        scales={
            ("r", name): tuple(LevelValue(label, place / 2) for place, label in enumerate(LEVELS))
            for name in ("overall", "style")
        },
        guesses=[],
        looks=[],
        hidden=(),
    )
    return made._replace(**changes)
