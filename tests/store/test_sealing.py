"""Seals: what was judged is there as it was, or the seal says what is not."""

from __future__ import annotations

import io
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from tui.errors import StoreError, UsageError
from tui.store.database import Store
from tui.store.exchange.export import export_to_path
from tui.store.exchange.importing import import_built_in
from tui.store.exchange.merging import Other, merge
from tui.store.exchange.sealing.comparison import Compared, compare
from tui.store.exchange.sealing.rows import PARTS
from tui.store.exchange.sealing.seal import read_seal, seal, write_seal
from tui.store.schema import BY_NAME

from . import every_row, make
from .importing import import_export

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.store.exchange.sealing.seal import Seal

NAMES = ["rubrics", "items", "responses", "judgements", "sessions"]
GUIDE = Path(__file__).parent.parent.parent / "docs" / "export.md"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "grades.db"
    with Store.open(path) as store:
        import_built_in(store, "report-2023", app_version="0.1.0")
    with closing(sqlite3.connect(path)) as connection, connection:
        every_row.fill(connection)
    return path


@pytest.fixture
def full(path: Path, template: Path) -> Path:
    """A database with a row of every kind, and the report, whose ids are the same everywhere."""
    shutil.copy(template, path)
    return path


def sealed(path: Path) -> Seal:
    with Store.open(path, create=False) as store:
        return seal(store, app_version="0.1.0")


def compared(path: Path, made: Seal) -> dict[str, Compared]:
    with Store.open(path, create=False) as store:
        return {each.table: each for each in compare(store, made)}


def broken(path: Path, made: Seal) -> list[str]:
    return [name for name, each in compared(path, made).items() if not each.is_whole]


def edit(path: Path, sql: str, values: tuple[object, ...] = ()) -> None:
    """As somebody does who will not be stopped by a trigger, a key or a rule."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for (trigger,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        assert connection.execute(sql, values).rowcount == 1


def written(made: Seal, path: Path) -> Path:
    stream = io.StringIO()
    write_seal(made, stream)
    path.write_text(stream.getvalue(), encoding="utf-8")
    return path


def recomputed(made: Seal, database: Path, folder: Path) -> str:
    """What the script of the guide says, which knows nothing of this program."""
    after = GUIDE.read_text(encoding="utf-8").partition("## A seal")[2]
    (script,) = re.findall(r"```python\n(.*?)```", after, re.DOTALL)
    assert "tui" not in script
    with Store.open(database, create=False) as store:
        export_to_path(store, folder / "all.jsonl", what="all", file_format="jsonl", overwrite=True)
    arguments = [written(made, folder / "seal.json"), folder / "all.jsonl"]
    done = subprocess.run(
        [sys.executable, "-I", "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
    )
    return done.stdout.strip()


def test_a_seal_is_of_five_tables_with_all_their_columns_but_a_sessions_seed(full: Path) -> None:
    made = sealed(full)

    assert list(made.parts) == NAMES
    assert {name: len(part.columns) for name, part in made.parts.items()} == {
        name: len(BY_NAME[name].columns) - (name == "sessions") for name in NAMES
    }
    with Store.open(full) as store:
        counts = {name: store.tuples(f"SELECT count(*) FROM {name}")[0][0] for name in NAMES}
    assert {name: part.count for name, part in made.parts.items()} == counts
    edit(full, "UPDATE sessions SET seed = 8 WHERE id = ?", (every_row.uuid(21),))
    assert broken(full, made) == []
    assert sealed(full).sha256 == made.sha256


def test_a_stranger_computes_the_same_from_the_export(full: Path, tmp_path: Path) -> None:
    made = sealed(full)

    assert recomputed(made, full, tmp_path) == "True"
    edit(full, "UPDATE judgements SET text = 'far' WHERE id = ?", (every_row.uuid(46),))
    assert recomputed(made, full, tmp_path) == "False"


def changes() -> Iterator[tuple[str, str]]:
    for part in PARTS:
        for column in BY_NAME[part.table].column_names:
            if (part.table, column) != ("sessions", "seed") and column != part.key:
                yield part.table, column


@pytest.mark.parametrize(("table", "column"), list(changes()))
def test_no_column_of_a_sealed_row_can_be_changed(full: Path, table: str, column: str) -> None:
    made = sealed(full)
    key = BY_NAME[table].key[0]
    with closing(sqlite3.connect(full)) as connection:
        (id_,) = connection.execute(f"SELECT max({key}) FROM {table} WHERE {key} NOT LIKE '%-5%'").fetchone()

    edit(full, f"UPDATE {table} SET {column} = coalesce({column} || '1', 1) WHERE {key} = ?", (id_,))

    assert broken(full, made) == [table]


CHANGED = {
    "rubrics": ("criteria", "[]"),
    "items": ("expected", "another"),
    "responses": ("text", "a - b"),
    "judgements": ("value", 0.5),
    "sessions": ("blind", 0),
}


@pytest.mark.parametrize("table", NAMES)
def test_a_row_that_is_changed_or_gone_is_named(full: Path, table: str) -> None:
    made = sealed(full)
    key = BY_NAME[table].key[0]
    column, value = CHANGED[table]
    with closing(sqlite3.connect(full)) as connection:
        ids = connection.execute(
            f"SELECT {key} FROM {table} WHERE {column} IS NOT NULL AND {column} <> ?", (value,)
        )
        changed, gone = (id_ for (id_,) in ids.fetchmany(2))

    edit(full, f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (value, changed))
    edit(full, f"DELETE FROM {table} WHERE {key} = ?", (gone,))

    found = compared(full, made)
    assert [name for name in NAMES if not found[name].is_whole] == [table]
    assert found[table].changed == (changed,)
    assert found[table].missing == (make.digest(gone)[:16],)
    assert found[table].as_sealed == made.parts[table].count - 2
    assert found[table].came == 0


def test_a_row_with_another_id_is_missing_and_new(full: Path) -> None:
    made = sealed(full)
    edit(full, "UPDATE judgements SET id = ? WHERE id = ?", (every_row.uuid(99), every_row.uuid(46)))

    found = compared(full, made)["judgements"]

    assert found.missing == (make.digest(every_row.uuid(46))[:16],)
    assert (found.came, found.came_between, found.is_whole) == (1, (every_row.uuid(99),), False)


def test_what_is_done_later_does_no_harm(full: Path, tmp_path: Path) -> None:
    made = sealed(full)
    with Store.open(full) as store:
        response = make.store_response(store, to=make.item(number=7, text="Later"))
        given = make.add(store, make.grade(response, grader="ada"))
        make.add(store, make.undo(given))
        make.add(store, make.note(response, "It stands beside an older judgement.", grader="ada"))
        old = store.judgements.of_responses([every_row.uuid(3)], every_row.uuid(10))[0]
        make.add(store, make.undo(old, occasion=old.occasion, other_response_id=old.other_response_id))
        store.sessions.reveal(every_row.uuid(21))

    found = compared(full, made)

    assert all(each.is_whole for each in found.values())
    assert {name: each.came for name, each in found.items()} == {
        "rubrics": 1, "items": 1, "responses": 1, "judgements": 4, "sessions": 1,
    }  # fmt: skip
    assert not any(each.came_between for each in found.values())
    assert recomputed(made, full, tmp_path) == "True"


def merged(into: Path, other: Path) -> None:
    with Store.open(into) as store, Other.open(other) as there:
        merge(store, there)


def test_a_seal_made_before_a_merge_holds_after_it_in_both_databases(full: Path, tmp_path: Path) -> None:
    """Both have imported the same report, each at its own time, and have a prompt of their own number 1."""
    other = tmp_path / "other.db"
    with Store.open(other) as store:
        number = store.own_items.add("hers", "Say it in Latin.")
        given = make.store_response(store, to=make.item("own", number, "Say it in Latin."))
        hers = make.add(store, make.grade(given, grader="ada"))
        import_built_in(store, "report-2023", app_version="0.0.9")
    seals = {path: sealed(path) for path in (full, other)}

    merged(full, other)
    merged(other, full)

    for path, made in seals.items():
        found = compared(path, made)
        assert [name for name in NAMES if not found[name].is_whole] == []
        assert recomputed(made, path, tmp_path) == "True"
    assert compared(full, seals[full])["judgements"].came_between == (hers.id,)
    assert sealed(full).sha256 == sealed(other).sha256


def test_a_seal_holds_in_a_database_that_an_export_was_brought_back_into(full: Path, tmp_path: Path) -> None:
    made = sealed(full)
    with Store.open(full) as store:
        export_to_path(store, tmp_path / "all.jsonl", what="all", file_format="jsonl")
    with Store.open(tmp_path / "again.db") as store:
        import_built_in(store, "report-2023", app_version="0.0.9")
        import_export(store, tmp_path / "all.jsonl")

    assert broken(tmp_path / "again.db", made) == []


def test_nothing_in_a_seal_is_an_id_a_name_or_a_text(full: Path, tmp_path: Path) -> None:
    text = written(sealed(full), tmp_path / "seal.json").read_text(encoding="utf-8")

    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", text)
    assert not [
        each for each in ("tiny", "falcon", "Mei", "report-2023", "a + b", "extractive") if each in text
    ]


def test_an_empty_database_has_a_seal_that_holds_when_it_is_filled(path: Path, tmp_path: Path) -> None:
    with Store.open(path):
        made = sealed(path)
        assert {part.count for part in made.parts.values()} == {0}
        assert recomputed(made, path, tmp_path) == "True"
        with Store.open(path) as store:
            import_built_in(store, "report-2023", app_version="0.1.0")
    assert broken(path, made) == []


def test_a_seal_that_was_tampered_with_is_none(full: Path, tmp_path: Path) -> None:
    made = sealed(full)
    whole: dict[str, Any] = json.loads(msgspec.json.encode(made))

    def read(**changed: Any) -> Seal:
        (tmp_path / "seal.json").write_text(json.dumps(whole | changed), encoding="utf-8")
        return read_seal(tmp_path / "seal.json")

    assert read() == made
    fewer = whole["parts"]["judgements"] | {"rows": whole["parts"]["judgements"]["rows"][1:]}
    with pytest.raises(StoreError, match="contradict each other"):
        read(parts=whole["parts"] | {"judgements": fewer})
    with pytest.raises(StoreError, match="contradict each other"):
        read(sha256=make.digest("another"))
    with pytest.raises(UsageError, match="another version"):
        read(llm_grader_seal=2)
    with pytest.raises(UsageError, match="is no seal"):
        read(parts=[])
    counted = fewer | {"count": fewer["count"] - 1}
    found = compared(full, read(parts=whole["parts"] | {"judgements": counted}))["judgements"]
    assert (found.is_whole, found.changed, found.missing) == (False, (), ())
