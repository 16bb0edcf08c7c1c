"""Answers and items that another program wrote."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tui.catalogue.catalogue import Catalogue, load_catalogue
from tui.catalogue.item import items_of
from tui.catalogue.loading import load_task
from tui.catalogue.own_prompt import USUAL_LEVELS
from tui.errors import StoreError, UsageError
from tui.generation.selection import chosen_items
from tui.store.database import Store
from tui.store.exchange.columns import ANSWERS, ITEMS
from tui.store.exchange.export import export_to_path
from tui.store.exchange.foreign import ForeignImported
from tui.store.exchange.source import RowError, open_source
from tui.store.items import item_record, rubric_record

from . import processes
from .importing import import_export, import_rows, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable

DOCS = Path(__file__).parents[2] / "docs" / "import.md"


def write_csv(path: Path, columns: Iterable[str], *rows: Iterable[object]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    return path


def write_jsonl(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    return write_csv(
        tmp_path / "My answers.csv",
        ["prompt", "model", "response"],
        ["Say hello.", "gpt-x", "Hello,\n\nyou."],
        ["Say hello.", "other", "Hi."],
        ["Say bye.", "gpt-x", ""],
        ["Say hello.", "gpt-x", "Hello again."],
    )


def test_an_answer_says_of_itself_what_the_file_says(store: Store, answers: Path) -> None:
    assert import_rows(store, answers) == ForeignImported(4, 4, 2, 2, 2)

    responses = store.responses.all()

    told = [(each.task, each.prompt_number, each.model, each.sample, each.text) for each in responses]
    assert told == [
        ("my-answers", 1, "gpt-x", 1, "Hello,\n\nyou."),
        ("my-answers", 1, "other", 1, "Hi."),
        ("my-answers", 2, "gpt-x", 1, ""),
        ("my-answers", 1, "gpt-x", 2, "Hello again."),
    ]
    assert {(each.finish_reason, each.origin_class, each.run_id, each.seed) for each in responses} == {
        ("unknown", "unknown", None, None)
    }
    (row,) = store.query("SELECT * FROM imports")
    digest = hashlib.sha256(answers.read_bytes()).hexdigest()
    assert (row["file"], row["sha256"], row["format"]) == ("My answers.csv", digest, "csv")
    assert {each.import_id for each in responses} == {row["id"]}
    assert {each.origin for each in responses} == {f"file:{digest}"}


def test_a_second_time_adds_nothing_and_another_database_has_the_same_ids(
    store: Store, tmp_path: Path, answers: Path
) -> None:
    import_rows(store, answers)
    before = rows_of(store)

    assert import_rows(store, answers) == ForeignImported()
    assert rows_of(store) == before
    copy = answers.rename(tmp_path / "copy.csv")
    assert import_rows(store, copy) == ForeignImported()
    with Store.open(tmp_path / "other.db") as other:
        import_rows(other, copy, as_task="my-answers")
        assert {each.id for each in other.responses.all()} != {each.id for each in store.responses.all()}
    with Store.open(tmp_path / "another.db") as other:
        import_rows(other, copy.rename(answers))
        assert {each.id for each in other.responses.all()} == {each.id for each in store.responses.all()}


def test_the_same_answers_as_json_lines(store: Store, tmp_path: Path) -> None:
    rows = [
        {"instruction": "Do.", "input": "x", "output": 'a "b": c\0', "generator": "m", "extra": {"a": [1]}},
        {"instruction": "Do.", "input": None, "output": "b", "generator": "m"},
    ]

    import_rows(store, write_jsonl(tmp_path / "rows", *rows))

    assert [each.text for each in store.responses.all()] == ['a "b": c\0', "b"]
    assert [row["input"] for row in store.query("SELECT input FROM items ORDER BY number")] == ["x", ""]


def test_an_answer_to_a_prompt_of_the_catalogue_is_one_to_its_item(store: Store, tmp_path: Path) -> None:
    item = load_catalogue().item("extractive-qa/2")
    columns = ["prompt", "input", "item", "reference", "model", "text"]
    rows = write_csv(
        tmp_path / "x.csv",
        columns,
        [item.prompt.text, item.prompt.input, "", "another", "m", "a"],
        ["", "", "extractive-qa/2", "", "m", "b"],
    )

    assert import_rows(store, rows).new_items == 0

    record = item_record(item, rubric_record(item))
    assert {(each.item_hash, each.task, each.prompt_number) for each in store.responses.all()} == {
        (record.hash, "extractive-qa", 2)
    }


def test_a_prompt_that_a_person_wrote_is_known_too(store: Store, tmp_path: Path) -> None:
    store.own_items.add("mine", "Say hello.")

    import_rows(store, write_jsonl(tmp_path / "x.jsonl", {"prompt": "Say hello.", "model": "m", "text": "a"}))

    assert [(each.task, each.prompt_number) for each in store.responses.all()] == [("own", 1)]


def test_an_unknown_prompt_goes_into_the_task_that_is_named_with_its_rubric(
    store: Store, tmp_path: Path
) -> None:
    task = load_catalogue().task("code-generation")
    row = {"prompt": "Print 1.", "model": "m", "text": "print(1)", "expected": "1"}

    import_rows(store, write_jsonl(tmp_path / "x.jsonl", row), as_task="code-generation")

    (response,) = store.responses.all()
    assert (response.task, response.prompt_number) == ("code-generation", len(task.prompts) + 1)
    joined = Catalogue((), store.all_tasks(load_catalogue().tasks))
    item = joined.item(f"code-generation/{response.prompt_number}")
    assert item.rubric == task.rubric
    assert item.prompt.expected == "1"
    assert item_record(item, rubric_record(item)).hash == response.item_hash


@pytest.mark.parametrize(("role", "name"), [(role, name) for role in ANSWERS for name in ANSWERS[role]])
def test_every_name_of_a_column_of_answers(store: Store, tmp_path: Path, role: str, name: str) -> None:
    value = {"item": "code-generation/1", "sample": "3"}.get(role, "x")
    cells = {"prompt": "Say it.", "model": "m", "text": "a"} | {role: value}
    cells[f" {name.upper()} "] = cells.pop(role)

    import_rows(store, write_csv(tmp_path / "x.csv", cells, cells.values()))

    (row,) = store.query("SELECT * FROM tidy_responses")
    assert {
        "item": f"{row['task']}/{row['prompt_number']}",
        "prompt": row["prompt"],
        "input": row["input"],
        "expected": row["expected"],
        "model": row["model"],
        "text": row["text"],
        "sample": str(row["sample"]),
    }[role] == value


def test_the_page_about_import_names_every_column_it_finds() -> None:
    page = DOCS.read_text(encoding="utf-8")
    for known in (ANSWERS, ITEMS):
        for role, names in known.items():
            assert f"| `--{role}` | {', '.join(f'`{name}`' for name in names)} |" in page


def test_columns_of_other_names_are_named(store: Store, tmp_path: Path) -> None:
    columns = ["q", "who", "said", "output", "answer"]
    rows = write_csv(tmp_path / "x.csv", columns, ["Say it.", "m", "it", "no", "yes"])

    import_rows(store, rows, prompt="q", model="who", text="said", expected="answer")

    (row,) = store.query("SELECT * FROM tidy_responses")
    assert (row["prompt"], row["model"], row["text"], row["expected"]) == ("Say it.", "m", "it", "yes")


def test_items_become_a_task_that_is_asked_and_shown_like_any_other(store: Store, tmp_path: Path) -> None:
    rows = write_csv(
        tmp_path / "x.csv", ["q", "a"], ["One and one?", "2"], ["Two and two?\nSay why.", "4"], ["Why?", ""]
    )

    done = import_rows(store, rows, as_task="sums", text="q", expected="a")

    assert done == ForeignImported(rows=3, new_items=3)
    task = store.all_tasks(load_catalogue().tasks)[-2]
    assert [(each.number, each.title, each.expected) for each in task.prompts] == [
        (1, "One and one?", "2"), (2, "Two and two?", "4"), (3, "Why?", ""),
    ]  # fmt: skip
    assert task.rubric.levels == USUAL_LEVELS
    catalogue = Catalogue((), store.all_tasks(load_catalogue().tasks))
    assert chosen_items(catalogue, ["sums"], []) == [*items_of(task)]
    assert "sums" not in {item.task.name for item in chosen_items(catalogue, [], [])}
    stored = {row["hash"] for row in store.query("SELECT hash FROM items WHERE source = 'import'")}
    assert {item_record(item, rubric_record(item)).hash for item in items_of(task)} == stored


def test_more_items_of_a_task_come_after_those_that_are_there(store: Store, tmp_path: Path) -> None:
    first = write_jsonl(tmp_path / "1.jsonl", {"text": "One?"}, {"text": "Two?"})
    second = write_jsonl(tmp_path / "2.jsonl", {"text": "Two?"}, {"text": "Three?"})
    import_rows(store, first, as_task="sums")

    assert import_rows(store, second, as_task="sums") == ForeignImported(rows=2, new_items=1)

    task = store.imported_items.task("sums")
    assert task
    assert [(each.number, each.text) for each in task.prompts] == [(1, "One?"), (2, "Two?"), (3, "Three?")]


def test_answers_find_the_items_that_were_imported_before(store: Store, tmp_path: Path) -> None:
    import_rows(store, write_jsonl(tmp_path / "1.jsonl", {"text": "One?"}), as_task="sums")
    by_prompt = {"prompt": "One?", "model": "m", "text": "1"}
    by_name = {"item": "sums/1", "model": "m", "text": "one"}

    done = import_rows(store, write_jsonl(tmp_path / "2.jsonl", by_prompt, by_name))

    assert (done.new_items, done.prompts) == (0, 1)
    assert [(each.task, each.sample) for each in store.responses.all()] == [("sums", 1), ("sums", 2)]


def test_a_task_file_is_written_where_it_is_asked_for_and_is_the_same_task(
    store: Store, tmp_path: Path
) -> None:
    rows = write_jsonl(
        tmp_path / "x.jsonl", {"text": 'A "quote" \\ \x7f\0\n日本', "input": "\t", "expected": "=1"}
    )
    file = tmp_path / "sums.toml"

    import_rows(store, rows, as_task="sums", output=file)

    (prompt,) = load_task(file).prompts
    assert (prompt.text, prompt.input, prompt.expected) == ('A "quote" \\ \x7f\0\n日本', "\t", "=1")
    assert load_task(file).rubric.levels == USUAL_LEVELS
    with pytest.raises(StoreError, match=r"sums\.toml exists"):
        import_rows(store, rows, as_task="more", output=file)
    assert store.imported_items.task("more") is None


@pytest.mark.parametrize("name", ["code-generation", "own"])
def test_items_of_a_task_that_is_somebody_elses_are_refused(store: Store, tmp_path: Path, name: str) -> None:
    rows = write_jsonl(tmp_path / "x.jsonl", {"text": "One?"})

    if name == "own":
        from tui.store.exchange.items_in_files import named_task

        with pytest.raises(UsageError, match='"own" is the task of the prompts that you write'):
            named_task(name)
        return
    with pytest.raises(UsageError, match="code-generation is a task of the catalogue"):
        import_rows(store, rows, as_task=name)
    assert rows_of(store) == dict.fromkeys(rows_of(store), 0)


def test_the_line_of_a_row_is_that_on_which_it_begins(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(b'\xef\xbb\xbfprompt,model,text\r\n"a\r\n\r\nb",m,"x\ny"\r\n\r\nc,,z\r\n')

    with pytest.raises(RowError, match=r'x\.csv: line 7, column "model": the name of the model is missing'):
        import_rows(store, file)


def test_a_cell_may_be_long(store: Store, tmp_path: Path) -> None:
    text = "long " * 100_000

    import_rows(store, write_csv(tmp_path / "x.csv", ["prompt", "model", "text"], ["a", "m", text]))

    assert [each.text for each in store.responses.all()] == [text]


def test_another_correct_answer_to_the_same_prompt_is_a_mistake(store: Store, tmp_path: Path) -> None:
    rows = write_csv(tmp_path / "x.csv", ["text", "expected"], ["One?", "1"], ["One?", "one"])

    with pytest.raises(RowError, match=r'line 3, column "expected": sums/1 is the same prompt with another'):
        import_rows(store, rows, as_task="sums")
    assert store.imported_items.task("sums") is None


def test_a_file_that_grows_while_it_is_read_is_not_imported(store: Store, tmp_path: Path) -> None:
    rows = write_csv(tmp_path / "x.csv", ["prompt", "model", "text"], *[["a", "m", "b"]] * 10_000)

    with open_source(rows) as source:
        lines = source.texts()
        next(lines)
        with rows.open("a") as file:
            file.write("a,m,c\n")
        with pytest.raises(RowError, match="the file changed while it was read"):
            list(lines)


def test_samples_are_those_of_the_file(store: Store, tmp_path: Path) -> None:
    columns = ["prompt", "model", "text", "sample"]
    rows = write_csv(tmp_path / "x.csv", columns, ["a", "m", "b", 7], ["a", "m", "c", ""], ["a", "m", "d", 2])

    import_rows(store, rows)

    assert [each.sample for each in store.responses.all()] == [7, 8, 2]
    with pytest.raises(RowError, match=re.escape('line 3, column "sample": sample 1 of this model')):
        import_rows(store, write_csv(tmp_path / "y.csv", columns, ["a", "m", "b", 1], ["a", "m", "c", 1]))


def test_items_of_two_databases_that_have_one_name_are_named_alike_in_both(
    store: Store, tmp_path: Path
) -> None:
    def asked(of: Store) -> list[tuple[str, str]]:
        task = of.imported_items.task("x")
        assert task
        return [(f"{item.name}", item.prompt.text) for item in items_of(task)]

    with Store.open(tmp_path / "other.db") as other:
        for each, texts in ((store, ("One?", "Two?")), (other, ("Three?", "Two?", "Four?"))):
            rows = write_jsonl(tmp_path / "x.jsonl", *({"text": text} for text in texts))
            import_rows(each, rows, as_task="x")
        for each, from_ in ((store, other), (other, store)):
            export_to_path(from_, tmp_path / "all.jsonl", what="all", file_format="jsonl", overwrite=True)
            import_export(each, tmp_path / "all.jsonl")

        assert asked(store) == asked(other)
        assert [name for name, _ in asked(store)] == ["x/1", "x/2", "x/3", "x/4"]
        assert {text for _, text in asked(store)} == {"One?", "Two?", "Three?", "Four?"}
        named = write_jsonl(
            tmp_path / "y.jsonl", *({"item": f"x/{n}", "model": "m", "text": ""} for n in (3, 4))
        )
        before = asked(store)
        import_rows(store, named)
        assert asked(store) == before, "what a name is given for an answer changes no name"


def test_two_processes_import_a_file_once(store: Store, path: Path, answers: Path) -> None:
    importers = [processes.start(processes.import_file, path, answers) for _ in range(4)]
    told = [here.recv() for _, here in importers]
    for importer, _ in importers:
        importer.join()

    assert sorted(told) == [0, 0, 0, 4]
    assert rows_of(store)["responses"] == 4


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_kill_in_the_midst_leaves_the_database_as_it_was(store: Store, path: Path, tmp_path: Path) -> None:
    rows = write_csv(tmp_path / "x.csv", ["prompt", "model", "text"], *[["a", "m", "b" * 1000]] * 5000)

    importer, _ = processes.start(processes.import_file, path, rows, 4500)
    importer.join()

    assert importer.exitcode == -9
    assert rows_of(store) == dict.fromkeys(rows_of(store), 0)
    assert import_rows(store, rows).answers == 5000
