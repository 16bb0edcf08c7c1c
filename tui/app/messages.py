"""Messages from widgets to their screen."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message


@dataclass
class PromptChosen(Message):
    """The person picked the prompt at this place in the list of all prompts."""

    index: int
