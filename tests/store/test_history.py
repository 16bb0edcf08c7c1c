from __future__ import annotations

from typing import TYPE_CHECKING

from tui.store.history import FEW, Sought

from . import make

if TYPE_CHECKING:
    import pytest

    from tui.store.database import Store

MEI = make.grader_id("mei")


def found(store: Store, limit: int = 200, **sought: object) -> list[str]:
    return [each.response_id for each in store.history.page(MEI, Sought(**sought), limit)]  # type: ignore[arg-type]


def test_each_response_is_there_once_by_the_newest_event_in_force(store: Store) -> None:
    first, second, untouched = (make.store_response(store, sample=n) for n in (1, 2, 3))
    make.add(store, make.grade(first))
    make.add(store, make.grade(second))
    make.add(store, make.undo(make.add(store, make.grade(second, "fail"))))
    make.add(store, make.grade(untouched, grader="ada"))
    assert found(store) == [second.id, first.id]
    newer = make.add(store, make.note(first, "one slip"))
    assert [(each.response_id, each.id) for each in store.history.page(MEI, Sought(), 1)] == [
        (first.id, newer.id)
    ]
    make.add(store, make.note(first, ""))
    assert found(store) == [second.id, first.id]


def test_a_page_goes_on_where_the_last_one_ended(store: Store) -> None:
    responses = [make.store_response(store, sample=n) for n in range(1, 6)]
    for response in responses:
        make.add(store, make.grade(response))
    make.add(store, make.note(responses[0], "again"))

    first = store.history.page(MEI, Sought(), 3)
    rest = store.history.page(MEI, Sought(), 3, (first[-1].seq, first[-1].id))

    ids = [each.response_id for each in (*first, *rest)]
    assert ids == [responses[n].id for n in (0, 4, 3, 2, 1)]


def test_it_is_filtered_by_what_stands(store: Store) -> None:
    passed, failed, skipped, flagged = (make.store_response(store, sample=n) for n in (1, 2, 3, 4))
    make.add(store, make.grade(passed))
    make.add(store, make.note(passed, "fine"))
    make.add(store, make.grade(failed))
    make.add(store, make.grade(failed, "fail", criterion="style"))
    make.add(store, make.grade(failed, "fail"))
    make.add(store, make.skip(skipped))
    make.add(store, make.note(skipped, "gone"))
    make.add(store, make.note(skipped, ""))
    make.add(store, make.flag(flagged, "look again"))

    assert found(store, kind="grade", level="pass") == [passed.id]
    assert found(store, kind="grade", level="fail") == [failed.id]
    assert found(store, kind="skip") == [skipped.id]
    assert found(store, kind="flag") == [flagged.id]
    assert found(store, kind="note") == [passed.id]
    assert store.history.levels(MEI) == ["fail", "pass"]


def test_words_are_looked_for_in_all_that_the_line_says(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    aya, other = make.model("Aya"), make.item("translation", 7, "Translate.")
    by_aya = make.store_response(store, of=aya)
    of_other = make.store_response(store, to=other)
    noted = make.store_response(store)
    for response in (by_aya, of_other, noted):
        make.add(store, make.grade(response))
    make.add(store, make.note(noted, "STRASSE missing"))
    make.add(store, make.note(of_other, "taken back"))
    make.add(store, make.note(of_other, ""))

    for few in (FEW, 0):
        monkeypatch.setattr("tui.store.history.FEW", few)
        assert found(store, words=("aya",)) == [by_aya.id]
        assert found(store, words=("translation/7",)) == [of_other.id]
        assert found(store, words=("straße",)) == [noted.id]
        assert found(store, words=("code/1", "tiny", "missing")) == [noted.id]
        assert found(store, words=("taken",)) == []
        assert found(store, words=("sum",)) == [noted.id, of_other.id, by_aya.id]


def test_one_session_has_its_own(store: Store) -> None:
    here, there = make.store_response(store), make.store_response(store, sample=2)
    make.add(store, make.grade(there))
    with store.transaction():
        session = store.sessions.begin("mei", mode="grade", app_version="0.1.0")
    make.add(store, make.grade(here, session_id=session.id))
    make.add(store, make.flag(here, "x", session_id=session.id))

    assert found(store, session_id=session.id) == [here.id]
    assert found(store, session_id=session.id, kind="flag") == [here.id]
    assert found(store, session_id=session.id, kind="grade", level="pass") == [here.id]
    assert set(found(store)) == {here.id, there.id}


def test_a_page_costs_no_walk_and_no_sort_of_all_that_was_judged(store: Store) -> None:
    make.add(store, make.grade(make.store_response(store)))
    statements: list[str] = []
    connection = store._database.conn
    connection.set_trace_callback(statements.append)
    for session_id in ("", make.session_id("mei")):
        for kind, level in (("", ""), ("flag", ""), ("note", ""), ("skip", ""), ("grade", "pass")):
            store.history.page(MEI, Sought(kind, level, session_id=session_id), 200)
    store.history.levels(MEI)
    connection.set_trace_callback(None)

    asked = [statement for statement in statements if statement.lstrip().startswith(("SELECT", "WITH"))]
    assert len(asked) == 27
    for statement in asked:
        plan = [row["detail"] for row in store.query(f"EXPLAIN QUERY PLAN {statement}")]
        assert not any("TEMP B-TREE" in line for line in plan), plan
        assert all(line == "SCAN found" for line in plan if line.startswith("SCAN")), plan


def test_what_was_given_for_practice_is_looked_for_by_itself(store: Store) -> None:
    practised, counted = (make.store_response(store, sample=n) for n in (1, 2))
    make.add(store, make.grade(practised, practice=True))
    make.add(store, make.note(practised, "first try", practice=True))
    make.add(store, make.grade(counted))

    assert found(store) == found(store, kind="grade", level="pass") == [counted.id]
    assert found(store, words=("try",)) == []
    assert found(store, practice=True) == [practised.id]
    assert found(store, kind="note", practice=True) == [practised.id]
