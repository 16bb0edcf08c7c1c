"""The graders of a made database, and what they do."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from tui.store.ids import id_of

from .databases import AT

if TYPE_CHECKING:
    from .asking import Answered, Asking
    from .databases import Plan
    from .shapes import Shape

Event = dict[str, Any]
MODES = {"open": "free", "blind": "grade", "unrevealed": "grade", "pairs": "pairs", "practice": "practice"}
SELECTIONS = {"unrevealed": '{"tasks": ["summary"]}', "blind": '{"models": ["a", "b"]}'}
LATE = ("after_check", "after_others", "after_reveal", "adjudication")
PLANNED = 40


class Grader(NamedTuple):
    id: str
    kind: str
    sessions: dict[str, str]
    """The id of each sort."""


class Sitting(NamedTuple):
    """One grader before one answer, with one criterion."""

    grader: Grader
    answered: Answered
    criterion: str
    sort: str
    """Of the session."""


class Judging:
    def __init__(self, shape: Shape, plan: Plan, asking: Asking) -> None:
        self._shape, self._plan, self._asking = shape, plan, asking
        kinds = {"person": shape.persons, "report": shape.reports, "model": shape.judges}
        self._graders = [
            self._grader(f"{kind} {number}", kind) for kind, count in kinds.items() for number in range(count)
        ]
        if shape.aliases:
            one, other = sorted(grader.id for grader in self._graders[:2])
            plan.put("grader_aliases", id=id_of(one, other), grader_id=other, same_as=one)

    def everything(self) -> None:
        for answered in self._asking.answers:
            self._grade_all(answered)
        for one, other in combinations(self._asking.answers, 2):
            if self._is_pair(one, other):
                self._compare(one, other)
        if self._shape.known:
            self._known()
        if self._shape.guesses:
            self._guess()

    def _grader(self, name: str, kind: str) -> Grader:
        grader = Grader(self._plan.new_id(), kind, {})
        self._plan.put("graders", id=grader.id, created_at=AT, name=name, name_key=name, kind=kind)
        for sort in MODES:
            if sort != "unrevealed" or (self._shape.unrevealed and name == "person 0"):
                grader.sessions[sort] = self._session(grader, sort)
        self._reveal(grader.sessions["blind"])
        return grader

    def _session(self, grader: Grader, sort: str) -> str:
        id_ = self._plan.new_id()
        self._plan.put(
            "sessions", id=id_, grader_id=grader.id, started_at=AT, mode=MODES[sort], seed=7,
            selection=SELECTIONS.get(sort, "{}"), shows_reasoning=1,
            repeat_rate=0.1, blind=int(sort in ("blind", "unrevealed")), app_version="0.1.0",
        )  # fmt: skip
        return id_

    def _reveal(self, session: str) -> None:
        """After two looks."""
        for judged in self._plan.chance.sample(range(1, PLANNED), k=2):
            self._plan.put(
                "looks", id=self._plan.new_id(), session_id=session, looked_at=AT, looked_into="results",
                judged=judged, planned=PLANNED,
            )  # fmt: skip
        self._plan.put("reveals", id=self._plan.new_id(), session_id=session, revealed_at=AT)

    def _grade_all(self, answered: Answered) -> None:
        for grader in self._graders:
            for criterion in answered.asked.criteria:
                if self._plan.happens(self._shape.judged):
                    sort = self._plan.chance.choice(("blind", "open"))
                    hidden = "unrevealed" in grader.sessions and answered.response.task == "summary"
                    self._sit(Sitting(grader, answered, criterion, "unrevealed" if hidden else sort))

    def _sit(self, sitting: Sitting) -> None:
        plan, shape = self._plan, self._shape
        if plan.happens(shape.edited):
            asked = self._asking.edited(sitting.answered.asked)
            sitting = sitting._replace(answered=sitting.answered._replace(asked=asked))
        events = [self._grade(sitting)]
        if plan.happens(shape.turned):
            events += self._turned(sitting, events[0])
        if plan.happens(shape.repeated):
            again = sitting._replace(sort=plan.chance.choice(("blind",) * 9 + ("open",)))
            events.append(self._grade(again, occasion="repeat"))
        if plan.happens(shape.late):
            events.append(self._grade(sitting, occasion=plan.chance.choice(LATE)))
        plan.do(sitting.answered.response.id, *events)

    def _turned(self, sitting: Sitting, event: Event) -> list[Event]:
        """Something that replaces a judgement, takes it back or brings it back; or a note."""
        other, undo = self._grade(sitting), self._turn(event, "undo")
        bare = {"kind": "note", "level": None, "value": None, "criterion": None, "text": "slip"}
        note = self._grade(sitting) | bare
        return self._plan.chance.choice((
            [other], [undo], [undo, self._turn(event, "redo")], [other, self._turn(other, "undo")], [note],
            [undo, other],
        ))  # fmt: skip

    def _turn(self, event: Event, kind: str) -> Event:
        empty = {"level": None, "value": None, "side": None, "kind": kind, "names": event["id"]}
        return event | empty | {"id": self._plan.new_id()}

    def _grade(self, sitting: Sitting, occasion: str = "first") -> Event:
        levels = sitting.answered.asked.levels
        # The best one is given more often.
        given = [name for name in self._shape.levels if name in levels] or [*levels, *[*levels][-1:]]
        label = self._plan.chance.choice(given)
        if not self._shape.levels and self._plan.happens(self._shape.apart):
            label = [*levels][round((len(levels) - 1) * self._merit(sitting.answered))]
        is_skip = self._plan.happens(self._shape.skipped)
        return self._event(sitting.grader, sitting.sort) | {
            "response_id": sitting.answered.response.id,
            "item_hash": sitting.answered.asked.item.hash,
            "criterion": sitting.criterion,
            "occasion": occasion,
            "kind": "skip" if is_skip else "grade",
            "level": None if is_skip else label,
            "value": None if is_skip else levels[label],
        }

    def _merit(self, answered: Answered) -> float:
        """1 of the first model, 0 of the last."""
        origins = [author.origin for author in self._asking.authors]
        if answered.response.origin not in origins[1:]:
            return 1.0
        return 1 - origins.index(answered.response.origin) / (len(origins) - 1)

    def _event(self, grader: Grader, sort: str) -> Event:
        chance, known = self._plan.chance, self._plan.happens(self._shape.measured)
        seen = {
            "place": chance.randint(1, 3),
            "active_seconds": chance.choice((1.5, 2.0, 3.25, 8.0, 60.0, 240.5)),
            "rows_unread": chance.choice((0, 0, 4)),
            "names_itself": chance.choice((0, 0, 1)),
        }
        return (seen if known else dict.fromkeys(seen)) | {
            "id": self._plan.new_id(),
            "session_id": grader.sessions[sort],
            "grader_id": grader.id,
            "decided_at": AT,
            "app_version": "0.1.0",
            "blind": int(sort in ("blind", "unrevealed")),
            "practice": int(sort == "practice"),
        }

    def _is_pair(self, one: Answered, other: Answered) -> bool:
        """Of one item, and of two models, which in pieces are of one piece."""
        first = self._asking.authors[:2]
        apart = [answered.response.origin in [author.origin for author in first] for answered in (one, other)]
        same_model = one.response.origin == other.response.origin
        return one.asked == other.asked and not same_model and not (self._shape.pieces and len({*apart}) > 1)

    def _compare(self, one: Answered, other: Answered) -> None:
        one, other = sorted((one, other), key=lambda answered: answered.response.id)
        for grader in self._graders:
            if grader.kind == "person" and self._plan.happens(self._shape.pairs):
                event = self._preference(grader, one, other)
                undone = [self._turn(event, "undo")] if self._plan.happens(self._shape.turned / 3) else []
                self._plan.do(f"{one.response.id} {other.response.id}", event, *undone)

    def _preference(self, grader: Grader, one: Answered, other: Answered) -> Event:
        tied = self._plan.happens(self._shape.ties)
        sides = ("equal", "both bad") if tied else ("response", "response", "other")
        if not tied and self._plan.happens(self._shape.apart):
            sides = ("response",) if self._merit(one) > self._merit(other) else ("other",)
        event = self._event(grader, "pairs") | {
            "response_id": one.response.id,
            "other_response_id": other.response.id,
            "item_hash": one.asked.item.hash,
            "criterion": self._shape.criteria[0],
            "occasion": self._plan.chance.choice(("first",) * 5 + ("repeat",)),
            "kind": "preference",
            "side": self._plan.chance.choice(sides),
        }
        if one.response.text == other.response.text:
            return event | {"side": "equal", "place": None, "active_seconds": None}
        if self._plan.happens(self._shape.skipped):
            return event | {"kind": "skip", "side": None}
        return event | {"place": self._plan.chance.choice((1, 2))}

    def _known(self) -> None:
        for role, sort in (("practice", "practice"), ("control", "blind")):
            author = self._asking.author(role, f"known:{role}")
            for asked in self._asking.items[::2]:
                answered = self._asking.answer(asked, author)
                for criterion in asked.criteria:
                    self._tell(answered, criterion)
                    for grader in self._graders[: self._shape.persons]:
                        event = self._grade(Sitting(grader, answered, criterion, sort))
                        self._plan.do(answered.response.id, event)

    def _tell(self, answered: Answered, criterion: str) -> None:
        label, value = [*answered.asked.levels.items()][-1]
        self._plan.put(
            "known_answers", response_id=answered.response.id, criterion=criterion, level=label, value=value,
            reason="It is right.",
        )  # fmt: skip

    def _guess(self) -> None:
        """Some answers twice: the newer guess counts."""
        answers, authors = self._asking.answers, self._asking.authors
        for grader in self._graders:
            for answered in self._plan.chance.sample(answers, k=min(5, len(answers))):
                for _ in range(self._plan.chance.choice((1, 1, 2))):
                    self._plan.put(
                        "guesses", id=self._plan.new_id(), session_id=grader.sessions["blind"],
                        response_id=answered.response.id, model=self._plan.chance.choice(authors).model.name,
                        guessed_at=AT,
                    )  # fmt: skip
