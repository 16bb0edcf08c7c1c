"""What a model was asked and what it answered, as other programs are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.store.exchange.for_others.records import Asked

Messages = list[dict[str, str]]
Told = str | Messages
"""A plain text, or messages where the program reads a conversation."""


def conversation(asked: Asked) -> Messages:
    """The messages before the answer."""
    if asked.messages is None:
        return [_said("user", asked.text)]
    return [_said(each.role, each.content) for each in asked.messages]


def prompt(asked: Asked, *, as_messages: bool) -> Told:
    return conversation(asked) if as_messages else asked.text


def completion(answer: str, *, as_messages: bool) -> Told:
    return [answered(answer)] if as_messages else answer


def answered(answer: str) -> dict[str, str]:
    return _said("assistant", answer)


def _said(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}
