from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import msgspec
import pytest

from tui.errors import StoreError, UsageError
from tui.store.exchange.export import export_to_path, export_to_stream
from tui.store.exchange.export_tables import (
    EVERY_TABLE,
    GRADES,
    RESPONSES,
    export_grades,
    export_history,
    export_responses,
)
from tui.store.exchange.pair_table import PAIRS
from tui.store.files import write_file_atomically
from tui.store.judgement_records import JudgementRecord
from tui.store.records import ResponseRecord
from tui.store.schema import BY_NAME

from . import every_row, make

if TYPE_CHECKING:
    from tui.store.database import Store

DOCS = Path(__file__).parents[2] / "docs" / "export.md"
AWKWARD = 'print("a, b")\r\n=1+1\n日本語\t👩‍👩‍👧 \u202e\u2028\x85\0\x1b[31m'


@pytest.fixture
def graded(store: Store) -> Store:
    """Three events about one awkward answer: a grade, another that replaces it, and another grader's note."""
    response = make.store_response(store, text=AWKWARD, sampling='{"temperature":0.8}')
    shown = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    for label, after in (("fail", 2.5), ("pass", 4.0)):
        event = make.grade(
            response,
            label,
            blind=True,
            place=2,
            shown_at=shown.isoformat(),
            decided_at=(shown + timedelta(seconds=after)).isoformat(),
            active_seconds=after,
        )
        make.add(store, event)
    make.add(store, make.note(response, "-1 for style", grader="ada"))
    store.own_items.add("mine", "Say hello.")
    return store


def test_a_grade_row_carries_everything_about_it(graded: Store) -> None:
    (response,) = graded.responses.all()

    row = list(export_history(graded))[1]

    assert tuple(row) == GRADES.columns
    assert (row["task"], row["prompt_number"], row["model"]) == ("code", 1, "tiny")
    assert (row["prompt_title"], row["prompt"]) == ("sum", "Add two numbers.")
    assert (row["response_id"], row["response"], row["run_id"]) == (response.id, AWKWARD, response.run_id)
    assert (row["grading_seconds"], row["blind"], row["label"], row["value"]) == (4.0, True, "pass", 1.0)


def test_what_counts_is_one_row_for_each_judgement_in_force(graded: Store) -> None:
    (response,) = graded.responses.all()
    make.add(graded, make.skip(response, grader="ada"))

    def counting() -> list[tuple[str, str, str | None, str]]:
        return [(row["grader"], row["kind"], row["label"], row["note"]) for row in export_grades(graded)]

    assert counting() == [("mei", "grade", "pass", ""), ("ada", "skip", None, "-1 for style")]

    last = graded.judgements.last_undoable(make.grader_id("mei"), "free")
    assert last is not None
    make.add(graded, make.undo(last))

    assert counting() == [("mei", "grade", "fail", ""), ("ada", "skip", None, "-1 for style")]


def test_a_grade_says_what_its_answer_lacks(store: Store) -> None:
    make.add(store, make.grade(make.store_response(store, lost_in_print="its line breaks")))
    make.add(store, make.grade(make.store_response(store, sample=2, asked_otherwise="in French")))

    rows = [(row["lost_in_print"], row["asked_otherwise"]) for row in export_grades(store)]

    assert rows == [("its line breaks", None), (None, "in French")]


def test_each_event_says_whether_it_counts(graded: Store) -> None:
    def states() -> list[tuple[str, bool, bool, bool]]:
        return [
            (row["kind"], row["in_force"], row["undone"], row["superseded"]) for row in export_history(graded)
        ]

    assert states() == [
        ("grade", False, False, True),
        ("grade", True, False, False),
        ("note", True, False, False),
    ]

    last = graded.judgements.last_undoable(make.grader_id("mei"), "free")
    assert last is not None
    make.add(graded, make.undo(last))

    assert states() == [
        ("grade", True, False, False),
        ("grade", False, True, False),
        ("note", True, False, False),
        ("undo", False, False, False),
    ]


def test_a_grade_row_has_the_note_that_stands_beside_it(graded: Store) -> None:
    (response,) = graded.responses.all()
    make.add(graded, make.note(response, "=1"))
    later = make.add(graded, make.note(response, "close"))

    def notes() -> list[str]:
        return [row["note"] for row in export_history(graded)]

    assert notes() == ["close", "close", "-1 for style", "=1", "close"]

    make.add(graded, make.undo(later))

    assert notes() == ["=1", "=1", "-1 for style", "=1", "close", ""]


def test_a_row_of_every_kind_leaves_the_database(store: Store) -> None:
    with store.transaction():
        for _, table, row in every_row.ROWS:
            store.insert(table, row)
    stream = io.StringIO(newline="")

    export_to_stream(store, stream, what="all", file_format="jsonl")

    lines = [msgspec.json.decode(line) for line in stream.getvalue().splitlines()]
    assert store.remarks.take() == []
    kinds = [(each.table, each.type) for each in EVERY_TABLE]
    assert {table for table, _ in kinds} == set(BY_NAME) - {"claims"}
    for table, type_ in kinds:
        exported = [line for line in lines if line["type"] == type_]
        if table == "judgements":
            exported = [msgspec.structs.asdict(_judgement(line)) | {"seq": line["seq"]} for line in exported]
        assert [_same(row, BY_NAME[table].column_names) for row in exported] == [
            _same(row, BY_NAME[table].column_names)
            for row in store.query(f"SELECT * FROM {table} ORDER BY {_order(table)}")
        ]


def _order(table: str) -> str:
    return "seq, id" if BY_NAME[table].is_ordered else ", ".join(BY_NAME[table].key)


def _same(row: dict[str, object], columns: tuple[str, ...]) -> list[object]:
    """Its values; true is 1 in the database."""
    return [row[column] for column in columns]


def test_a_response_row_is_the_whole_record(graded: Store) -> None:
    (row,) = export_responses(graded)

    assert tuple(row) == RESPONSES.columns
    assert [_record(row, ResponseRecord)] == graded.responses.all()


def test_the_page_about_export_names_every_column_in_order() -> None:
    sections = re.split(r"^## ", DOCS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    page = {
        section.split("\n")[0]: re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) for section in sections
    }

    assert page["Grades"] == list(GRADES.columns)
    assert page["Pairs"] == list(PAIRS.columns)
    assert page["Responses"] == list(RESPONSES.columns)
    assert set(page["What they refer to"]) == {table.name for table in EVERY_TABLE} - {"grades", "responses"}


def test_json_lines_of_everything_can_be_read_back_without_a_loss(graded: Store, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"

    written = export_to_path(graded, path, what="all", file_format="jsonl")

    lines = [msgspec.json.decode(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == written.rows
    assert {line["schema"] for line in lines} == {2}
    assert [line["type"] for line in lines] == [
        "weights", "model", "rubric", "item", "own_item", "run", "response", "grader", "grader",
        "session", "session", "grade", "grade", "grade",
    ]  # fmt: skip
    assert [_judgement(line) for line in lines if line["type"] == "grade"] == graded.judgements.events()
    assert [
        _record(line, ResponseRecord) for line in lines if line["type"] == "response"
    ] == graded.responses.all()


def test_json_lines_hold_nothing_that_steers_a_terminal(graded: Store) -> None:
    stream = io.StringIO(newline="")

    export_to_stream(graded, stream, file_format="jsonl")

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]", stream.getvalue())
    assert "日本語" in stream.getvalue()


def test_csv_of_everything_is_a_folder(graded: Store, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "export"

    written = export_to_path(graded, folder, what="all")

    assert written.rows == 14
    assert {file.name for file in folder.iterdir()} == {f"{table.name}.csv" for table in EVERY_TABLE}
    with (folder / "grades.csv").open(encoding="utf-8", newline="") as file:
        assert [row["label"] for row in csv.DictReader(file)] == ["fail", "pass", ""]
    with pytest.raises(StoreError, match="--force"):
        export_to_path(graded, folder, what="all")
    assert export_to_path(graded, folder, what="all", overwrite=True) == written


def test_csv_of_everything_does_not_fit_in_one_file(graded: Store, tmp_path: Path) -> None:
    (tmp_path / "all.csv").write_text("mine")

    with pytest.raises(UsageError, match="folder"):
        export_to_stream(graded, io.StringIO(), what="all")
    with pytest.raises(StoreError, match="needs a folder"):
        export_to_path(graded, tmp_path / "all.csv", what="all", overwrite=True)


def test_an_existing_file_is_replaced_only_when_told_to(tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    path.write_text("mine")

    with pytest.raises(StoreError, match=r"grades\.csv exists.*--force"):
        write_file_atomically(path, lambda stream: stream.write("new"))
    assert path.read_text() == "mine"

    write_file_atomically(path, lambda stream: stream.write("new"), overwrite=True)
    assert path.read_text() == "new"


def test_a_failed_export_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    path.write_text("mine")

    def fail_halfway(stream: TextIO) -> None:
        stream.write("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match=r"grades\.csv cannot be written: No space left on device"):
        write_file_atomically(path, fail_halfway, overwrite=True)

    assert path.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_keeps_pointing_at_the_file_it_names(tmp_path: Path) -> None:
    target, link = tmp_path / "real.csv", tmp_path / "link.csv"
    target.write_text("old")
    link.symlink_to(target)

    write_file_atomically(link, lambda stream: stream.write("new"), overwrite=True)

    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_device_is_written_to_and_stays_a_device(graded: Store) -> None:
    device = Path("/dev/null")
    if not device.is_char_device():
        pytest.skip("this system has no /dev/null")

    assert export_to_path(graded, device, overwrite=True).rows == 1
    assert device.is_char_device()


def _judgement(row: dict[str, object]) -> JudgementRecord:
    names = {"level": "label", "names": "undoes", "place": "position"}
    names |= {"decided_at": "graded_at", "active_seconds": "grading_seconds", "text": "note"}
    read = {name: row[names.get(name, name)] for name in JudgementRecord.__struct_fields__}
    if row["kind"] not in ("note", "flag"):
        read["text"] = None
    return msgspec.convert(read, JudgementRecord)


def _record(row: dict[str, object], record: type[msgspec.Struct]) -> msgspec.Struct:
    return msgspec.convert({name: row[name] for name in record.__struct_fields__}, record)
