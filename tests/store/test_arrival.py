from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from tui.store.database import Store
from tui.store.exchange.export import export_to_stream

from . import make

if TYPE_CHECKING:
    from pathlib import Path

LONG_AGO = "01000000-0000-7000-8000-000000000000"
LONG_AGO_AT = "2001-09-09T01:46:40.000000+00:00"


@pytest.fixture
def slow(path: Path):
    """Another process, whose clock is behind."""
    with Store.open(path) as opened:
        yield opened


def test_the_later_judgement_stands_whatever_the_clocks_say(store: Store, slow: Store) -> None:
    response = make.store_response(store)
    make.add(store, make.grade(response, "fail"))
    later = make.grade(response, "pass", id=LONG_AGO, decided_at=LONG_AGO_AT)
    make.add(slow, later)

    assert make.current(store, response.id) == later
    assert make.in_force(store) == [later]
    assert store.judgements.last_undoable(make.grader_id("mei"), "free") == later
    (given,) = store.judgements.of_prompt("code", make.item().prompt_hash, make.grader_id("mei"))
    assert given.level == "pass"

    make.add(slow, make.undo(later, id="01000000-0000-7000-8000-000000000001"))

    assert [each.kind for each in store.judgements.events()] == ["grade", "grade", "undo"]
    assert make.in_force(store)[0].level == "fail"


def test_the_later_response_is_shown_whatever_the_clocks_say(store: Store, slow: Store) -> None:
    make.store_response(store, text="first")
    later = make.store_response(slow, id=LONG_AGO, text="later")

    asked = "code", make.item().prompt_hash
    latest = store.responses.latest(*asked, [make.key(make.model())])
    assert list(latest.values()) == [later]
    assert [each.id for each in store.progress.of_prompt(*asked)][-1] == LONG_AGO


def test_a_failed_answer_does_not_hide_an_earlier_whole_one(store: Store) -> None:
    whole = make.store_response(store)
    make.store_response(store, finish_reason="failed")

    asked = ("code", make.item().prompt_hash, [make.key(make.model())])
    assert list(store.responses.latest(*asked).values()) == [whole]


def test_an_export_is_in_order_of_arrival_and_says_it(store: Store, slow: Store) -> None:
    response = make.store_response(store)
    for label, given in (("fail", {}), ("pass", {"id": LONG_AGO})):
        make.add(slow, make.grade(response, label, **given))
    stream = io.StringIO(newline="")

    export_to_stream(store, stream, what="history")

    rows = list(csv.DictReader(io.StringIO(stream.getvalue(), newline="")))
    assert [(row["label"], row["in_force"]) for row in rows] == [("fail", "0"), ("pass", "1")]
    first, second = (int(row["seq"]) for row in rows)
    assert first < second


def test_many_writers_get_a_place_each(store: Store, slow: Store) -> None:
    response = make.store_response(store)
    for turn in range(50):
        make.add((store, slow)[turn % 2], make.grade(response))

    seqs = [row["seq"] for row in store.query("SELECT seq FROM judgements ORDER BY seq")]
    assert seqs == list(range(seqs[0], seqs[0] + 50))
