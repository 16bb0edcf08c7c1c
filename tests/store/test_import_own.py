"""An export of everything, imported again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from tui.errors import UsageError
from tui.store.database import Store
from tui.store.exchange.built_in import REPORT
from tui.store.exchange.export import export_to_path
from tui.store.exchange.importing import import_built_in
from tui.store.exchange.masking import Mask
from tui.store.exchange.own_import import OwnImported
from tui.store.exchange.source import RowError
from tui.store.selection import ALL

from . import every_row, make
from .importing import import_export, import_rows, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

AWKWARD = 'print("a, b": 1)\r\n=1+1\n日本語\t👩‍👩‍👧 \u202e\u2028\x85\0\x1b[31m'


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "other.db") as opened:
        yield opened


@pytest.fixture
def export(store: Store, tmp_path: Path) -> Path:
    """Of a database with a row of every kind, and an answer of awkward characters with a grade and a note."""
    response = make.store_response(store, text=AWKWARD, sampling='{"temperature":0.1}')
    make.add(store, make.grade(response, active_seconds=1 / 3))
    make.add(store, make.note(response, AWKWARD, grader="ada"))
    with store.transaction():
        for _, table, row in every_row.ROWS:
            store.insert(table, row)
    return exported(store, tmp_path / "all.jsonl")


def exported(store: Store, path: Path, **chosen: Any) -> Path:
    export_to_path(store, path, file_format="jsonl", **{"what": "all"} | chosen)
    return path


def changed(path: Path, change: Callable[[list[dict[str, Any]]], None]) -> Path:
    """A copy whose rows were changed."""
    rows = [msgspec.json.decode(line) for line in path.read_bytes().splitlines()]
    change(rows)
    copy = path.with_name("changed.jsonl")
    copy.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    return copy


def first(rows: list[dict[str, Any]], type_: str) -> dict[str, Any]:
    return next(row for row in rows if row["type"] == type_)


def test_an_export_of_everything_comes_back_byte_for_byte(export: Path, other: Store, tmp_path: Path) -> None:
    import_export(other, export)

    assert exported(other, tmp_path / "again.jsonl").read_bytes() == export.read_bytes()
    assert other.remarks.take() == []


def test_a_second_time_adds_nothing(export: Path, store: Store, other: Store) -> None:
    lines = len(export.read_bytes().splitlines())
    before = rows_of(store)

    assert import_export(other, export) == OwnImported(lines, 0)
    assert import_export(other, export) == OwnImported(0, lines)
    assert import_export(store, export) == OwnImported(0, lines)
    assert rows_of(store) == before


def test_a_row_that_is_there_stays_and_what_is_new_comes_beside_it(
    export: Path, store: Store, other: Store, tmp_path: Path
) -> None:
    import_export(other, export)
    make.add(other, make.skip(other.responses.all()[0], grader="ada"))

    assert import_export(store, exported(other, tmp_path / "more.jsonl")).added == 1


def test_a_row_with_other_contents_is_named_and_nothing_is_imported(export: Path, other: Store) -> None:
    import_export(other, export)
    before = rows_of(other)

    def change(rows: list[dict[str, Any]]) -> None:
        rows.insert(0, {"schema": 2, "type": "model"} | dict.fromkeys(["name", "title"], "new"))
        rows[0] |= {"config_hash": "0" * 64, "config": "{}"}
        first(rows, "grade")["label"] = "fail"

    with pytest.raises(RowError, match=r'line \d+, column "label": .* has this grade already, with "pass"'):
        import_export(other, changed(export, change))
    assert rows_of(other) == before


def test_a_built_in_set_that_came_at_another_time_is_the_same(
    store: Store, other: Store, tmp_path: Path
) -> None:
    import_built_in(store, REPORT, app_version="0.1.0")
    make.store_response(other)
    import_built_in(other, REPORT, app_version="0.2.0")
    before = rows_of(other)

    done = import_export(other, exported(store, tmp_path / "all.jsonl"))

    assert done == OwnImported(0, sum(rows_of(store).values()))
    assert rows_of(other) == before


def test_weights_may_have_another_name_here(export: Path, other: Store) -> None:
    import_export(other, export)

    def rename(rows: list[dict[str, Any]]) -> None:
        first(rows, "weights")["file"] = "renamed.gguf"
        first(rows, "model")["title"] = "Renamed"

    assert import_export(other, changed(export, rename)).added == 0


@pytest.mark.parametrize(
    ("what", "missing"),
    [
        ("responses", r'line 1, column "item_hash": it refers to ".* of items'),
        ("grades", r'line 1, column "session_id": it refers to ".*" of sessions'),
    ],
)
def test_a_part_says_what_it_lacks(
    export: Path, store: Store, other: Store, tmp_path: Path, what: str, missing: str
) -> None:
    masked = exported(store, tmp_path / "masked.jsonl", what=what)
    with pytest.raises(RowError, match=r"line 1: who wrote this answer is hidden.*--what all"):
        import_export(other, masked)
    for session in Mask(store).concerned(ALL):
        store.sessions.reveal(session.id)
    part = exported(store, tmp_path / "part.jsonl", what=what)

    with pytest.raises(RowError, match=missing) as raised:
        import_export(other, part)
    assert "--what all" in str(raised.value)
    assert rows_of(other) == dict.fromkeys(rows_of(other), 0)
    import_export(other, export)
    assert import_export(other, part).added == 0


def test_columns_that_are_derived_may_be_left_out(export: Path, other: Store, tmp_path: Path) -> None:
    def leave_out(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            for name in ("prompt_title", "in_force", "response"):
                row.pop(name, None)

    import_export(other, changed(export, leave_out))

    assert exported(other, tmp_path / "again.jsonl").read_bytes() == export.read_bytes()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schema": 3}, "it is of schema 3, and this llm-grader reads 2: export it again"),
        ({"type": "vote"}, 'rows of type "vote" are not imported: export everything'),
        ({"label": 1}, 'column "label": expected a text or null, found a whole number'),
        ({"seq": 2**64}, 'column "seq": expected a whole number <= 9223372036854775807'),
        ({"grading_seconds": -1.0}, 'column "grading_seconds": -1.0 cannot stand there'),
        ({"graded_at": "today"}, 'column "graded_at": "today" cannot stand there'),
        ({"side": "left"}, 'column "side": "left" cannot stand there'),
        ({"kind": "skip"}, "its columns contradict each other"),
        ({"colour": "red"}, 'column "colour": no such column'),
    ],
)
def test_a_mistake_in_a_row_is_named(export: Path, other: Store, change: dict[str, Any], words: str) -> None:
    with pytest.raises(RowError) as raised:
        import_export(other, changed(export, lambda rows: first(rows, "grade").update(change)))

    assert words in str(raised.value)
    assert "changed.jsonl: line " in str(raised.value)
    assert rows_of(other) == dict.fromkeys(rows_of(other), 0)


def test_a_column_that_is_there_twice_is_a_mistake(export: Path, other: Store) -> None:
    export.write_bytes(export.read_bytes().replace(b'"title":"Tiny"', b'"title":"Tiny","title":"Tiny"'))

    with pytest.raises(RowError, match="a column is there twice"):
        import_export(other, export)


def test_a_grader_of_the_same_name_is_not_taken_for_the_one_here(
    export: Path, other: Store, tmp_path: Path
) -> None:
    other.graders.found_or_added("MEI")

    with pytest.raises(UsageError, match=r'has a grader "MEI", and so has .*--other-graders'):
        import_export(other, export)
    assert rows_of(other)["responses"] == 0

    with Store.open(tmp_path / "same.db") as same:
        same.graders.found_or_added("MEI")
        import_export(same, export, same_graders=True)
        persons = same.query("SELECT DISTINCT person_id FROM tidy_events WHERE grader_kind = 'person'")
        assert len(list(persons)) == 2, "mei, Mei and MEI are one, ada is another"
    import_export(other, export, same_graders=False)
    assert rows_of(other)["grader_aliases"] == 1
    assert import_export(other, exported(other, tmp_path / "more.jsonl")).added == 0


@pytest.mark.parametrize(("name", "added"), [("x.csv", 0), ("y.csv", 3)])
def test_a_file_that_two_databases_imported_at_other_times_is_the_same_in_both(
    store: Store, other: Store, tmp_path: Path, name: str, added: int
) -> None:
    """Under another name its new prompts are of another task: an item, and two answers to it."""
    rows = tmp_path / "x.csv"
    rows.write_text("prompt,model,text\nSay it.,m,a\nSay it.,m,b\n")
    import_rows(store, rows)
    make.store_response(other)
    import_rows(other, rows.rename(tmp_path / name))

    assert import_export(other, exported(store, tmp_path / "all.jsonl")).added == added
