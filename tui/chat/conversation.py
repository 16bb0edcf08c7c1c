"""A conversation of one question, as a chat template is given it, and that template."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, NamedTuple

from msgspec import Struct

from tui.errors import EngineError

Shape = Literal["texts", "user in parts", "parts"]
"""The form of a message's text: as it is, or, for templates made for images too, a list of parts."""


class TemplateRefusedError(EngineError):
    """The template itself refused the conversation: it called raise_exception."""


class TemplateStoppedError(EngineError):
    """The template reached a limit; it would do so again."""


class Fields(NamedTuple):
    """The texts that a person wrote; the system text may come from a file of theirs."""

    instruction: str
    input: str
    system: str


class Conversation(Struct, frozen=True, kw_only=True):
    template: str
    fields: Fields
    bos_token: str
    eos_token: str
    now: datetime
    """The same each time a prompt is rendered, so that renderings differ in nothing else."""
    shape: Shape = "texts"
    folds_system: bool = False
    """For templates without a system role: its text stands at the head of the user's message."""

    def variables(self) -> dict[str, Any]:
        return {
            "messages": self._messages(),
            **self.fields._asdict(),
            "bos_token": self.bos_token,
            "eos_token": self.eos_token,
            "add_generation_prompt": True,
            "tools": None,
            "documents": None,
            "strftime_now": self.now.strftime,
        }

    def _messages(self) -> list[dict[str, Any]]:
        user = "\n\n".join(filter(None, (self.fields.instruction, self.fields.input)))
        system = self.fields.system
        if system and self.folds_system:
            user, system = f"{system}\n\n{user}", ""
        messages = [("system", system, self.shape == "parts")] if system else []
        messages.append(("user", user, self.shape != "texts"))
        return [
            {"role": role, "content": [_Part(type="text", text=text)] if in_parts else text}
            for role, text, in_parts in messages
        ]


class _Part(dict[str, str]):
    """A template that writes a part itself down, or a list of them, would show the model Python."""

    def __repr__(self) -> str:
        raise TypeError("it writes parts of a message as if they were texts")
