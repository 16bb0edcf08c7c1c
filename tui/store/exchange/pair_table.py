"""Export of pairs: a row for each preference in force, with both answers."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from tui.store.exchange.export_tables import HISTORY, ExportTable
from tui.store.records import FinishReason
from tui.store.schema.views import OF_ANSWER


class _Compared(Struct):
    """What a row has of its second answer."""

    other_response_id: str
    other_model: str
    other_model_config_hash: str
    other_sample: int
    other_finish_reason: FinishReason
    other_text_sha256: str
    other_response: str


_ANSWER: Final = (*OF_ANSWER, "response")

PAIRS: Final = ExportTable(
    "pairs",
    "pair",
    (
        "id", "seq", "kind", "side", "winner", "identical", "note", "criterion", "occasion",
        "task", "prompt_number", "prompt_hash", "prompt_title", "prompt", "input",
        "response_id", *_ANSWER, "other_response_id", *(f"other_{name}" for name in _ANSWER),
        "grader", "grader_id", "grader_kind", "person_id", "session_id", "mode", "shuffle_seed", "blind",
        "position", "shown_at", "graded_at", "grading_seconds", "in_view", "saw_expected", "saw_check",
        "saw_peers", "rows_unread", "names_itself", "item_hash", "sheet_hash", "rubric_hash", "app_version",
    ),
    "tidy_preferences",
    "seq, id",
    (*HISTORY.holds, _Compared),
    "judgements",
    ("model", "other_model"),
)  # fmt: skip
"""What counts: the preferences and skipped pairs in force that were not given for practice."""
