"""An item: one prompt of a task."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.catalogue.own_prompt import USUAL_LEVELS, OwnPrompt
from tui.catalogue.task import Task

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.catalogue.rubric import Rubric
    from tui.catalogue.task import Prompt

OWN = "own"
"""Name of the task of the prompts that a person writes in the app. No file has it."""


class Item(NamedTuple):
    task: Task
    prompt: Prompt

    @property
    def name(self) -> str:
        """The item's name, for example `code-generation/2`."""
        return f"{self.task.name}/{self.prompt.number}"

    @property
    def asked(self) -> tuple[str, str]:
        """The task's name and the hash of what a model is shown: what the store finds responses by."""
        return self.task.name, self.prompt.content_hash

    @property
    def criteria(self) -> frozenset[str]:
        """The names of the rubric's criteria, which no prompt changes."""
        return frozenset(criterion.name for criterion in self.task.rubric.criteria)

    @property
    def rubric(self) -> Rubric:
        """The task's, with what earns each level in this prompt where it says so. A person's own prompt has
        one of its own."""
        if isinstance(self.prompt, OwnPrompt):
            return self.prompt.rubric
        return self.task.rubric.anchored(self.prompt.anchors_of)

    @property
    def standard(self) -> Rubric:
        """What an answer is measured by, also where a pair of them is judged by another rubric."""
        return self.rubric


def items_of(task: Task) -> tuple[Item, ...]:
    return tuple(Item(task, prompt) for prompt in task.prompts)


def own_task(prompts: Iterable[OwnPrompt]) -> Task:
    """The task of the prompts that a person writes in the app."""
    return Task(name=OWN, title="Your own", levels=USUAL_LEVELS, prompts=tuple(prompts), order=1_000)
