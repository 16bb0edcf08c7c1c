"""What widgets tell the screen they live on."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message


@dataclass
class PromptChosen(Message):
    """The person picked the prompt at this place in the list of all prompts."""

    index: int


@dataclass
class LevelChosen(Message):
    """The person clicked a level of the rubric; 0 is the first."""

    index: int
    arrived: float
    """When the click arrived, by the clock of Textual's events."""


@dataclass
class PaneChosen(Message):
    """The person clicked the tab of a pane; 0 is the first."""

    index: int
