"""Databases that are merged: the same result in whatever order and however often, and all or nothing."""

from __future__ import annotations

import io
import random
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tui.errors import StoreError
from tui.store.database import Store
from tui.store.exchange.export import export_to_stream
from tui.store.exchange.importing import import_built_in
from tui.store.exchange.merging import Other, merge
from tui.store.ids import now
from tui.store.schema import TABLES

from . import every_row, make, processes

if TYPE_CHECKING:
    from tui.store.judgement_records import JudgementRecord
    from tui.store.records import ResponseRecord

VIEWS = ("standing", "in_force", "tidy_responses", "tidy_events", "tidy_judgements", "tidy_preferences")
COPIES, ORDERS, EVENTS = 5, 20, 60


def merged(into: Path, *others: Path) -> dict[str, int]:
    added: dict[str, int] = {}
    for path in others:
        with Store.open(into) as store, Other.open(path) as other:
            added = merge(store, other)
    return added


def everything(path: Path) -> dict[str, object]:
    """All rows of all tables, what the views make of them, and the export."""
    with Store.open(path, create=False) as store:
        names = (*(table.name for table in TABLES), "same_graders", *VIEWS)
        held: dict[str, object] = {
            name: sorted(map(repr, store.tuples(f"SELECT * FROM {name}"))) for name in names
        }
        stream = io.StringIO()
        export_to_stream(store, stream, what="all", file_format="jsonl")
        own = [(item.own_id, item.number, item.title) for item in store.own_items.all()]
        return held | {"export": stream.getvalue(), "own": own}


class Judging:
    """What graders do to one database, by chance."""

    def __init__(self, store: Store, chance: random.Random) -> None:
        self.store = store
        self.chance = chance
        self.grader = ""
        self.session = ""

    def anything(self) -> None:
        self.chance.choice(
            (self.judge,) * 6 + (self.turn,) * 4 + (self.begin, self.end, self.ask, self.answer)
        )()

    def begin(self) -> None:
        self.grader = self.chance.choice(("mei", "ada"))
        mode = self.chance.choice(("free", "grade"))
        begun = self.store.sessions.begin(self.grader, mode=mode, app_version="0.1.0")
        self.session, self.grader_id = begun.id, begun.grader_id

    def judge(self) -> None:
        self._in_session()
        of = self._response()
        mine = {"session_id": self.session, "grader_id": self.grader_id}
        level = self.chance.choice(("fail", "partial", "pass"))
        occasion = self.chance.choice(("first", "first", "repeat"))
        made = self.chance.choice((
            make.grade(of, level, occasion=occasion, **mine), make.grade(of, level, **mine),
            make.skip(of, **mine), make.note(of, level, **mine), make.flag(of, level, **mine),
            self._preference(mine),
        ))  # fmt: skip
        self.store.judgements.add(made)

    def _preference(self, mine: dict[str, str]) -> JudgementRecord:
        one, *others = sorted(self.store.responses.all(), key=lambda response: response.id)
        if not others:
            return make.skip(one, **mine)
        other = self.chance.choice(others)
        side = self.chance.choice(("response", "other", "equal", "both bad"))
        fields = {"kind": "preference", "side": side, "other_response_id": other.id, "place": 1}
        return make.grade(one, None, **fields, **mine)

    def turn(self) -> None:
        self._in_session()
        kind = self.chance.choice(("undo", "undo", "redo"))
        judgements = self.store.judgements
        last = judgements.last_undoable if kind == "undo" else judgements.last_redoable
        if event := last(self.grader_id, "free"):
            mine = {"session_id": self.session, "grader_id": self.grader_id, "occasion": event.occasion}
            mine["other_response_id"] = event.other_response_id
            judgements.add(make.undo(event, kind=kind, **mine))

    def end(self) -> None:
        self._in_session()
        at = {"id": make.new_id(), "session_id": self.session}
        row = self.chance.choice((
            ("reveals", {"revealed_at": now()}),
            ("looks", {"looked_at": now(), "looked_into": "results", "judged": 3, "planned": 9}),
            ("guesses", {"response_id": self._response().id, "model": "tiny", "guessed_at": now()}),
        ))  # fmt: skip
        with self.store.transaction():
            self.store.insert(row[0], at | row[1])

    def ask(self) -> None:
        own = self.store.own_items
        written = own.all()
        match self.chance.choice(("add", "edit", "remove")) if written else "add":
            case "add":
                own.add("mine", f"Say {self.chance.random()}.")
            case "edit":
                own.edit(self.chance.choice(written).own_id, "edited", f"Say {self.chance.random()}.")
            case "remove":
                own.remove(self.chance.choice(written).own_id)

    def answer(self) -> None:
        make.store_response(self.store, sample=self.chance.randint(1, 5))

    def _in_session(self) -> None:
        if not self.session:
            self.begin()

    def _response(self) -> ResponseRecord:
        return self.chance.choice(self.store.responses.all())


def judged(path: Path, chance: random.Random, events: int = EVENTS) -> Path:
    with Store.open(path) as store:
        store._database.execute("PRAGMA synchronous = OFF")
        if not store.responses.all():
            make.store_response(store)
        judging = Judging(store, chance)
        for _ in range(events):
            judging.anything()
    return path


@pytest.fixture
def copies(tmp_path: Path) -> list[Path]:
    """Of one database, each judged on another machine; and one that has never been one with them."""
    chance = random.Random(13)
    start = judged(tmp_path / "start.db", chance)
    with Store.open(start) as store:
        import_built_in(store, "report-2023", app_version="0.1.0")
        for name in ("mei", "ada"):
            store.sessions.begin(name, mode="free", app_version="0.1.0")
    paths = [tmp_path / f"{number}.db" for number in range(COPIES - 1)]
    for path in paths:
        shutil.copy(start, path)
        judged(path, chance)
    stranger = judged(tmp_path / "stranger.db", chance)
    with Store.open(stranger) as store:
        import_built_in(store, "report-2023", app_version="0.2.0")
    return [*paths, stranger]


def test_copies_merged_in_any_order_give_one_result(copies: list[Path], tmp_path: Path) -> None:
    chance, results = random.Random(7), []
    for number in range(ORDERS):
        order = chance.sample(copies, k=COPIES)
        result = tmp_path / f"result {number}.db"
        if number % 2:
            shutil.copy(order[0], result)
        merged(result, *order, chance.choice(order))
        results.append(everything(result))

    assert results[0]["reveals"]
    assert results[0]["own"]
    for result in results[1:]:
        assert result == results[0]


def test_either_into_the_other_gives_the_same(copies: list[Path], tmp_path: Path) -> None:
    for left, right in pairwise(copies):
        one, other = shutil.copy(left, tmp_path / "one.db"), shutil.copy(right, tmp_path / "other.db")
        assert merged(one, right)["judgements"] > 0
        merged(other, left)
        assert everything(one) == everything(other)


def test_a_second_time_adds_nothing(copies: list[Path]) -> None:
    merged(copies[0], copies[1], copies[-1])
    before = everything(copies[0])

    assert set(merged(copies[0], copies[1], copies[-1]).values()) == {0}
    assert everything(copies[0]) == before


def test_nothing_is_lost(copies: list[Path]) -> None:
    apart = [everything(path) for path in copies[:-1]]
    merged(copies[0], *copies[1:-1])
    together = everything(copies[0])

    for name in ("judgements", "sessions", "reveals", "looks", "guesses", "own_items", "runs"):
        assert set(together[name]) == {row for each in apart for row in each[name]}


def test_what_is_judged_after_a_merge_stands(copies: list[Path]) -> None:
    merged(copies[0], copies[1])
    with Store.open(copies[0]) as store:
        response = store.responses.all()[0]
        begun = store.sessions.begin("mei", mode="free", app_version="0.1.0")
        last = make.grade(response, "fail", session_id=begun.id, grader_id=begun.grader_id)
        store.judgements.add(last)

        assert last in make.in_force(store)
        (row,) = store.query("SELECT max(seq) AS newest FROM judgements")
        (other,) = store.query("SELECT seq FROM judgements WHERE id = ?", [last.id])
        assert other["seq"] == row["newest"]


def test_a_row_of_every_kind_comes_over_but_claims(tmp_path: Path) -> None:
    source, target = tmp_path / "source.db", tmp_path / "target.db"
    for path in (source, target):
        Store.open(path).close()
    with sqlite3.connect(source) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        every_row.fill(connection)
    connection.close()

    merged(target, source)

    rows, there = everything(target), everything(source)
    assert rows["claims"] == []
    assert rows == there | {"claims": []}


def test_the_same_answers_imported_on_two_machines_are_there_once(tmp_path: Path) -> None:
    paths = [tmp_path / "mine.db", tmp_path / "yours.db"]
    for path in paths:
        with Store.open(path) as store:
            make.store_response(store, sample=len(path.stem))
            import_built_in(store, "report-2023", app_version=path.stem)

    added = merged(*paths)

    assert (added["responses"], added["judgements"]) == (1, 0)
    with Store.open(paths[0]) as store:
        assert len(store.responses.all()) == 32
        with pytest.raises(StoreError, match="only ever added to"), store.transaction():
            store.execute("UPDATE judgements SET level = 'fail'")


@pytest.mark.parametrize("contradicts", [False, True])
def test_a_row_that_gives_way_leaves_the_refusals_as_they_were(tmp_path: Path, contradicts: bool) -> None:
    older, newer = tmp_path / "older.db", tmp_path / "newer.db"
    for path in (older, newer):
        with Store.open(path) as store:
            import_built_in(store, "report-2023", app_version="0")
    before, rows = schema(newer), everything(newer)
    if contradicts:
        with sqlite3.connect(older) as connection:
            connection.execute("DROP TRIGGER judgements_refuse_update")
            connection.execute("UPDATE judgements SET criterion = 'another'")
        with pytest.raises(StoreError, match="Nothing was merged"):
            merged(newer, older)
        assert everything(newer) == rows
    else:
        merged(newer, older)
        assert everything(newer) == everything(older) != rows
    assert schema(newer) == before


def schema(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


def test_the_file_that_is_merged_stays_as_it_is(copies: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    path = shutil.copy(copies[1], folder / "grades.db")
    before = path.read_bytes()

    merged(copies[0], path)

    assert path.read_bytes() == before
    assert [file.name for file in folder.iterdir()] == ["grades.db"]


def test_what_a_kill_left_beside_the_file_is_merged_too(copies: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    with Store.open(copies[1]) as store:
        response = make.store_response(store, text="only in the log")
        for suffix in ("", "-wal"):
            shutil.copy(f"{copies[1]}{suffix}", folder / f"grades.db{suffix}")
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert before["grades.db-wal"]

    merged(copies[0], folder / "grades.db")

    with Store.open(copies[0]) as store:
        assert store.responses.get(response.id) == response
    assert before.items() <= {file.name: file.read_bytes() for file in folder.iterdir()}.items()


def test_a_database_that_is_open_elsewhere_is_merged_as_it_is_now(copies: list[Path]) -> None:
    with Store.open(copies[1]) as theirs:
        response = make.store_response(theirs, text="a moment ago")
        merged(copies[0], copies[1])
        make.store_response(theirs, text="still writing")

    with Store.open(copies[0]) as store:
        assert store.responses.get(response.id) == response


def test_what_is_written_while_it_is_read_without_a_lock_is_not_half_merged(copies: list[Path]) -> None:
    before = everything(copies[0])
    with Store.open(copies[0]) as store, Other.open(copies[1]) as other:
        with Store.open(copies[1]) as theirs:
            make.store_response(theirs)
        with pytest.raises(StoreError, match="is being written by another program: try again"):
            merge(store, other)

    assert everything(copies[0]) == before


def tampered(path: Path, *statements: str) -> Path:
    """As another program would do it."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {trigger}")
    for statement in statements:
        connection.execute(statement)
    connection.close()
    return path


GRADE = "kind = 'grade' AND substr(id, 15, 1) = '7'"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (f"UPDATE judgements SET value = 0.25 WHERE {GRADE}", "judgements differs from the one here: value"),
        (f"UPDATE judgements SET seq = 900 WHERE {GRADE}", "of judgements differs from the one here: seq"),
        ("UPDATE responses SET text = 'better'", "of responses differs from the one here: text"),
        ("UPDATE items SET title = 'easier'", "of items differs from the one here: title"),
        ("UPDATE sessions SET blind = 5", "of sessions differs from the one here: blind"),
        (
            f"INSERT INTO graders VALUES ('{make.new_id()}', '{now()}', '', '', 'person')",
            "of graders cannot be: CHECK constraint failed",
        ),
        ("UPDATE graders SET kind = 'ghost'", "of graders differs from the one here: kind"),
        (
            f"INSERT INTO reveals VALUES ('{make.new_id()}', 900, '{make.new_id()}', '{now()}')",
            "of reveals cannot be: FOREIGN KEY constraint failed",
        ),
        (
            "UPDATE own_items SET id = substr(id, 1, 35) || 'x', title = CAST(x'6162ff' AS TEXT)",
            "of own_items cannot be: CHECK constraint failed",
        ),
    ],
)  # fmt: skip
def test_a_row_that_contradicts_is_named_and_nothing_is_merged(
    copies: list[Path], tmp_path: Path, statement: str, said: str
) -> None:
    start = shutil.copy(copies[0], tmp_path / "other.db")
    with Store.open(start) as store:
        store.own_items.add("mine", "Say hello.")
    shutil.copy(start, copies[0])
    other = tampered(start, statement)
    judged(copies[0], random.Random(1), 5)
    before = everything(copies[0])

    with pytest.raises(StoreError) as raised:
        merged(copies[0], other)

    assert str(raised.value).startswith(f"{other}: the row ")
    assert said in str(raised.value)
    assert str(raised.value).endswith(". Nothing was merged.")
    assert "\n" not in str(raised.value)
    assert everything(copies[0]) == before


def test_a_kill_in_the_midst_leaves_the_database_as_it_was(copies: list[Path]) -> None:
    before = everything(copies[0])
    process, here = processes.start(processes.merge_half, copies[0], copies[1])
    assert here.recv() == "in the midst"

    process.kill()
    process.join()

    assert everything(copies[0]) == before
    with Store.open(copies[0]) as store:
        assert next(store.query("PRAGMA integrity_check")) == {"integrity_check": "ok"}
    assert merged(copies[0], copies[1])["judgements"] > 0


def test_another_process_grades_meanwhile_and_loses_nothing(copies: list[Path]) -> None:
    with Store.open(copies[0]) as store:
        response = store.responses.all()[0]
        make.add_grader(store, "bo")
    grader, _ = processes.start(processes.grade_times, copies[0], response, "bo", 100)

    for path in copies[1:]:
        merged(copies[0], path)
    grader.join()

    assert grader.exitcode == 0
    with Store.open(copies[0]) as store:
        assert len(store.judgements.events(grader_id=make.grader_id("bo"))) == 100
        held = {row["id"] for row in store.query("SELECT id FROM judgements")}
    for path in copies[1:]:
        with Store.open(path) as store:
            assert {row["id"] for row in store.query("SELECT id FROM judgements")} <= held


def test_what_two_machines_call_the_same_weights_and_models_is_no_contradiction(tmp_path: Path) -> None:
    paths = [tmp_path / "mine.db", tmp_path / "yours.db"]
    for path in paths:
        with Store.open(path) as store:
            model = replace(make.model(), title=path.stem)
            made = make.response(make.new_id(), of=model)
            weights = replace(make.WEIGHTS, file=f"{path.stem}.gguf")
            store.responses.add(make.recorded(made, of=model, weights=weights))
    back = shutil.copy(paths[0], tmp_path / "back.db")

    merged(*paths)
    merged(paths[1], back)

    assert everything(paths[0]) == everything(paths[1])
    with Store.open(paths[0]) as store:
        assert [row["title"] for row in store.query("SELECT title FROM models")] == ["mine"]


@pytest.mark.skipif(sys.platform == "win32", reason="folders there have no write permission to take away")
@pytest.mark.parametrize("log", [False, True])
def test_a_database_that_nobody_may_write_beside_can_be_merged(log: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        archive = Path(name) / "archive"
        archive.mkdir()
        with Store.open(Path(name) / "theirs.db") as store:
            make.store_response(store)
            for suffix in ("", "-wal") if log else ():
                shutil.copy(f"{store.path}{suffix}", archive / f"grades.db{suffix}")
        if not log:
            shutil.copy(Path(name) / "theirs.db", archive / "grades.db")
        before = sorted(file.name for file in archive.iterdir())
        Path(name).chmod(0o755)
        for path in archive.iterdir():
            path.chmod(0o444)
        archive.chmod(0o555)

        process, here = processes.start(processes.open_to_merge_as_ordinary_person, archive / "grades.db")
        answer = here.recv()
        process.join()

        assert answer == 1
        assert sorted(file.name for file in archive.iterdir()) == before
        archive.chmod(0o755)
