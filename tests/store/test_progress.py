from __future__ import annotations

from typing import TYPE_CHECKING

from . import make

if TYPE_CHECKING:
    from tui.store.database import Store


def test_progress_tells_what_is_done_and_graded(store: Store) -> None:
    graded, skipped, failed = (make.model(name) for name in ("graded", "skipped", "failed"))
    other = make.prompt("code", 2, "Print FizzBuzz.")
    answer = make.store_response(store, of=graded)
    passed_over = make.store_response(store, of=skipped)
    error = make.store_response(store, of=failed, finish_reason="failed")
    ungraded = make.store_response(store, of=graded, to=other)
    store.add_grade(make.grade(answer, "fail", value=0.0))
    store.add_grade(make.grade(answer, "pass", grader="ada"))
    store.add_grade(make.skip(passed_over))

    progress = store.progress("mei")

    first = progress["code", make.prompt().content_hash]
    seen = {key.name: (each.response_id, each.complete, each.kind, each.label) for key, each in first.items()}
    assert seen == {
        "graded": (answer.id, True, "grade", "fail"),
        "skipped": (passed_over.id, True, "skip", None),
        "failed": (error.id, False, None, None),
    }
    ((_, second),) = progress["code", other.content_hash].items()
    assert (second.response_id, second.complete, second.label) == (ungraded.id, True, None)


def test_progress_is_about_the_response_that_a_pane_shows(store: Store) -> None:
    key = make.key(make.model())
    shown = make.store_response(store)
    store.add_grade(judged := make.grade(shown))
    make.store_response(store, sample=2, finish_reason="cancelled")

    def progress() -> tuple[str, str | None]:
        found = store.progress("mei")[shown.task, shown.prompt_hash][key]
        assert found.response_id == store.latest_responses(shown.task, shown.prompt_hash, [key])[key].id
        return found.response_id, found.label

    assert progress() == (shown.id, "pass")

    store.add_grade(make.undo(judged))
    assert progress() == (shown.id, None)

    newer = make.store_response(store, sample=2)
    assert progress() == (newer.id, None)


def test_what_the_app_waits_for_is_read_from_indexes(store: Store) -> None:
    asked_of = make.key(make.model())
    asked_about = ("code", make.prompt().content_hash)
    statements: list[str] = []
    connection = store._database.conn
    connection.set_trace_callback(statements.append)
    store.progress("mei")
    store.completed_keys()
    store.latest_responses(*asked_about, [asked_of])
    store.next_sample(*asked_about, asked_of)
    store.current_grade("id", "mei")
    store.last_undoable("mei", since="2026")
    connection.set_trace_callback(None)

    asked = [statement for statement in statements if statement.lstrip().startswith("SELECT")]
    assert len(asked) == 6
    for statement in asked:
        plan = [row["detail"] for row in store.query(f"EXPLAIN QUERY PLAN {statement}")]
        assert not any("TEMP B-TREE" in line for line in plan), plan
        assert all("COVERING INDEX" in line or "SCAN shown" in line for line in plan if "SCAN" in line), plan
