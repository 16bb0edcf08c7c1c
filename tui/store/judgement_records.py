"""The rows about judgements as typed objects."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

GraderKind = Literal["person", "model", "report"]
Mode = Literal["free", "grade", "pairs", "practice", "adjudicate", "import"]
Occasion = Literal["first", "repeat", "after_check", "after_others", "after_reveal", "adjudication"]
JudgementKind = Literal["grade", "preference", "skip", "flag", "note", "undo", "redo"]
LookedInto = Literal["results", "report", "export", "others"]
Side = Literal["response", "other", "equal", "both bad"]

OVERALL = "overall"
"""The criterion of a rubric that has only one."""


class GraderRecord(Struct, frozen=True, kw_only=True):
    id: str
    created_at: str
    name: str
    name_key: str
    """The name in NFC and case-folded."""
    kind: GraderKind


class SessionRecord(Struct, frozen=True, kw_only=True):
    """One grader's way through a set of responses."""

    id: str
    started_at: str
    grader_id: str
    study_id: str | None = None
    mode: Mode
    seed: int | None = None
    selection: str = "{}"
    """JSON of what was chosen to be judged."""
    blind: bool = False
    shows_reasoning: bool = True
    repeat_rate: float = 0.0
    app_version: str


class JudgementRecord(Struct, frozen=True, kw_only=True):
    """One thing that a grader did. Nothing is overwritten.

    In force is, of each grader, response (or pair), criterion and occasion, the grade, skip or preference
    that arrived last in the database and is not taken back; likewise the newest note, and the newest flag.
    """

    id: str
    session_id: str
    grader_id: str
    response_id: str
    other_response_id: str | None = None
    """In a pair, the response with the larger id, whichever stood first."""
    item_hash: str
    """The item as it was shown."""
    criterion: str | None = OVERALL
    occasion: Occasion = "first"
    kind: JudgementKind
    names: str | None = None
    """Id of the event that an undo takes back or a redo brings back."""
    level: str | None = None
    """Label of the level given."""
    value: float | None = None
    side: Side | None = None
    """The better one of a pair: that of response_id or the other."""
    text: str | None = None
    """The text of a note or a flag."""
    place: int | None = None
    """The place of response_id on the screen, 1 for the first."""
    shown_at: str | None = None
    decided_at: str
    active_seconds: float | None = None
    """Time spent on it, without idle time, by a clock that nobody sets."""
    blind: bool = False
    in_view: int | None = None
    """Answers in view together."""
    saw_expected: bool | None = None
    """True if the correct answer was in view."""
    saw_check: bool | None = None
    saw_peers: bool | None = None
    rows_unread: int | None = None
    names_itself: bool | None = None
    """True if the answer names the model that wrote it."""
    practice: bool = False
    app_version: str

    @property
    def repeats(self) -> bool:
        """True if it was given once more, for agreement with oneself."""
        return self.occasion == "repeat"

    @property
    def subject(self) -> str:
        """What it is about: the id of a response, or those of a pair."""
        return subject_of(self.response_id, self.other_response_id)

    @property
    def given(self) -> str | None:
        """The label of the level, or which answer of a pair is better, by where it stood."""
        if self.side in ("response", "other"):
            return "left" if (self.side == "response") == (self.place == 1) else "right"
        return self.side or self.level


def subject_of(response_id: str, other_response_id: str | None = None) -> str:
    """The name of a response, or of a pair, under which its judgements are found; of a pair the smaller id
    comes first."""
    return f"{response_id} {other_response_id}" if other_response_id else response_id
