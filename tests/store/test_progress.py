from __future__ import annotations

from typing import TYPE_CHECKING

from . import make

if TYPE_CHECKING:
    from tui.store.database import Store


def test_progress_tells_what_is_done_and_graded(store: Store) -> None:
    graded, skipped, failed = (make.model(name) for name in ("graded", "skipped", "failed"))
    other = make.item("code", 2, "Print FizzBuzz.")
    answer = make.store_response(store, of=graded)
    passed_over = make.store_response(store, of=skipped)
    error = make.store_response(store, of=failed, finish_reason="failed")
    ungraded = make.store_response(store, of=graded, to=other)
    make.add(store, make.grade(answer, "fail", value=0.0))
    make.add(store, make.grade(answer, "pass", grader="ada"))
    make.add(store, make.skip(passed_over))

    first = store.progress.of_prompt("code", make.item().prompt_hash, make.grader_id("mei"))
    seen = {key.name: (each.response_id, each.complete, each.kind, each.level) for key, each in first.items()}
    assert seen == {
        "graded": (answer.id, True, "grade", "fail"),
        "skipped": (passed_over.id, True, "skip", None),
        "failed": (error.id, False, None, None),
    }
    (second,) = store.progress.of_prompt("code", other.prompt_hash, make.grader_id("mei")).values()
    assert (second.response_id, second.complete, second.level) == (ungraded.id, True, None)


def test_progress_is_about_the_response_that_a_pane_shows(store: Store) -> None:
    key = make.key(make.model())
    shown = make.store_response(store)
    make.add(store, judged := make.grade(shown))
    make.store_response(store, sample=2, finish_reason="cancelled")

    def progress() -> tuple[str, str | None]:
        asked = shown.task, shown.prompt_hash
        found = store.progress.of_prompt(*asked, make.grader_id("mei"))[key]
        assert ((*asked, *key) in store.progress.judged(make.grader_id("mei"))) is bool(found.kind)
        assert found.response_id == store.responses.latest(shown.task, shown.prompt_hash, [key])[key].id
        return found.response_id, found.level

    assert progress() == (shown.id, "pass")

    make.add(store, make.undo(judged))
    assert progress() == (shown.id, None)

    newer = make.store_response(store, sample=2)
    assert progress() == (newer.id, None)


def test_what_the_app_waits_for_is_read_from_indexes(store: Store) -> None:
    asked_of = make.key(make.model())
    asked_about = ("code", make.item().prompt_hash)
    statements: list[str] = []
    connection = store._database.conn
    connection.set_trace_callback(statements.append)
    store.progress.judged(make.grader_id("mei"))
    store.responses.completed_keys()
    store.responses.latest(*asked_about, [asked_of])
    store.progress.of_prompt(*asked_about, make.grader_id("mei"))
    store.graders.find("mei")
    make.current(store, "id")
    store.judgements.note("id", make.grader_id("mei"))
    store.judgements.last_undoable(make.grader_id("mei"), "free")
    connection.set_trace_callback(None)

    asked = [statement for statement in statements if statement.lstrip().startswith("SELECT")]
    assert len(asked) == 8
    for statement in asked:
        plan = [row["detail"] for row in store.query(f"EXPLAIN QUERY PLAN {statement}")]
        assert not any("TEMP B-TREE" in line for line in plan), plan
        assert all("COVERING INDEX" in line or "SCAN shown" in line for line in plan if "SCAN" in line), plan
