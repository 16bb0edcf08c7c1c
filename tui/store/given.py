"""All that graders gave to one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from tui.store.exchange.masking import Mask
from tui.store.judgement_records import GraderKind, Occasion
from tui.store.schema.views import same_as

if TYPE_CHECKING:
    from tui.store.database import Store

_GIVEN = f"""
SELECT
    grader, grader_kind,
    grader_id IN {same_as("?")} AS mine,
    criterion, level, note, occasion, blind, decided_at
FROM tidy_judgements WHERE response_id = ? ORDER BY seq, id"""


class GivenBy(Struct, frozen=True, kw_only=True):
    """A grade, or a skip, in force."""

    grader: str
    grader_kind: GraderKind
    mine: bool
    """True if it is of the grader who asks."""
    criterion: str
    level: str | None
    """None of a skip."""
    note: str | None
    occasion: Occasion
    blind: bool
    decided_at: str


def given_to(store: Store, response_id: str, grader_id: str) -> list[GivenBy]:
    """In the order of arrival; nothing while a blind session asks what the response answers."""
    response = store.responses.get(response_id)
    if response is None or Mask(store).covers(response.prompt_hash):
        return []
    rows = store.query(_GIVEN, [grader_id, response_id])
    return list(store.read((row | {"mine": bool(row["mine"])} for row in rows), GivenBy, "judgements"))
