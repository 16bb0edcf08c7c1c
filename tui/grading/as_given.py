"""A grader's grades beside what known answers are given, and beside their own of before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tui.grading.judged import Judged
    from tui.store.database import Store
    from tui.store.known_answers import Given, Graded


class AsGiven(NamedTuple):
    """How many of so many grades are as given."""

    same: int = 0
    total: int = 0

    @classmethod
    def of(cls, graded: Iterable[Graded]) -> AsGiven:
        same = [each.same for each in graded]
        return cls(sum(same), len(same))

    @property
    def words(self) -> str:
        return f"{self.same} of {self.total} as given"


class OfKnown(NamedTuple):
    """What stands beside a session: the practice of its tasks, its controls, and what was judged again."""

    practice: AsGiven = AsGiven()
    controls: AsGiven = AsGiven()
    again: AsGiven = AsGiven()
    """Grades of the grader's own, beside those that the same answers had from them before."""

    @property
    def words(self) -> str:
        """`Practice: 4 of 5 as given. Controls: 2 of 3 as given. Judged again: 9 of 10 as before.`; empty
        where there is none of it."""
        named = (("Practice", self.practice), ("Controls", self.controls))
        parts = [f"{name}: {of.words}." for name, of in named if of.total]
        if self.again.total:
            parts.append(f"Judged again: {self.again.same} of {self.again.total} as before.")
        return " ".join(parts)


def of_known(store: Store, grader_id: str, session_id: str, tasks: Iterable[str]) -> OfKnown:
    """Of this grader, session and tasks. Raises StoreError."""
    known, names = store.known_answers, set(tasks)
    return OfKnown(
        AsGiven.of(each for each in known.graded(grader_id, "practice") if each.task in names),
        AsGiven.of(each for each in known.graded(grader_id, "control") if each.session_id == session_id),
        AsGiven(*store.outcomes.as_before(session_id)),
    )


class Compared(NamedTuple):
    """What a known answer is given by a criterion, and what its grader gave; empty for a skip."""

    criterion: str
    given: str
    mine: str

    @property
    def words(self) -> str:
        if self.mine == self.given:
            return f"as given: {self.given}"
        mine = f"you gave {self.mine}" if self.mine else "you skipped it"
        return f"not as given: {mine}, it is given {self.given}"


class Lesson(NamedTuple):
    """What a practice answer is given, and why, for the grader who has just judged it."""

    compared: tuple[Compared, ...]
    reason: str

    @property
    def lines(self) -> tuple[str, ...]:
        """By each criterion, with its name where there are several."""
        if len(self.compared) == 1:
            return (_sentence(self.compared[0].words),)
        return tuple(f"{each.criterion}: {each.words}." for each in self.compared)


def lesson(given: Sequence[Given], judged: Judged) -> Lesson:
    """Of an answer that is given this."""
    mine: Mapping[str, str] = {name: of.level or "" for name, of in judged.given.items()}
    compared = tuple(Compared(each.criterion, each.level, mine.get(each.criterion, "")) for each in given)
    return Lesson(compared, given[0].reason if given else "")


def answers_words(count: int) -> str:
    """`5 practice answers come`."""
    return "1 practice answer comes" if count == 1 else f"{count:,} practice answers come"


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."
