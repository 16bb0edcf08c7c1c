"""All that one grader did with a response, and what of it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.store.judgement_records import JudgementKind, JudgementRecord

Standing = Literal["stands", "replaced", "taken back", ""]


class Event(NamedTuple):
    at: str
    """When it was decided, with its offset."""
    kind: JudgementKind
    """Of an undo or redo the rest is that of the event which it names."""
    criterion: str = ""
    level: str = ""
    """Of a pair, which of the two is better."""
    text: str = ""
    """Of a note or a flag; empty where it took one away."""
    standing: Standing = ""
    """Empty for an undo and a redo."""


def told(records: Iterable[JudgementRecord]) -> tuple[Event, ...]:
    """The events of one grader and response, which come oldest first."""
    events = tuple(records)
    undone: dict[str, bool] = {}
    for record in events:
        if record.names:
            undone[record.names] = record.kind == "undo"
    newest = {_subject(record): record.id for record in events if not undone.get(record.id)}
    by_id = {record.id: record for record in events}
    return tuple(_event(record, by_id, undone, newest) for record in events)


def _event(
    record: JudgementRecord,
    by_id: dict[str, JudgementRecord],
    undone: dict[str, bool],
    newest: dict[object, str],
) -> Event:
    said = by_id.get(record.names or "", record)
    standing: Standing = "stands" if newest.get(_subject(record)) == record.id else "replaced"
    if record.names:
        standing = ""
    elif undone.get(record.id):
        standing = "taken back"
    return Event(
        record.decided_at, record.kind, said.criterion or "", said.given or "", said.text or "", standing
    )


def _subject(record: JudgementRecord) -> object:
    """What only one of is in force."""
    sort = record.kind if record.kind in ("note", "flag", "undo", "redo") else "judgement"
    return sort, record.criterion, record.occasion, record.other_response_id
