"""The models, items and answers of a made database."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import asdict
from msgspec.structs import replace as changed
from store import make

from tui.store.ids import id_of
from tui.store.records import RubricRecord, text_sha256

from .databases import AT

if TYPE_CHECKING:
    from tui.store.records import ItemRecord, ModelRecord, ResponseRecord

    from .databases import Plan
    from .shapes import Shape

SCALES = {
    "three": {"fail": 0.0, "partial": 0.5, "pass": 1.0},
    "other three": {"fail": 0.0, "partial": 0.4, "pass": 1.0},
    "two": {"no": 0.0, "yes": 1.0},
    "five": {"awful": 0.0, "poor": 0.2, "fair": 0.5, "good": 0.8, "great": 1.0},
}
TASKS = ("code", "qa", "summary")
TEXTS = ("Yes.", "No, it is not.", "I am Falcon, and I say yes.", "A long answer. " * 8, "Two\nlines", "是的")
CUT = "Yes.\0 This has a byte in it that ends a text in some languages."
REASONING = "I should say no more than I know. "
IMPORT = id_of("made")


class Author(NamedTuple):
    model: ModelRecord
    origin: str


class Asked(NamedTuple):
    """An item, and what can be given to its answers by each criterion: the value of each level."""

    item: ItemRecord
    levels: dict[str, float]
    criteria: tuple[str, ...]


class Answered(NamedTuple):
    response: ResponseRecord
    asked: Asked


class Asking:
    def __init__(self, shape: Shape, plan: Plan) -> None:
        self._shape, self._plan = shape, plan
        plan.put(
            "imports", id=IMPORT, imported_at=AT, file="made", sha256=make.digest("made"), format="csv",
            app_version="0.1.0",
        )  # fmt: skip
        self.authors = self._authors()
        self.items = [
            self._asked(task, number) for task in TASKS[: shape.tasks] for number in range(1, shape.items + 1)
        ]
        self.answers = [
            made for asked in self.items for author in self.authors for made in self._all(asked, author)
        ]

    def edited(self, asked: Asked) -> Asked:
        """The item after its rubric was edited."""
        item = changed(asked.item, hash=asked.item.prompt_hash)
        return self.item(item, self._plan.chance.choice(("other three", "two")), asked.criteria)

    def item(self, item: ItemRecord, scale: str, named: tuple[str, ...]) -> Asked:
        levels = [
            {"label": name, "value": value, "anchor": "as said"} for name, value in SCALES[scale].items()
        ]
        criteria = [{"name": name, "question": f"{name}?", "levels": levels} for name in named]
        rubric = RubricRecord(hash=make.digest(f"{scale} {named}"), criteria=json.dumps(criteria))
        item = changed(item, rubric_hash=rubric.hash, hash=make.digest(item.hash + scale))
        self._plan.put("rubrics", **asdict(rubric))
        self._plan.put("items", **asdict(item))
        return Asked(item, SCALES[scale], named)

    def author(self, name: str, origin: str, config: str = "") -> Author:
        model = changed(make.model(name), config_hash=make.digest(name + config))
        self._plan.put("models", **asdict(model))
        return Author(model, origin)

    def answer(self, asked: Asked, author: Author, **changes: Any) -> Answered:
        text, ended = self._text(), self._ended()
        made = make.response(
            None, of=author.model, to=asked.item, id=self._plan.new_id(), created_at=AT, import_id=IMPORT,
            weights_sha256=None, adapter_sha256=None, origin=author.origin, origin_class="claimed",
            text=text, text_sha256=text_sha256(text), finish_reason=ended, **changes,
        )  # fmt: skip
        if self._plan.happens(self._shape.reasoning):
            made = changed(made, text=REASONING + text, reasoning_start=0, reasoning_end=len(REASONING))
        if self._plan.happens(self._shape.otherwise):
            made = changed(made, asked_otherwise="as the input of another instruction")
        self._plan.put("responses", **asdict(made))
        return Answered(made, asked)

    def _authors(self) -> list[Author]:
        """Of several with one name one has other settings, and one another origin."""
        if self._shape.one_name:
            named = [("a", "1"), ("a", "2"), ("a", "2"), ("b", ""), ("c", ""), ("d", "")]
        else:
            named = [(name, "") for name in "abcdef"]
        return [
            self.author(name, self._origin(number), config)
            for number, (name, config) in enumerate(named[: self._shape.models])
        ]

    def _origin(self, number: int) -> str:
        printed = self._shape.printed and number >= self._shape.models - 2
        return f"report-{number}" if printed else f"endpoint:{number}"

    def _asked(self, task: str, number: int) -> Asked:
        """The first prompt of each task is the same; the second is judged by one criterion only."""
        text = "Say yes." if number == 1 else f"Do {task} {number}."
        criteria = self._shape.criteria[:1] if number == 2 else self._shape.criteria
        scale = self._shape.scales[number % len(self._shape.scales)]
        return self.item(make.item(task, number, text), scale, criteria)

    def _all(self, asked: Asked, author: Author) -> list[Answered]:
        samples = range(1, self._shape.samples + 1)
        there = [sample for sample in samples if self._plan.happens(self._shape.answered)]
        return [made for sample in there for made in self._conversation(asked, author, sample)]

    def _conversation(self, asked: Asked, author: Author, sample: int) -> list[Answered]:
        found = [self.answer(asked, author, sample=sample)]
        for turn in range(2, self._shape.turns + 1):
            before = found[-1].response.id
            found.append(self.answer(asked, author, sample=sample, turn=turn, follows=before))
        return found

    def _text(self) -> str:
        if self._plan.happens(self._shape.broken):
            return self._plan.chance.choice(("", " \n"))
        return self._plan.chance.choice(
            TEXTS[:1] if self._plan.happens(self._shape.same_text) else (*TEXTS, CUT)
        )

    def _ended(self) -> Any:
        if self._plan.happens(self._shape.failed):
            return self._plan.chance.choice(("failed", "cancelled"))
        broken = self._plan.happens(self._shape.broken)
        return "length" if broken else self._plan.chance.choice(("stop", "unknown"))
