"""The end of a session over stored answers: its counts, and its grades beside the report's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tui import paths
from tui.catalogue.loading import load_tasks
from tui.grading.decisions import Flag, Grade, Note, Skip
from tui.grading.ending import parting_words
from tui.grading.opening import Shelf
from tui.grading.overview import Progress
from tui.grading.selection import ToJudge
from tui.store.database import Store
from tui.store.exchange.built_in import REPORT, baseline
from tui.store.exchange.importing import import_built_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.grading.session import Session


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "grades.db") as opened:
        import_built_in(opened, REPORT, app_version="0")
        yield opened


def session_over(store: Store, *tasks: str) -> Session:
    session = Shelf(store, load_tasks(paths.bundled("prompts")), "mei").open(ToJudge(tasks=tasks)).session
    assert session is not None
    session.go_to(session.start())
    return session


def judge(session: Session, level: int) -> None:
    """The slot that is open now, and go on."""
    sheet = session.current()
    assert sheet is not None
    slot = next(slot for slot in sheet.slots if slot.open)
    change = session.decide(slot.id, Grade(sheet.item.rubric.levels[level]))
    if change.next is not None and change.next.place is not None:
        session.go_to(change.next.place)


def test_a_session_counts_what_was_graded_skipped_flagged_and_noted_in_it(store: Store) -> None:
    session_over(store, "named-entity-recognition")  # another one, which does not count here
    session = session_over(store, "text-classification")
    sheet = session.current()
    assert sheet is not None
    first, second = sheet.slots[0].id, sheet.slots[1].id
    session.decide(first, Grade(sheet.item.rubric.levels[0]))
    session.decide(first, Note("odd"))
    session.decide(first, Flag("ask"))
    session.decide(first, Flag(""))
    session.decide(second, Skip())
    session.undo()
    session.decide(second, Skip())

    ending = session.ending()

    assert ending is not None
    assert ending[1:5] == (1, 1, 0, 1)
    assert ending.total == 7
    assert not ending.is_whole


def test_agreement_tells_of_what_one_has_graded_oneself_and_of_nothing_else(store: Store) -> None:
    session = session_over(store, "text-classification")
    assert session.agreement() == []
    judge(session, 0)
    judge(session, -1)

    found = session.agreement()

    assert len(found) == 2
    printed = {(each.model, each.item): each.verdict for each in baseline()}
    for each in found:
        response = store.responses.get(each.response_id)
        assert response is not None
        of_it = printed[response.model, f"{response.task}/{response.prompt_number}"]
        assert (each.theirs.level, each.report) == (of_it, REPORT)
        assert each.is_same == (each.mine.level == of_it)
    session.undo()
    assert len(session.agreement()) == 1


def test_reading_the_agreement_costs_no_more_for_a_grader_who_judged_much(store: Store) -> None:
    statements: list[str] = []
    connection = store._database.conn
    assert connection is not None
    connection.set_trace_callback(statements.append)
    store.outcomes.beside_reports(store.graders.found_or_added("x", "report").id)
    connection.set_trace_callback(None)
    (asked,) = [each for each in statements if "AS report," in each]
    plan = [row["detail"] for row in store.query(f"EXPLAIN QUERY PLAN {asked}")]
    assert [line for line in plan if line.startswith("SCAN")] == []


@pytest.mark.parametrize(
    ("progress", "line"),
    [
        (Progress(12, 36), "Graded 12 of 36; 24 left. llm-grader grade --demo goes on there."),
        (Progress(36, 36), "All 36 answers of this session are graded. Next: llm-grader results --demo"),
        (None, ""),
    ],
)
def test_the_line_that_is_left_in_the_terminal(progress: Progress | None, line: str) -> None:
    assert parting_words(progress, "--demo") == line
