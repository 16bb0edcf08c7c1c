"""A database of answers by models of whom every string is found nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from making import task
from msgspec.structs import asdict, replace
from store import make

from tui.catalogue.item import items_of
from tui.store.database import Store
from tui.store.items import item_record, rubric_record
from tui.store.judgement_records import SessionRecord

if TYPE_CHECKING:
    from pathlib import Path

TASK = task("code", 2)
MODELS = range(1, 5)
TITLES = [f"Quokka-{number}" for number in MODELS]
NAMES = [f"numbat-{number}" for number in MODELS]
SEEN = "line breaks lost in print"
TELLING = "it was sent Quokka-2's answer"


def stored(file: Path) -> None:
    """Two samples of one model, one of each other, to two items; the first are judged by a report, too."""
    with Store.open(file) as store:
        report = _report(store)
        for item in items_of(TASK):
            rubric = rubric_record(item)
            asked = item_record(item, rubric)
            for number in (*MODELS, 4):
                first = number != 4 or not store.responses.latest(*item.asked, [_key(4)])
                made = _response(number, asked, sample=1 if first else 2)
                full = make.recorded(made, of=_model(number), to=asked, weights=_weights(number))
                store.responses.add(replace(full, rubric=rubric))
                judged = make.grade(made, session_id=report.id, grader_id=report.grader_id)
                store.judgements.add(judged)


def _report(store: Store) -> SessionRecord:
    with store.transaction():
        grader = store.graders.found_or_added("a report", "report")
        session = SessionRecord(
            id=make.new_id(), started_at=make.now(), grader_id=grader.id, mode="import", app_version="0"
        )
        store.insert("sessions", asdict(session))
    return session


def _model(number: int):
    made = make.model(NAMES[number - 1])
    return replace(made, title=TITLES[number - 1], config='{"licence":"dingo","repo":"bilby/x"}')


def _weights(number: int):
    return replace(make.WEIGHTS, sha256=make.digest(f"wombat {number}"), file=f"wombat-{number}.gguf")


def _key(number: int):
    return make.key(_model(number), _weights(number))


def _response(number: int, asked, *, sample: int):
    return make.response(
        make.new_id(),
        of=_model(number),
        to=asked,
        weights_sha256=_weights(number).sha256,
        sample=sample,
        text=f"answer {number} {sample}: " + "word " * number,
        tokens=4711,
        tokens_per_second=47.5,
        warnings="cassowary is near",
        rendered_prompt="echidna says: do it",
        sampling='{"potoroo":1}',
        lost_in_print=SEEN,
        asked_otherwise=TELLING,
    )
