"""Tasks, their prompts, and the rubric a grader works with."""

from __future__ import annotations

import hashlib
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from tui.catalogue.model import Name, NonEmpty

Label = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9-]*\Z",
        max_length=24,
        description="at most 24 of the characters a-z 0-9 -, a letter first",
    ),
]
Letter = Annotated[str, Meta(pattern=r"^[a-z]\Z", description="one letter a-z")]


class Level(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One grade a grader can give.

    `value` is what it counts for in a mean; `letter` is its key beside the digit.
    """

    label: Label
    letter: Letter
    value: Annotated[float, Meta(ge=0.0, le=1.0)]
    meaning: NonEmpty


class Prompt(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One instruction.

    `expected` says what a correct answer is; `criteria` says, per label, what earns it here.
    """

    number: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    title: NonEmpty
    text: NonEmpty
    input: str = ""
    expected: str = ""
    criteria: dict[str, str] = {}

    @property
    def content_hash(self) -> str:
        """Sha256 of what a model is shown: the instruction and its input."""
        return hashlib.sha256(msgspec.json.encode([self.text, self.input])).hexdigest()


class Task(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A group of prompts with a rubric, levels from worst to best: digit 1 is the first level."""

    name: Name
    title: NonEmpty
    levels: Annotated[tuple[Level, ...], Meta(min_length=2, max_length=9)]
    prompts: tuple[Prompt, ...] = ()
    order: Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)] = 100
    description: str = ""

    def rubric(self, prompt: Prompt) -> tuple[Level, ...]:
        """The levels for one prompt: the task's, with what earns each in this prompt where it says so."""
        return tuple(
            msgspec.structs.replace(level, meaning=prompt.criteria.get(level.label, level.meaning))
            for level in self.levels
        )
