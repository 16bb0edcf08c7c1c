"""What a session tells of all that was judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.grading.as_given import AsGiven, of_known
from tui.grading.history import Filter, History
from tui.store.known_answers import is_known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.catalogue.item import Item
    from tui.grading.agreement import Beside
    from tui.grading.answers import Answers
    from tui.grading.as_given import OfKnown
    from tui.grading.ending import Ending
    from tui.grading.history import Entry, Page
    from tui.grading.judge import Judge
    from tui.grading.overview import Progress
    from tui.store.database import Store


class LookingBack:
    """The part of a session that only reads. Raises StoreError."""

    def __init__(self, answers: Answers, store: Store, judge: Judge) -> None:
        self._answers = answers
        self._store = store
        self._judge = judge
        self._history = History(store, judge, answers)

    @property
    def items(self) -> Sequence[Item]:
        return self._answers.items

    @property
    def grader_id(self) -> str:
        """That of its grader; empty of one who has judged nothing yet."""
        return self._judge.id

    @property
    def most_slots(self) -> int:
        """The most that a sheet has."""
        return self._answers.most_slots

    def progress(self) -> Progress | None:
        return self._answers.progress()

    def history(self, wanted: Filter = Filter(), after: Entry | None = None) -> Page:  # noqa: B008
        """What this grader judged: in any session where grading goes as one likes, else in this one."""
        return self._history.page(wanted, after)

    def levels_given(self) -> list[str]:
        """The labels by which the history can be filtered."""
        return self._history.levels()

    def ending(self) -> Ending | None:
        """What came of it so far; None where grading goes as one likes, which has no end."""
        ending = self._judge.ending(self.progress())
        if ending is None:
            return None
        total = ending.total - self._controls() - self._repeats()
        return ending._replace(total=total, known=self._of_known(ending))

    def agreement(self) -> list[Beside]:
        """The grader's own grades, in whatever session, beside those of reports."""
        return self._judge.beside_reports()

    def _controls(self) -> int:
        """How many stand among the answers, one on a sheet."""
        places = range(len(self._answers.items))
        return sum(is_known(key.origin) for place in places for key in self._answers.keys(place))

    def _repeats(self) -> int:
        """How many answers are shown once more to whoever has judged them in this session."""
        answers = self._answers
        again = [place for place in range(len(answers.items)) if answers.repeats(place)]
        if len(again) == len(answers.items):
            return 0
        found = (answers.overview.of_place(place) for place in again)
        return sum(each.counted for each in found if each)

    def _of_known(self, ending: Ending) -> OfKnown:
        """Of controls and of what came again once all is judged: before, it would tell of those that were."""
        tasks = {item.task.name for item in self._answers.items}
        found = of_known(self._store, self._judge.id, self._judge.only_session, tasks)
        return found if ending.is_whole else found._replace(controls=AsGiven(), again=AsGiven())
