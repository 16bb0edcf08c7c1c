"""One person under several ids, as after a merge: one in judging, in the history, in undo, in figures."""

from __future__ import annotations

import io
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import asdict

from tui.store.exchange.export import export_to_stream
from tui.store.graders import same_graders
from tui.store.history import Sought
from tui.store.selection import Selection

from . import make

if TYPE_CHECKING:
    from tui.store.database import Store

MEI, ADA = make.grader_id("mei"), make.grader_id("ada")
PERSON = min(MEI, ADA)


@pytest.fixture
def both(store: Store) -> Store:
    """In which mei and ada are one."""
    for name in ("mei", "ada", "bo"):
        make.add_grader(store, name)
    with store.transaction():
        store.graders.make_same(MEI, ADA)
    return store


def test_a_later_judgement_of_the_same_person_replaces_the_earlier(both: Store) -> None:
    response = make.store_response(both)
    earlier, later = make.grade(response, "fail"), make.grade(response, grader="ada")
    make.add(both, earlier)
    assert make.current(both, response.id, "ada") == earlier

    make.add(both, later)
    other = make.add(both, make.grade(response, grader="bo"))

    assert make.in_force(both) == [later, other]
    assert make.current(both, response.id, "mei") == make.current(both, response.id, "ada") == later
    assert make.current(both, response.id, "bo") == other
    assert both.judgements.of_prompt(response.task, response.prompt_hash, MEI) == [later]
    assert both.judgements.of_responses([response.id], ADA) == [later]
    assert both.judgements.events(response.id, MEI) == [earlier, later]


def test_a_pair_is_judged_by_the_person(both: Store) -> None:
    first, second = (make.store_response(both, sample=sample) for sample in (1, 2))
    pair = {"kind": "preference", "other_response_id": second.id, "place": 1}
    make.add(both, make.grade(first, None, side="equal", **pair))
    later = make.add(both, make.grade(first, None, side="other", grader="ada", **pair))

    assert both.pairs.in_force([(first.id, second.id)], MEI) == [later]
    assert set(both.pairs.judged(MEI)) == set(both.pairs.judged(ADA)) == {(first.id, second.id)}


def test_undo_and_redo_go_through_all_that_the_person_did(both: Store) -> None:
    response = make.store_response(both)
    mine, hers = (
        make.add(both, make.grade(response, "fail")),
        make.add(both, make.grade(response, grader="ada")),
    )
    assert both.judgements.last_undoable(MEI, "free") == both.judgements.last_undoable(ADA, "free") == hers

    make.add(both, make.undo(hers, session_id=mine.session_id, grader_id=MEI))

    assert make.in_force(both) == [mine]
    assert both.judgements.last_undoable(ADA, "free") == mine
    assert both.judgements.last_redoable(ADA, "free") == both.judgements.last_redoable(MEI, "free") == hers
    make.add(both, make.redo(hers))
    assert make.in_force(both) == [hers]
    assert both.judgements.last_redoable(MEI, "free") is None


def test_what_two_machines_took_back_is_brought_back_once(both: Store) -> None:
    response = make.store_response(both)
    graded = make.add(both, make.grade(response))
    first, second = make.undo(graded), make.undo(graded, session_id=make.session_id("ada"), grader_id=ADA)
    make.add(both, first)
    with both.transaction():
        both.insert("judgements", {**asdict(second), "seq": 100})

    make.add(both, make.redo(graded))

    assert make.in_force(both) == [graded]
    assert both.judgements.last_redoable(MEI, "free") is None


def test_progress_and_history_are_those_of_the_person(both: Store) -> None:
    responses = [make.store_response(both, sample=sample) for sample in range(1, 5)]
    for response, grader in zip(responses, ("mei", "ada", "mei", "bo"), strict=True):
        make.add(both, make.grade(response, grader=grader))
    make.add(both, make.note(responses[0], "odd", grader="ada"))

    assert both.progress.judged(MEI) == both.progress.judged(ADA)
    assert set(both.progress.judged(MEI)) == {response.id for response in responses[:3]}
    assert both.progress.waiting(ADA) == 1
    wanted = [responses[0].id, responses[2].id, responses[1].id]
    assert [each.response_id for each in both.history.page(MEI, Sought(), 10)] == wanted
    assert [each.response_id for each in both.history.page(ADA, Sought(), 2)] == wanted[:2]
    assert [each.response_id for each in both.history.page(ADA, Sought("grade", "pass"), 10)] == [
        responses[2].id, responses[1].id, responses[0].id,
    ]  # fmt: skip
    assert [each.response_id for each in both.history.page(MEI, Sought(words=("odd",)), 10)] == wanted[:1]
    assert both.history.levels(ADA) == ["pass"]


def test_an_export_has_one_name_and_one_person(both: Store) -> None:
    responses = [make.store_response(both, sample=sample) for sample in range(1, 4)]
    for response, grader in zip(responses, ("mei", "ada", "bo"), strict=True):
        make.add(both, make.grade(response, grader=grader))
    make.add(both, make.note(responses[0], "odd", grader="ada"))

    rows = [
        (row["grader"], row["person_id"], row["note"]) for row in both.query("SELECT * FROM tidy_judgements")
    ]

    name = "mei" if PERSON == MEI else "ada"
    assert rows == [(name, PERSON, "odd"), (name, PERSON, None), ("bo", make.grader_id("bo"), None)]
    for named in ("mei", "Ada"):
        stream = io.StringIO()
        assert export_to_stream(both, stream, selection=Selection(graders=(named,))).rows == 2


def test_the_newest_session_is_the_persons(both: Store) -> None:
    begun = both.sessions.begin("ada", mode="grade", app_version="0.1.0")

    assert both.sessions.newest(MEI, "grade", "{}", blind=False) == begun
    assert both.sessions.newest(make.grader_id("bo"), "grade", "{}", blind=False) is None
    hidden = both.sessions.begin("ada", mode="grade", app_version="0.1.0", blind=True)
    assert both.sessions.blind(MEI) == [hidden]


def test_chains_and_circles_are_one_whatever_was_said_first(store: Store) -> None:
    ids = sorted(make.grader_id(name) for name in ("mei", "ada", "bo", "cy"))
    for name in ("mei", "ada", "bo", "cy", "di"):
        make.add_grader(store, name)
    said = [(ids[3], ids[2]), (ids[1], ids[0]), (ids[0], ids[3]), (ids[2], ids[1])]
    results = set()
    for order in permutations(said):
        try:
            with store.transaction():
                for one, other in order:
                    store.graders.make_same(one, other)
                assert {tuple(sorted(same_graders(store, id_))) for id_ in ids} == {tuple(ids)}
                aliases = store.query("SELECT * FROM grader_aliases ORDER BY id")
                results.add(tuple(tuple(row.values()) for row in aliases))
                raise _UndoneError
        except _UndoneError:
            pass
    assert len(results) == 1
    assert same_graders(store, make.grader_id("di")) == [make.grader_id("di")]


def test_the_newest_event_of_a_person_costs_no_sort_of_all(both: Store) -> None:
    statements: list[str] = []
    both._database.conn.set_trace_callback(statements.append)
    both.judgements.last_undoable(MEI, "free")
    both.judgements.last_redoable(MEI, "free")
    both.history.page(MEI, Sought(), 10)
    both._database.conn.set_trace_callback(None)

    asked = [each for each in statements if "judgements" in each or "standing" in each]
    assert len(asked) == 4
    for statement in asked:
        plan = [row["detail"] for row in both.query(f"EXPLAIN QUERY PLAN {statement}")]
        assert not [line for line in plan if "TEMP B-TREE" in line or line.startswith("SCAN")], plan


class _UndoneError(Exception):
    pass
