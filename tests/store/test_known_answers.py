"""Known answers: stored alike everywhere, kept apart from what models answered, and compared with grades."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import msgspec
import pytest
from msgspec.structs import replace

from tui import paths
from tui.catalogue.item import Item, items_of
from tui.catalogue.known_answer import KnownAnswer, PracticeAnswer
from tui.catalogue.loading import load_tasks
from tui.catalogue.own_prompt import USUAL_LEVELS
from tui.catalogue.rubric import Criterion
from tui.catalogue.task import Prompt, Task
from tui.errors import UsageError
from tui.store.database import Store
from tui.store.exchange.built_in import REPORT
from tui.store.exchange.export import export_to_stream
from tui.store.exchange.importing import import_built_in
from tui.store.records import text_sha256
from tui.store.schema import TABLES
from tui.store.selection import Selection

from . import every_row, make

if TYPE_CHECKING:
    from pathlib import Path

    from tui.store.records import ResponseRecord

MEI = make.grader_id("mei")
THREE = PracticeAnswer(text="3", level="fail", reason="3 is not the sum.")
TWO = PracticeAnswer(text="2", level="pass", reason="2 is the sum.")
ELEVEN = KnownAnswer(text="11", level="partial")
PROMPT = Prompt(number=1, title="Sum", text="What is 1 + 1?", practice=(THREE, TWO), controls=(ELEVEN,))
TASK = Task(name="sums", title="Sums", levels=USUAL_LEVELS)
ITEM = Item(TASK, PROMPT)


def put(store: Store, item: Item = ITEM) -> list[ResponseRecord]:
    """The responses of its known answers."""
    found = [store.responses.get(known.listed.id) for known in store.known_answers.put([item])]
    return [response for response in found if response is not None]


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as database:
        return {
            table.name: sorted(database.execute(f"SELECT * FROM {table.name}").fetchall(), key=repr)
            for table in TABLES
        }


def exported(store: Store, what: str) -> list[dict[str, object]]:
    stream = io.StringIO(newline="")
    export_to_stream(store, stream, what=what, file_format="jsonl")  # type: ignore[arg-type]
    return [msgspec.json.decode(line) for line in stream.getvalue().splitlines()]


def test_known_answers_are_stored_with_what_they_are_given(store: Store) -> None:
    known = store.known_answers.put([ITEM])

    assert [each.role for each in known] == ["practice", "practice", "control"]
    responses = [store.responses.get(each.listed.id) for each in known]
    assert [each and (each.text, each.model) for each in responses] == [
        ("3", "practice"),
        ("2", "practice"),
        ("11", "control"),
    ]
    assert all(each.listed.complete and each.listed.asked == ITEM.asked for each in known)
    ids = [each.listed.id for each in reversed(known)]
    assert [
        (each.response_id, each.level, each.value, each.reason) for each in store.known_answers.of(ids)
    ] == [
        (ids[0], "partial", 0.5, ""),
        (ids[1], "pass", 1.0, "2 is the sum."),
        (ids[2], "fail", 0.0, "3 is not the sum."),
    ]


def test_they_are_the_same_rows_in_every_database(store: Store, path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with Store.open(other) as later:
        make.store_response(later)
        make.store_response(later, sample=2)
        later.known_answers.put([ITEM])
        later.known_answers.put([ITEM])
    store.known_answers.put([ITEM])

    here, there = rows(path), rows(other)
    for table in ("imports", "items", "known_answers", "rubrics"):
        assert [row for row in here[table] if row not in there[table]] == []
        assert here[table]
    assert [row for row in here["responses"] if row not in there["responses"]] == []
    assert len(there["responses"]) == len(here["responses"]) + 2
    assert len(there["known_answers"]) == 3


def test_what_is_there_is_not_written_again(store: Store, path: Path) -> None:
    known = store.known_answers.put([ITEM])
    with closing(sqlite3.connect(path)) as writing:
        writing.execute("BEGIN IMMEDIATE")
        with store.without_waiting():
            assert store.known_answers.put([ITEM]) == known
        writing.rollback()


def test_an_edited_one_is_another_and_the_old_one_stays(store: Store) -> None:
    before = put(store)
    reworded = replace(THREE, reason="Three is not the sum.")
    after = put(store, Item(TASK, replace(PROMPT, practice=(reworded, TWO))))
    regraded = put(store, Item(replace(TASK, description="Be strict."), PROMPT))

    assert [each.id for each in after][1:] == [each.id for each in before][1:]
    assert len({each.id for each in (*before, *after, *regraded)}) == 7
    assert [each.reason for each in store.known_answers.of([before[0].id, after[0].id])] == [
        "3 is not the sum.",
        "Three is not the sum.",
    ]


def test_they_are_no_answers_of_a_model(store: Store) -> None:
    answer = make.store_response(store)
    known = put(store)

    assert [each.id for each in store.progress.all()] == [answer.id]
    assert store.progress.of_prompt(*ITEM.asked) == []
    assert store.progress.waiting(MEI) == 1
    assert {key.model for key in store.responses.completed_keys()} == {"tiny"}
    assert [row["id"] for row in exported(store, "responses")] == [answer.id]
    assert [row["id"] for row in store.query("SELECT id FROM tidy_responses")] == [answer.id]
    everything = [row["id"] for row in exported(store, "all") if row["type"] == "response"]
    assert sorted(map(str, everything)) == sorted([answer.id, *(each.id for each in known)])


@pytest.mark.parametrize(
    "selection",
    [
        Selection(models=("practice",)),
        Selection(models=("control",)),
        Selection(tasks=("sums",)),
        Selection(prompts=("sums/1",)),
    ],
)
def test_nobody_can_choose_them_by_name(store: Store, selection: Selection) -> None:
    make.store_response(store)
    put(store)

    with pytest.raises(UsageError, match="holds no answer"):
        selection.require_known(store)


def test_practice_never_counts_and_a_control_is_marked(store: Store) -> None:
    answer = make.store_response(store)
    three, _, eleven = put(store)
    practised = make.add(store, make.grade(three, practice=True))
    controlled = make.add(store, make.grade(eleven))
    counted = make.add(store, make.grade(answer))

    assert [(row["id"], row["control"], row["practice"]) for row in exported(store, "grades")] == [
        (controlled.id, True, False),
        (counted.id, False, False),
    ]
    assert [(row["id"], row["practice"]) for row in exported(store, "history")] == [
        (practised.id, True),
        (controlled.id, False),
        (counted.id, False),
    ]


def test_of_practice_the_first_grade_that_stands_is_compared(store: Store) -> None:
    three, two, eleven = put(store)
    make.add(store, make.undo(make.add(store, make.grade(three, "partial", practice=True))))
    make.add(store, make.grade(three, "pass", practice=True))
    make.add(store, make.grade(three, "fail", practice=True))
    make.add(store, make.grade(two, "pass", practice=True))
    make.add(store, make.grade(two, "fail", grader="ada", practice=True))
    make.add(store, make.grade(eleven, "partial"))

    graded = store.known_answers.graded(MEI, "practice")

    assert [(each.response_id, each.level, each.given, each.same) for each in graded] == [
        (three.id, "pass", "fail", False),
        (two.id, "pass", "pass", True),
    ]


def test_of_a_control_the_grade_in_force_is_compared(store: Store) -> None:
    eleven = put(store)[-1]
    make.add(store, make.grade(eleven, "pass", occasion="repeat"))
    make.add(store, make.grade(eleven, "fail", value=0.0))
    make.add(store, make.grade(eleven, "partial", value=0.5))
    make.add(store, make.note(eleven, "odd"))

    (graded,) = store.known_answers.graded(MEI, "control")

    assert (graded.response_id, graded.level, graded.value) == (eleven.id, "partial", 0.5)
    assert (graded.given, graded.given_value, graded.same) == ("partial", 0.5, True)
    assert store.known_answers.graded(make.grader_id("ada"), "control") == []


def test_each_criterion_is_compared_by_itself(store: Store) -> None:
    criteria = tuple(Criterion(name=name, question="?", levels=USUAL_LEVELS) for name in ("right", "clear"))
    task = Task(name="sums", title="Sums", criteria=criteria)
    both = KnownAnswer(text="2", level={"right": "pass", "clear": "fail"})
    (control,) = put(store, Item(task, replace(PROMPT, practice=(), controls=(both,))))
    make.add(store, make.grade(control, "pass", criterion="clear"))
    make.add(store, make.grade(control, "pass", criterion="right"))

    graded = store.known_answers.graded(MEI, "control")

    assert [(each.criterion, each.given, each.same) for each in graded] == [
        ("clear", "fail", False),
        ("right", "pass", True),
    ]


def test_whoever_practised_on_a_text_has_seen_what_it_is_given(store: Store) -> None:
    three, _, eleven = put(store)
    make.add(store, make.grade(three, practice=True))
    make.add(store, make.grade(eleven))

    assert store.known_answers.practised(MEI) == {(*ITEM.asked, text_sha256("3"))}
    assert store.known_answers.practised(make.grader_id("ada")) == set()


def test_who_practised_on_what_ships_has_seen_five_verdicts_of_the_report(store: Store) -> None:
    tasks = load_tasks(paths.bundled("prompts"))
    for each in store.known_answers.put(item for task in tasks for item in items_of(task)):
        response = store.responses.get(each.listed.id)
        assert response is not None
        make.add(store, make.grade(response, practice=True))
    import_built_in(store, REPORT, app_version="0.1.0")

    practised = store.known_answers.practised(MEI)
    printed = [each for each in store.responses.all() if each.origin == REPORT]
    seen = [each for each in printed if (each.task, each.prompt_hash, each.text_sha256) in practised]

    assert (len(printed), len(seen), len(practised)) == (30, 5, 5)
    assert len(store.progress.all()) == 30


def test_what_is_known_is_read_without_walking_through_answers_and_judgements(store: Store) -> None:
    known = put(store)
    statements: list[str] = []
    connection = store._database.conn
    connection.set_trace_callback(statements.append)
    store.known_answers.put([ITEM])
    store.known_answers.of([each.id for each in known])
    store.known_answers.graded(MEI, "practice")
    store.known_answers.graded(MEI, "control")
    store.known_answers.practised(MEI)
    connection.set_trace_callback(None)

    asked = [statement for statement in statements if statement.lstrip().startswith("SELECT")]
    assert len(asked) == 5
    for statement in asked:
        plan = [row["detail"] for row in store.query(f"EXPLAIN QUERY PLAN {statement}")]
        assert all("SCAN wanted" in line or "SCAN known" in line for line in plan if "SCAN" in line), plan


def test_a_merge_of_two_databases_has_each_once(store: Store, path: Path, tmp_path: Path) -> None:
    with Store.open(tmp_path / "other.db") as other:
        make.add(other, make.grade(put(other)[0], practice=True))
    make.add(store, make.grade(put(store)[0], practice=True))
    both = [every_row.make_tables(sqlite3.connect(":memory:")) for _ in range(2)]
    files = [sqlite3.connect(file) for file in (path, tmp_path / "other.db")]
    for merged, order in zip(both, (files, files[::-1]), strict=True):
        for file in order:
            every_row.merge(merged, file)

    known = [each.execute("SELECT * FROM responses ORDER BY seq, id").fetchall() for each in both]
    assert known[0] == known[1]
    assert len(known[0]) == 3
    for each in (*both, *files):
        each.close()
