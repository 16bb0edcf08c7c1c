"""Tasks and their prompts."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta, Struct

from tui.catalogue.known_answer import KnownAnswer, PracticeAnswer
from tui.catalogue.model import Name, NonEmpty
from tui.catalogue.rubric import OVERALL, Criteria, Criterion, Levels, Rubric

if TYPE_CHECKING:
    from collections.abc import Mapping


class Prompt(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One instruction.

    `expected` says what a correct answer is; `anchors` says, by a level's label, what earns it here: in a
    table for each criterion where the task names its criteria. A `number` of 0 is that of a prompt whose file
    gives none, until it is loaded. A grader learns from `practice`;
    `controls` stand unmarked among the rest.
    """

    number: Annotated[int, Meta(ge=1, le=2**31 - 1)] = 0
    title: NonEmpty
    text: NonEmpty
    input: str = ""
    expected: str = ""
    anchors: dict[str, str | dict[str, str]] = {}
    practice: tuple[PracticeAnswer, ...] = ()
    controls: tuple[KnownAnswer, ...] = ()

    @property
    def content_hash(self) -> str:
        """Sha256 of what a model is shown: the instruction and its input."""
        return hashlib.sha256(msgspec.json.encode([self.text, self.input])).hexdigest()

    def anchors_of(self, criterion: str) -> Mapping[str, str]:
        found = self.anchors.get(criterion)
        if isinstance(found, dict):
            return found
        return {label: text for label, text in self.anchors.items() if isinstance(text, str)}


class ImportedPrompt(Prompt, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A prompt from a file of rows, which the database keeps."""


class Task(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A group of prompts with one rubric: either `levels`, or `criteria` with levels each."""

    name: Name
    title: NonEmpty
    levels: Levels = ()
    criteria: Criteria = ()
    prompts: tuple[Prompt, ...] = ()
    practice_first: bool = False
    """True if a grader does the practice answers before all others, whether they want to or not."""
    order: Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)] = 100
    description: str = ""

    @property
    def rubric(self) -> Rubric:
        overall = Criterion(name=OVERALL, question="", levels=self.levels)
        return Rubric(criteria=self.criteria or (overall,))
