"""The answers and verdicts of the 2023 report, in a person's database."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tui import paths
from tui.catalogue.catalogue import load_catalogue
from tui.errors import StoreError
from tui.store.database import Store
from tui.store.exchange.built_in import REPORT, baseline, built_in
from tui.store.exchange.export import export_to_stream
from tui.store.exchange.importing import Imported, import_built_in
from tui.store.records import ModelKey
from tui.store.schema import TABLES

from . import processes

if TYPE_CHECKING:
    from collections.abc import Iterable

VERDICTS = Path(__file__).parents[1] / "catalogue" / "verdicts-2023.csv"
UNKNOWN = (
    "run_id", "weights_sha256", "adapter_sha256", "seed", "sampling", "template_sha256", "template",
    "rendered_prompt", "prompt_tokens", "tokens", "first_token_seconds", "seconds", "tokens_per_second",
    "engine_build", "threads", "gpu_layers", "extra_layouts", "parallel", "follows", "reasoning_start",
    "service",
)  # fmt: skip


def rows_of(store: Store) -> dict[str, int]:
    return {
        table.name: next(store.query(f"SELECT count(*) AS rows FROM {table.name}"))["rows"]
        for table in TABLES
    }


def imported(store: Store) -> Imported:
    return import_built_in(store, REPORT, app_version="0.1.0")


def test_the_baseline_has_every_verdict_of_the_report() -> None:
    with VERDICTS.open(newline="", encoding="utf-8") as table:
        expected = [(row["task"], row["test"], row["verdict"], row["note"]) for row in csv.DictReader(table)]

    told = [(*each.item.split("/"), each.verdict, each.note) for each in baseline()]

    assert told == expected
    assert [each.text for each in baseline()].count(None) == 6


def test_the_answers_are_word_for_word_those_that_are_printed() -> None:
    texts = "\0".join(each.text for each in baseline() if each.text is not None)

    assert (
        hashlib.sha256(texts.encode()).hexdigest()
        == "e8b83a4751f58617b3d5a650a00330ea4eb3f3b46e11f2365ea1969a19bcbbcd"
    )


def test_each_model_of_the_report_has_the_name_of_the_catalogue() -> None:
    models = {model.name: f"{model.title} (2023)" for model in load_catalogue().models}

    assert {model.name: model.title for model in built_in(REPORT).models}.items() <= models.items()


def test_an_answer_says_of_itself_only_what_is_known(store: Store) -> None:
    assert imported(store) == Imported(30, 4, 9)

    responses = store.responses.all()

    assert len(responses) == 30
    assert {getattr(each, name) for each in responses for name in UNKNOWN} == {None}
    assert {(each.finish_reason, each.origin, each.origin_class, each.sample) for each in responses} == {
        ("unknown", REPORT, "unknown", 1)
    }
    (row,) = store.query("SELECT id, file, format FROM imports")
    assert {each.import_id for each in responses} == {row["id"]}
    assert (row["file"], row["format"]) == (REPORT, "built-in")


def test_an_answer_to_another_question_says_so(store: Store) -> None:
    imported(store)

    asked = {
        (each.task, each.prompt_number, each.model): each.asked_otherwise for each in store.responses.all()
    }

    otherwise = {key for key, told in asked.items() if told}
    assert {model for *_, model in otherwise} == {"alpaca-lora-7b", "oasst-sft-1-pythia-12b"}
    assert {key for key in asked if key[2] == "alpaca-lora-7b"} == {
        key for key in otherwise if key[2] == "alpaca-lora-7b"
    }
    told = asked["extractive-qa", 2, "oasst-sft-1-pythia-12b"]
    assert told == "it was sent MPT-7B-Chat's answer, not the question"


def test_what_the_print_has_lost_stands_beside_the_answer(store: Store) -> None:
    imported(store)

    lost = {(each.task, each.prompt_number, each.model): each.lost_in_print for each in store.responses.all()}

    assert sum(1 for told in lost.values() if told) == 9
    assert lost["code-generation", 2, "alpaca-lora-7b"] == (
        "line breaks lost in print; '1%' may be 'i %' misread"
    )
    assert lost["code-generation", 2, "mpt-7b-chat"] is None


def test_the_verdicts_are_judgements_of_the_report_in_force(store: Store) -> None:
    imported(store)

    rows = list(store.query("SELECT * FROM tidy_judgements ORDER BY seq, id"))

    told = {
        (f"{row['task']}/{row['prompt_number']}", row["model"], row["level"], row["note"]) for row in rows
    }
    assert told == {
        (each.item, each.model, each.verdict, each.note or None)
        for each in baseline()
        if each.text is not None
    }
    assert {(row["grader"], row["grader_kind"], row["mode"], row["kind"]) for row in rows} == {
        (REPORT, "report", "import", "grade")
    }
    assert {(row["shown_at"], row["place"], row["in_view"], row["active_seconds"]) for row in rows} == {
        (None,) * 4
    }


def test_a_second_import_adds_nothing(store: Store) -> None:
    imported(store)
    before = rows_of(store)

    assert imported(store) == Imported(0)
    assert rows_of(store) == before


def test_two_processes_import_it_once(store: Store, path: Path) -> None:
    importers = [processes.start(processes.import_report, path) for _ in range(4)]
    told = [here.recv() for _, here in importers]
    for importer, _ in importers:
        importer.join()

    assert sorted(told) == [0, 0, 0, 30]
    assert rows_of(store)["responses"] == 30


def test_it_has_the_same_ids_in_every_database(store: Store, tmp_path: Path) -> None:
    def ids(of: Store) -> Iterable[dict[str, object]]:
        tables = ("imports", "graders", "sessions", "responses", "judgements")
        return [row for table in tables for row in of.query(f"SELECT id FROM {table} ORDER BY id")]

    with Store.open(tmp_path / "other.db") as other:
        imported(store)
        imported(other)

        assert ids(store) == ids(other)


def test_prompts_of_a_person_do_not_take_the_place_of_those_it_answers(store: Store) -> None:
    own = paths.config_dir() / "prompts"
    own.mkdir(parents=True)
    shipped = (paths.bundled("prompts") / "extractive-qa.toml").read_text(encoding="utf-8")
    (own / "extractive-qa.toml").write_text(shipped.replace("Lourdes", "Rome"), encoding="utf-8")

    imported(store)

    item = load_catalogue().item("extractive-qa/2")
    assert "Rome" in item.prompt.text
    (row,) = store.query("SELECT instruction FROM items WHERE task = 'extractive-qa' AND number = 2")
    assert "Lourdes" in row["instruction"]


@pytest.mark.parametrize("change", [("number = 3", "number = 4"), ("fail", "bad")])
def test_without_the_prompts_that_it_answers_it_adds_nothing_and_says_so(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: tuple[str, str]
) -> None:
    prompts = shutil.copytree(paths.bundled("prompts"), tmp_path / "prompts")
    task = prompts / "code-generation.toml"
    task.write_text(task.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    monkeypatch.setattr(paths, "bundled", lambda _: prompts)

    with pytest.raises(StoreError, match=r"code-generation.*Install llm-grader anew"):
        imported(store)
    assert rows_of(store) == dict.fromkeys(rows_of(store), 0)


def test_it_is_not_an_answer_of_the_model_in_the_catalogue(store: Store) -> None:
    imported(store)
    model = load_catalogue().model("mpt-7b-chat")
    task, prompt = load_catalogue().item("code-generation/2")
    (own,) = {each.model_config_hash for each in store.responses.all()}

    assert own != model.config_hash
    key = ModelKey("mpt-7b-chat", own, REPORT)
    assert [*store.responses.latest(task.name, prompt.content_hash, [key])] == [key]


def test_an_export_of_everything_holds_it(store: Store) -> None:
    imported(store)

    written = export_to_stream(store, io.StringIO(newline=""), what="all", file_format="jsonl")

    assert store.remarks.take() == []
    assert written.rows == sum(rows_of(store).values())
