"""The history of a session of pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.grading.history import Entry, History, has
from tui.grading.judged import Judged
from tui.store.judgement_records import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.grading.pair_answers import PairAnswers
    from tui.grading.pair_judge import PairJudge
    from tui.store.database import Store
    from tui.store.history import Found


class PairHistory(History):
    """An entry is about both answers of a pair."""

    pairs = True

    def __init__(self, store: Store, judge: PairJudge, answers: PairAnswers) -> None:
        self._judge: PairJudge
        self._answers: PairAnswers
        super().__init__(store, judge, answers)

    def levels(self) -> list[str]:
        """None: which of two is better is no level."""
        return []

    def _entries(self, found: list[Found]) -> Iterator[Entry]:
        subjects = [subject_of(each.response_id, each.other_response_id) for each in found]
        stands = self._judge.judged_of(subjects)
        for subject, each in zip(subjects, found, strict=True):
            place = self._answers.place_of_pair(subject)
            yield Entry(
                each.response_id,
                f"{each.task}/{each.number}",
                each.title,
                "" if place is None else self._models(place),
                1,
                (each.seq, each.id),
                each.decided_at,
                stands.get(subject, Judged()),
                each.other_response_id,
            )

    def _open_at(self, place: int, words: list[str]) -> Iterator[Entry]:
        sheet, item = self._answers.sheets[place], self._answers.items[place]
        found = self._answers.overview.of_place(place)
        models = self._models(place)
        if (found and found.judged) or not has(words, item, models):
            return
        judged = self._judge.judged(sheet.subject)
        response_id, other_response_id = sheet.pair.ids
        yield Entry(
            response_id,
            item.name,
            item.prompt.title,
            models,
            1,
            (place, response_id),
            "",
            judged,
            other_response_id,
        )

    def _models(self, place: int) -> str:
        """From left to right; nothing while they are hidden."""
        if self._judge.blind:
            return ""
        return " · ".join(map(self.title, self._answers.keys(place)))
