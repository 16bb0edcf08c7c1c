"""What commands tell of who wrote what while a session is blind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tui import paths
from tui.store.database import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.store.judgement_records import Mode, SessionRecord

NAMES = ("alpaca-lora-7b", "mpt-7b-chat", "oasst-sft-1-pythia-12b", "falcon-40b-instruct")
LEFT_OUT = ", and judgements that were given with the names in view"


def begun(mode: Mode = "grade", grader: str = "mei") -> SessionRecord:
    with Store.open(paths.database_file()) as store:
        return store.sessions.begin(grader, mode=mode, app_version="0", seed=1, blind=True)


@pytest.fixture(autouse=True)
def report(llm_grader) -> Iterator[None]:
    assert llm_grader("import", "report-2023")[0] == 0
    yield


@pytest.mark.parametrize("what", ["grades", "responses"])
def test_an_export_hides_who_wrote_what_and_says_how_that_ends(llm_grader, what):
    session = begun()
    code, output, error = llm_grader("export", "--what", what)
    assert code == 0
    assert not any(name in output for name in NAMES)
    assert error == (
        f"Hidden: who wrote the answers that mei judges blind{LEFT_OUT * (what == 'grades')}."
        f" `B` in `llm-grader grade --session {session.id[:13]} --grader mei` ends that session.\n"
    )
    with Store.open(paths.database_file()) as store:
        store.sessions.reveal(session.id)
    code, output, error = llm_grader("export", "--what", what)
    assert (code, error) == (0, "")
    assert all(name in output for name in NAMES)


def test_the_command_that_reveals_is_the_one_that_opens_the_session(llm_grader, tmp_path):
    begun("free", "Mei Lin")
    told = llm_grader("export")[2]
    assert "`B` in `llm-grader --grader 'Mei Lin'` ends that session.\n" in told
    pairs = begun("pairs")
    told = llm_grader("export", "--db", str(paths.database_file()))[2]
    assert f"grade --pairs --session {pairs.id[:13]} --grader mei --db {paths.database_file()}`" in told
    assert told.endswith("ends that session, and 1 more.\n")


def test_a_copy_says_that_it_names_the_models_and_is_recorded_after_it_is_made(llm_grader):
    session = begun()
    with Store.open(paths.database_file()) as store:
        (response, *_) = store.responses.all()
        row = {"id": session.id, "session_id": session.id, "grader_id": session.grader_id, "kind": "skip"}
        row |= {"response_id": response.id, "item_hash": response.item_hash, "criterion": "overall"}
        row |= {"occasion": "first", "decided_at": session.started_at, "blind": 1, "practice": 0}
        with store.transaction():
            store.insert("judgements", row | {"app_version": "0"})
    copies = [llm_grader("export", "--what", "all", "--format", "jsonl") for _ in range(3)]
    assert {error for _, _, error in copies} == {"This copy names the models of 1 blind session.\n"}
    assert all(name in copies[0][1] for name in NAMES)
    looks = [[line for line in output.splitlines() if '"type":"look"' in line] for _, output, _ in copies]
    assert [len(each) for each in looks] == [0, 1, 1]
    (look,) = looks[2]
    assert (json.loads(look)["looked_into"], json.loads(look)["judged"]) == ("export", 1)


def test_what_another_program_is_not_told_before_the_reveal_is_said(llm_grader):
    session = begun()

    code, output, error = llm_grader("export", "--as", "kto")

    assert (code, output) == (0, "")
    assert error == (
        "Left out: 24 judgements given with the names in view, of answers that mei judges blind."
        f" `B` in `llm-grader grade --session {session.id[:13]} --grader mei` ends that session.\n"
    )


def test_to_choose_a_model_would_tell(llm_grader):
    begun()
    told = "-m would tell who wrote the answers that mei judges blind: leave it away until that session is"
    for what in ("grades", "responses"):
        done = llm_grader("export", "--what", what, "-m", NAMES[0])
        assert done == (2, "", f"llm-grader: {told} revealed.\n")


def test_run_does_not_say_what_is_hidden(llm_grader):
    run = ("run", "--demo", "-m", "smollm2-greedy", "-p", "code-generation/1")
    with Store.open(paths.database_file(demo=True)) as store:
        session = store.sessions.begin("mei", mode="free", app_version="0", seed=1, blind=True)
        code, output, error = llm_grader(*run)
        assert code == 0, error
        (response,) = store.responses.all()
        assert "[1/1] smollm2-greedy code-generation/1: written; the answer is hidden" in output
        assert response.text[:20] not in output
        store.sessions.reveal(session.id)
        code, output, _ = llm_grader(*run, "--samples", "2")
    assert "hidden" not in output
