"""A file that cannot be imported costs one line that says why, and leaves the database as it was."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

import pytest
from store import make

from tui.store.database import Store
from tui.store.exchange.built_in import REPORT
from tui.store.exchange.export import export_to_path
from tui.store.exchange.importing import import_built_in

from .damaged_files import CSV, every_damage

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("export")
    with Store.open(folder / "grades.db") as store:
        for sample in (1, 2):
            response = make.store_response(store, sample=sample)
            make.add(store, make.note(response, "close"))
            given = make.add(store, make.grade(response))
            make.add(store, make.undo(given))
        export_to_path(store, folder / "all.jsonl", what="all", file_format="jsonl")
    return (folder / "all.jsonl").read_bytes()


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With other rows than those of the export."""
    path = tmp_path_factory.mktemp("database") / "grades.db"
    with Store.open(path) as store:
        import_built_in(store, REPORT, app_version="0.1.0")
    return path


@pytest.mark.timeout(600)
def test_every_damaged_file_is_one_line_and_leaves_the_database_as_it_was(
    llm_grader, tmp_path, export, database
):
    damages = every_damage(export)
    before = database.read_bytes()
    assert len(damages) > 250
    wrong = []
    for number, damaged in enumerate(damages):
        file = tmp_path / str(number) / damaged.name
        file.parent.mkdir()
        file.write_bytes(damaged.data)

        code, output, error = llm_grader("import", str(file), "--db", str(database), *damaged.options)

        file.unlink()
        is_one_line = error.count("\n") == 1 and error.startswith("llm-grader: ") and len(error) < 1200
        told = is_one_line and damaged.says in error and "made a mistake" not in error and not output
        if code not in (1, 2) or not told or database.read_bytes() != before:
            wrong.append((damaged.what, code, error, damaged.says))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX has these")
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("missing", "there is no such file or folder"),
        ("folder", "a folder, not a file"),
        ("pipe", "not a regular file, but a pipe or a device"),
        ("device", "not a regular file, but a pipe or a device"),
        ("circle", "a link where none may be, or links that lead in a circle"),
        ("forbidden", "permission denied"),
    ],
)
def test_what_is_no_file_is_one_line_and_makes_no_database(llm_grader, tmp_path, kind, words):
    place = tmp_path / "x.csv"
    match kind:
        case "folder":
            place.mkdir()
        case "pipe":
            os.mkfifo(place)
        case "device":
            place.symlink_to("/dev/zero")
        case "circle":
            place.symlink_to(place)
        case "forbidden":
            if os.geteuid() == 0:
                pytest.skip("nothing is forbidden to root")
            place.write_bytes(CSV)
            place.chmod(0)

    code, output, error = llm_grader("import", str(place), "--db", str(tmp_path / "new.db"))

    assert (code, output) == (1, "")
    assert error.startswith(f"llm-grader: {place}: {words}")
    assert error.count("\n") == 1
    assert not (tmp_path / "new.db").exists()


def test_a_file_that_is_whole_comes_in(llm_grader, tmp_path, export, database):
    """So that what is refused above is refused for its damage."""
    shutil.copy(database, tmp_path / "grades.db")
    (tmp_path / "x.jsonl").write_bytes(export)
    (tmp_path / "x.csv").write_bytes(CSV)
    for name in ("x.csv", "x.jsonl"):
        code, _, error = llm_grader("import", str(tmp_path / name), "--db", str(tmp_path / "grades.db"))
        assert (code, error.count("\n")) == (0, 1), error
