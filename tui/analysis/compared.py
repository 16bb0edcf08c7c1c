"""Judged pairs, as columns: the data of shares of wins and of the ranking."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from tui.analysis.judged import OURS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tui.analysis.naming import Key, ModelId
    from tui.store.figure_rows import AnswerRow, FigureRows, PreferenceRow
    from tui.store.judgement_records import GraderKind

    Codes = NDArray[np.intp]
    Truths = NDArray[np.bool_]
    Numbers = NDArray[np.float64]
    Texts = NDArray[np.str_]

_WON: Final = {"response": 1.0, "other": 0.0, "equal": 0.5, "both bad": 0.5, None: np.nan}


@dataclass(frozen=True, eq=False)
class Compared:
    """Preferences and skips between two models, a row each. The first model of a row is the one that comes
    first among all."""

    models: tuple[ModelId, ...]
    item: Codes
    """Numbered in the order of (task, prompt hash)."""
    first: Codes
    second: Codes
    won: Numbers
    """What the first has of it: 1, 0.5 or 0; NaN of a skip."""
    left: Numbers
    """1 where the answer on the left was better, -1 where that on the right; else NaN."""
    both_bad: Truths
    unasked: Truths
    """True where both answers are the same, so that nobody was asked."""
    grader: Codes
    """Among those of the rows."""
    kind: Texts
    """Of the grader."""
    criterion: Texts
    occasion: Texts
    blind: Truths

    def __len__(self) -> int:
        return len(self.item)

    def where(self, chosen: Truths) -> Compared:
        """The rows for which it is true."""
        return replace(self, **{name: getattr(self, name)[chosen] for name in _COLUMNS})

    def of_kind(self, kind: GraderKind) -> Compared:
        return self.where(self.kind == kind)

    def of_criterion(self, name: str) -> Compared:
        return self.where(self.criterion == name)

    def on(self, occasion: str) -> Compared:
        return self.where(self.occasion == occasion)

    @property
    def is_skip(self) -> Truths:
        return np.isnan(self.won)


_COLUMNS = (
    "item", "first", "second", "won", "left", "both_bad", "unasked", "grader", "kind", "criterion",
    "occasion", "blind",
)  # fmt: skip


def compared(rows: FigureRows, models: Sequence[ModelId]) -> Compared:
    """Without pairs of which an answer failed, was stopped, answers another question, or is not among the
    rows; and without those of one model with itself."""
    place = {each[:3]: at for at, each in enumerate(models)}
    answers = {
        each.id: each for each in rows.answers if each.finish_reason not in OURS and not each.asked_otherwise
    }
    found = []
    for row in rows.preferences:
        one, other = answers.get(row.response_id), answers.get(row.other_response_id)
        if one and other and row.person_id in rows.graders and _model(one) != _model(other):
            found.append((row, one, place[_model(one)], place[_model(other)]))
    asked = [(each.task, each.prompt_hash) for _, each, _, _ in found]
    items = {key: at for at, key in enumerate(sorted(set(asked)))}
    given = [row for row, _, _, _ in found]
    graders = {id_: at for at, id_ in enumerate(rows.graders)}
    ones, others = (np.array([each[at] for each in found], dtype=np.intp) for at in (2, 3))
    won = np.array([_WON[each.side] for each in given], dtype=np.float64)
    return Compared(
        models=tuple(models),
        item=np.array([items[key] for key in asked], dtype=np.intp),
        first=np.minimum(ones, others),
        second=np.maximum(ones, others),
        won=np.where(ones < others, won, 1 - won),
        left=np.array([_left(each) for each in given], dtype=np.float64),
        both_bad=np.array([each.side == "both bad" for each in given], dtype=bool),
        unasked=np.array([_is_unasked(each) for each in given], dtype=bool),
        grader=np.array([graders[each.person_id] for each in given], dtype=np.intp),
        kind=np.array([rows.graders[each.person_id].kind for each in given], dtype=np.str_),
        criterion=np.array([each.criterion for each in given], dtype=np.str_),
        occasion=np.array([each.occasion for each in given], dtype=np.str_),
        blind=np.array([each.blind for each in given], dtype=bool),
    )


def _model(answer: AnswerRow) -> Key:
    return answer.model, answer.config_hash, answer.origin


def _left(row: PreferenceRow) -> float:
    if row.place is None or row.side not in ("response", "other"):
        return np.nan
    return 1.0 if (row.side == "response") == (row.place == 1) else -1.0


def _is_unasked(row: PreferenceRow) -> bool:
    return bool(row.identical) and row.side == "equal" and row.place is None
