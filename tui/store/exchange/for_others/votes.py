"""Votes of an arena, as FastChat writes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from tui.store.exchange.for_others.answered import Messages, answered, conversation
from tui.store.figure_rows import all_models

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.store.exchange.for_others.judged import Judged
    from tui.store.exchange.for_others.records import Preferred

Winner = Literal["model_a", "model_b", "tie", "tie (bothbad)"]

Key = tuple[str, str, str]
"""A model's name, the hash of its settings, and its origin."""

Namer = Callable[[list[Key]], dict[Key, str]]
"""A name of its own for each of all models that are not hidden."""


class Vote(Struct):
    question_id: str
    model_a: str
    model_b: str
    winner: Winner
    judge: str
    conversation_a: Messages
    conversation_b: Messages
    turn: int
    anony: bool
    tstamp: float


def votes(judged: Judged, namer: Namer) -> Iterator[Vote]:
    """Of all pairs. Model A stood left; where nobody was asked, since both answers are the same, it is the
    first of the pair."""
    names = namer(list(all_models(judged.connection, judged.mask)))
    for each in judged.preferences():
        before = conversation(each)
        first, second = ([*before, answered(answer)] for answer in each.answers)
        sides = [
            (names[each.model, each.model_config_hash, each.origin], first),
            (names[each.other_model, each.other_model_config_hash, each.other_origin], second),
        ]
        if turned := each.place == 2:
            sides.reverse()
        (model_a, conversation_a), (model_b, conversation_b) = sides
        yield Vote(
            question_id=each.id,
            model_a=model_a,
            model_b=model_b,
            winner=_winner(each, turned=turned),
            judge=each.person_id,
            conversation_a=conversation_a,
            conversation_b=conversation_b,
            turn=sum(message["role"] == "user" for message in before),
            anony=each.blind,
            tstamp=each.decided_at.timestamp(),
        )


def _winner(preferred: Preferred, *, turned: bool) -> Winner:
    match preferred.side:
        case "equal":
            return "tie"
        case "both bad":
            return "tie (bothbad)"
        case side:
            return "model_a" if (side == "response") != turned else "model_b"
