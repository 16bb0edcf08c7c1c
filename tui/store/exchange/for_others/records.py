"""The rows that other programs are told of, as typed objects."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from tui.store.judgement_records import Side

if TYPE_CHECKING:
    from tui.store.connection import Row


class Message(Struct):
    role: str
    content: str


class Asked(Struct, kw_only=True):
    """What an item asks: an instruction with its input, or messages."""

    instruction: str | None
    messages: list[Message] | None
    input: str

    @property
    def text(self) -> str:
        """Instruction and input as a chat template is given them."""
        return "\n\n".join(filter(None, (self.instruction, self.input)))


def with_messages(row: Row) -> Row:
    """The row of an item with its messages as objects, where they are any."""
    if row.get("messages") is not None:
        with suppress(msgspec.DecodeError, TypeError, RecursionError):
            row["messages"] = msgspec.json.decode(row["messages"])
    return row


class Graded(Asked, kw_only=True):
    """A grade with the answer that it is of."""

    id: str
    blind: bool
    prompt_hash: str
    rubric_hash: str
    criterion: str
    level: str
    response: str
    reasoning_start: int | None
    reasoning_end: int | None

    @property
    def answer(self) -> str:
        return without_reasoning(self.response, self.reasoning_start, self.reasoning_end)


class Preferred(Asked, kw_only=True):
    """A preference with both answers, in the order in which they are stored."""

    id: str
    blind: bool
    prompt_hash: str
    person_id: str
    side: Side
    place: int | None
    decided_at: datetime
    identical: int
    model: str
    model_config_hash: str
    origin: str
    other_model: str
    other_model_config_hash: str
    other_origin: str
    response: str
    reasoning_start: int | None
    reasoning_end: int | None
    other_response: str
    other_start: int | None
    other_end: int | None

    @property
    def answers(self) -> tuple[str, str]:
        return (
            without_reasoning(self.response, self.reasoning_start, self.reasoning_end),
            without_reasoning(self.other_response, self.other_start, self.other_end),
        )


class Valued(Struct, kw_only=True):
    """A grade among those that one grader gave to the answers to one item, without their texts."""

    id: str
    blind: bool
    prompt_hash: str
    person_id: str
    item_hash: str
    criterion: str
    value: float
    response_id: str
    text_sha256: str


def without_reasoning(text: str, start: int | None, end: int | None) -> str:
    """The answer that a grader judges."""
    return text if start is None or end is None else text[:start] + text[end:]
