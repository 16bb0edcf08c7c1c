"""Slots from samples and what was judged of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.grading.judged import Judged
from tui.grading.sheet import Known, Slot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.grading.samples import Samples
    from tui.store.records import ResponseRecord


def slot_of(samples: Samples, judged: Mapping[str, Judged], reading: int) -> Slot:
    """`judged` is by response or by pair; `reading` is 0 for what cannot be judged."""
    answer, rubric = samples.answer, samples.item.rubric
    of_it = judged.get(samples.subject(answer.response.id), Judged()) if answer.response else Judged()
    waiting = (
        number
        for number, id_ in enumerate(samples.ids, 1)
        if id_ in samples.stored and not judged.get(samples.subject(id_), Judged()).is_whole(rubric)
    )
    return Slot(
        id=samples.id,
        label=samples.author.title,
        phase=answer.phase,
        text=answer.text,
        error=answer.error,
        notice=answer.notice,
        cut_off=bool(answer.response and answer.response.finish_reason == "length"),
        reading=reading,
        givens=of_it.by(rubric),
        judged=of_it,
        sample=samples.place + 1,
        samples=len(samples.ids),
        open_samples=tuple(waiting),
        remarks=_remarks(answer.response),
        known=_known(samples),
        compared=bool(samples.other),
    )


def _remarks(response: ResponseRecord | None) -> tuple[str, ...]:
    if response is None:
        return ()
    asked = f"asked otherwise: {response.asked_otherwise}" if response.asked_otherwise else ""
    return tuple(filter(None, (response.lost_in_print, asked)))


def _known(samples: Samples) -> Known:
    answer, live = samples.answer, samples.live
    tokens = answer.response.tokens or 0 if answer.response else 0
    if live is None or samples.stepped is not None:
        return Known(samples.author, answer.response, tokens=tokens, warnings=answer.warnings)
    return Known(
        samples.author, answer.response, live.fraction, live.tokens, live.started_at, answer.warnings
    )
