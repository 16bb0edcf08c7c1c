from __future__ import annotations

from typing import TYPE_CHECKING

from . import make

if TYPE_CHECKING:
    from tui.store.database import Store


def test_progress_lists_the_responses_to_a_prompt_each_models_together(store: Store) -> None:
    first, second = (make.model(name) for name in ("first", "second"))
    other = make.item("code", 2, "Print FizzBuzz.")
    old = make.store_response(store, of=second)
    error = make.store_response(store, of=first, finish_reason="failed")
    new = make.store_response(store, of=second, sample=2)
    elsewhere = make.store_response(store, of=first, to=other)

    found = store.progress.of_prompt("code", make.item().prompt_hash)

    assert [(each.id, each.key.name, each.complete) for each in found] == [
        (error.id, "first", False),
        (old.id, "second", True),
        (new.id, "second", True),
    ]
    assert {each.id for each in store.progress.all()} == {old.id, error.id, new.id, elsewhere.id}
    assert {each.id for each in store.progress.all(before=1)} == set()


def test_judged_is_what_stands_by_each_criterion_of_this_grader_or_session(store: Store) -> None:
    mine, passed_over, taken_back = (make.store_response(store, sample=n) for n in (1, 2, 3))
    make.add(store, make.grade(mine))
    make.add(store, make.grade(mine, criterion="style"))
    make.add(store, make.skip(passed_over))
    make.add(store, make.grade(passed_over, grader="ada", criterion="style"))
    make.add(store, make.undo(make.add(store, make.grade(taken_back))))

    wanted = {mine.id: {"overall", "style"}, passed_over.id: {"overall"}}
    assert store.progress.judged(make.grader_id("mei")) == wanted
    assert store.progress.judged_in(make.session_id("mei")) == wanted


def test_what_the_app_waits_for_is_read_from_indexes(store: Store) -> None:
    asked_of = make.key(make.model())
    asked_about = ("code", make.item().prompt_hash)
    statements: list[str] = []
    connection = store._database.conn
    connection.set_trace_callback(statements.append)
    list(store.progress.all())
    store.progress.judged(make.grader_id("mei"))
    store.progress.judged_in(make.session_id("mei"))
    store.responses.completed_keys()
    store.responses.latest(*asked_about, [asked_of])
    store.progress.of_prompt(*asked_about)
    store.judgements.of_prompt(*asked_about, make.grader_id("mei"))
    store.graders.find("mei")
    make.current(store, "id")
    store.judgements.last_undoable(make.grader_id("mei"), "free")
    store.judgements.last_redoable(make.grader_id("mei"), "free")
    store.judgements.recent_seconds(make.session_id("mei"), 50)
    connection.set_trace_callback(None)

    asked = [statement for statement in statements if statement.lstrip().startswith("SELECT")]
    assert len(asked) == 12
    for statement in asked:
        plan = [row["detail"] for row in store.query(f"EXPLAIN QUERY PLAN {statement}")]
        assert not any("TEMP B-TREE" in line for line in plan), plan
        fine = ("COVERING INDEX", "SCAN shown", "VIRTUAL TABLE")
    assert all(any(each in line for each in fine) for line in plan if "SCAN" in line), plan
