"""Preferences between two answers: which stand, who judged what, and what leaves the database."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from tui.store.exchange.export import export_to_stream
from tui.store.selection import Selection

from . import make

if TYPE_CHECKING:
    from tui.store.database import Store
    from tui.store.judgement_records import JudgementRecord
    from tui.store.records import ResponseRecord

Two = tuple["ResponseRecord", "ResponseRecord"]
MEI = make.grader_id("mei")


def two(store: Store, *texts: str, **changes: Any) -> Two:
    """The answers of two models to an item, the smaller id first."""
    texts = texts or ("a + b", "sum(a, b)")
    first, second = (
        make.store_response(store, of=make.model(name), text=text, **changes)
        for name, text in zip(("tiny", "small"), texts, strict=True)
    )
    return first, second


def prefer(store: Store, pair: Two, side: str | None, **changes: Any) -> JudgementRecord:
    first, second = pair
    fields = {"kind": "preference" if side else "skip", "side": side, "other_response_id": second.id}
    return make.add(store, make.grade(first, None, **{"place": 1} | fields | changes))


def pass_by(store: Store, pair: Two) -> JudgementRecord:
    """As a schedule passes by a pair that says the same."""
    return prefer(store, pair, "equal", place=None)


def exported(store: Store, *models: str) -> list[dict[str, Any]]:
    stream = io.StringIO(newline="")
    selection = Selection(models=models)
    export_to_stream(store, stream, what="pairs", file_format="jsonl", selection=selection)
    return [msgspec.json.decode(line) for line in stream.getvalue().splitlines()]


def test_a_pair_leaves_the_database_with_both_answers_and_the_winner(store: Store) -> None:
    pair = two(store)
    prefer(store, pair, "response")
    other = prefer(store, pair, "other", place=2)
    make.add(store, make.note(pair[0], "shorter", other_response_id=pair[1].id))

    (row,) = exported(store)

    assert (row["id"], row["type"], row["kind"], row["note"]) == (other.id, "pair", "preference", "shorter")
    assert (row["side"], row["winner"], row["identical"], row["position"]) == ("other", "small", False, 2)
    assert (row["response"], row["other_response"]) == ("a + b", "sum(a, b)")
    assert (row["model"], row["other_model"], row["task"]) == ("tiny", "small", "code")
    assert row["other_run_id"] == pair[1].run_id


@pytest.mark.parametrize(
    ("side", "winner"), [("response", "tiny"), ("equal", None), ("both bad", None), (None, None)]
)
def test_a_winner_is_the_model_that_was_preferred(store: Store, side: str | None, winner: str | None) -> None:
    prefer(store, two(store), side)

    (row,) = exported(store)

    assert (row["side"], row["winner"]) == (side, winner)


def test_identical_answers_that_nobody_was_asked_about_are_equal_and_marked(store: Store) -> None:
    pass_by(store, two(store, "Same.", "Same."))

    (row,) = exported(store)

    assert (row["side"], row["winner"], row["identical"]) == ("equal", None, True)
    assert (row["position"], row["shown_at"], row["grading_seconds"]) == (None, None, None)


def test_an_undo_takes_back_what_was_decided_and_not_what_was_passed_by(store: Store) -> None:
    decided = prefer(store, two(store), "response")
    pass_by(store, two(store, "Same.", "Same.", sample=2))

    for session in ("", make.session_id("mei")):
        last = store.judgements.last_undoable(MEI, "free", session)
        assert last is not None
        assert last.id == decided.id

    make.add(store, make.undo(decided, other_response_id=decided.other_response_id))
    pass_by(store, two(store, "Same.", "Same.", sample=3))

    last = store.judgements.last_redoable(MEI, "free")
    assert last is not None
    assert last.id == decided.id


def test_practice_and_what_was_taken_back_do_not_count(store: Store) -> None:
    prefer(store, two(store), "response", practice=True)
    taken_back = prefer(store, two(store, sample=2), "response")
    make.add(store, make.undo(taken_back, other_response_id=taken_back.other_response_id))

    assert exported(store) == []


def test_pairs_with_any_answer_of_a_model_are_exported(store: Store) -> None:
    prefer(store, two(store), "response")

    assert len(exported(store, "tiny")) == len(exported(store, "small")) == 1
    make.store_response(store, of=make.model("other"))
    assert exported(store, "other") == []


def test_pairs_are_csv_too(store: Store) -> None:
    prefer(store, two(store), "both bad")
    stream = io.StringIO(newline="")

    export_to_stream(store, stream, what="pairs")

    (row,) = csv.DictReader(io.StringIO(stream.getvalue(), newline=""))
    assert (row["side"], row["winner"], row["identical"]) == ("both bad", "", "0")


def test_judged_pairs_are_what_stands_of_this_grader_or_session(store: Store) -> None:
    mine, passed_over, taken_back, repeated = (two(store, sample=n) for n in (1, 2, 3, 4))
    prefer(store, mine, "response")
    prefer(store, mine, "equal", criterion="style")
    prefer(store, passed_over, None)
    prefer(store, passed_over, "equal", criterion="style", grader="ada")
    event = prefer(store, taken_back, "other")
    make.add(store, make.undo(event, other_response_id=event.other_response_id))
    prefer(store, repeated, "other", occasion="repeat")
    make.add(store, make.grade(mine[0]))

    wanted = {ids(mine): {"overall", "style"}, ids(passed_over): {"overall"}}
    assert store.pairs.judged(MEI) == wanted
    assert store.pairs.judged_in(make.session_id("mei")) == wanted


def ids(pair: Two) -> tuple[str, str]:
    return pair[0].id, pair[1].id


def test_what_is_in_force_of_a_pair_is_none_of_its_answers_and_of_no_other_pair(store: Store) -> None:
    pair, other = two(store), two(store, sample=2)
    prefer(store, pair, "response")
    newest = prefer(store, pair, "equal")
    note = make.add(store, make.note(pair[0], "close", other_response_id=pair[1].id))
    make.add(store, make.grade(pair[0]))
    prefer(store, (pair[0], other[1]), "other")
    prefer(store, pair, "other", grader="ada")

    found = store.pairs.in_force([ids(pair), ids(other)], MEI)

    assert {each.id for each in found} == {newest.id, note.id}


def test_twins_are_answers_that_say_the_same_as_another(store: Store) -> None:
    pair = two(store, "Same.", "Same.")
    make.store_response(store, sample=2, text="Another.")

    assert store.pairs.twins() == {each.id: pair[0].text_sha256 for each in pair}


def test_what_a_session_of_pairs_waits_for_is_read_from_indexes(store: Store) -> None:
    statements: list[str] = []
    connection = store._database.conn
    connection.set_trace_callback(statements.append)
    store.pairs.judged(MEI)
    store.pairs.judged_in(make.session_id("mei"))
    store.pairs.in_force([("a", "b")], MEI)
    store.pairs.twins()
    store.judgements.last_undoable(MEI, "pairs", make.session_id("mei"))
    store.judgements.last_redoable(MEI, "pairs", make.session_id("mei"))
    connection.set_trace_callback(None)

    asked = [statement for statement in statements if statement.lstrip().startswith("SELECT")]
    assert len(asked) == 6
    for statement in asked:
        plan = [row["detail"] for row in store.query(f"EXPLAIN QUERY PLAN {statement}")]
        assert not any("TEMP B-TREE" in line for line in plan), plan
        fine = ("COVERING INDEX", "SCAN wanted")
        assert all(any(each in line for each in fine) for line in plan if "SCAN" in line), plan
