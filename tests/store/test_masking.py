"""What an export tells of who wrote what while a grader is not to know it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from tui.errors import UsageError
from tui.store.database import Store
from tui.store.exchange.csv_format import write_csv
from tui.store.exchange.export import export_to_path, export_to_stream
from tui.store.exchange.export_tables import GRADES, HISTORY, RESPONSES, export_rows
from tui.store.exchange.masking import HIDDEN, Mask
from tui.store.exchange.pair_table import PAIRS
from tui.store.looking import record_looks, stages
from tui.store.records import WeightsRecord
from tui.store.selection import Selection

from . import make

if TYPE_CHECKING:
    from pathlib import Path

    from tui.store.exchange.export_tables import ExportTable
    from tui.store.judgement_records import SessionRecord
    from tui.store.records import ResponseRecord

EARLY, LATE = "early-bird", "late-riser"
TEXTS = [f"text {number}" for number in range(8)]
ITEMS = [make.item(number=number, text=f"Question {number}") for number in range(1, 5)]
SEED = 123_456_789
UNLINKED = ("weights.csv", "models.csv", "runs.csv")
"""What there is, and not who wrote what."""


def filled(store: Store, *, swapped: bool = False) -> dict[str, ResponseRecord]:
    """Two models' answers, all that one wrote first; by their text. Swapped, each has written the other's."""
    found = {}
    for number, name in enumerate((EARLY, LATE)):
        weights = WeightsRecord(sha256=make.digest(f"of {name}"), file=f"{name}.gguf", size=1000 + number)
        for place, item in enumerate(ITEMS):
            text = TEXTS[2 * place + (number ^ swapped)]
            found[text] = make.store_response(
                store,
                of=make.model(name),
                to=item,
                weights=weights,
                text=text,
                seed=77 + number,
                tokens=5 + number,
                prompt_tokens=100 + number,
                tokens_per_second=3.25 + number,
                seconds=8.125 + number,
                first_token_seconds=0.375 + number,
                engine_build=f"build of {name}",
                threads=2 + number,
                rendered_prompt=f"rendered for {name}",
                template=f"template of {name}",
                template_sha256=make.digest(f"template of {name}"),
                warnings=f"warning of {name}",
                error=f"error of {name}",
                sampling=f'{{"as": "{name}"}}',
                service=f'{{"of": "{name}"}}',
                asked_otherwise=f"by {name}",
                lost_in_print=f"print of {name}",
                sample=1 + number,
                finish_reason=("stop", "unknown")[number],
            )
    return found


def begun(store: Store, grader: str = "mei", mode: Any = "grade", **chosen: Any) -> SessionRecord:
    selection = msgspec.json.encode(chosen).decode()
    return store.sessions.begin(
        grader, mode=mode, app_version="0", seed=SEED, selection=selection, blind=True
    )


def judged(
    store: Store,
    session: SessionRecord,
    of: ResponseRecord,
    made: Any = make.grade,
    *given: Any,
    **changes: Any,
) -> None:
    names = {"session_id": session.id, "grader_id": session.grader_id, "blind": True} | changes
    store.judgements.add(made(of, *given, **names))


def preferred(store: Store, session: SessionRecord, better: ResponseRecord, other: ResponseRecord) -> None:
    first, second = sorted((better, other), key=lambda each: each.id)
    side = "response" if better is first else "other"
    place = 1 if better is first else 2  # the better one stood left
    names = {"kind": "preference", "other_response_id": second.id, "side": side, "place": place}
    judged(store, session, first, make.grade, None, criterion="better", **names)


def written(store: Store, **wanted: Any) -> str:
    stream = io.StringIO(newline="")
    export_to_stream(store, stream, **wanted)
    return stream.getvalue()


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def plain(store: Store, table: ExportTable) -> str:
    """The table as it is."""
    stream = io.StringIO(newline="")
    write_csv(export_rows(store, table), table.columns, stream)
    return stream.getvalue()


def everything(store: Store, folder: Path) -> dict[str, str]:
    export_to_path(store, folder, what="all")
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}


def a_session_of(store: Store, answers: dict[str, ResponseRecord]) -> SessionRecord:
    session = begun(store)
    for text in ("text 3", "text 0", "text 1", "text 6"):
        judged(store, session, answers[text], place=1, shown_at="2026-01-02T03:04:05+00:00")
    judged(store, session, answers["text 0"], make.note, "of text 0")
    for better, other in (("text 2", "text 3"), ("text 4", "text 5"), ("text 7", "text 6")):
        preferred(store, session, answers[better], answers[other])
    store.sessions.guess(session.id, answers["text 0"].id, LATE)
    return session


EXPORTS = [
    {"what": what, "file_format": form}
    for what in ("grades", "history", "responses", "pairs")
    for form in ("csv", "jsonl")
]


def test_no_export_but_the_copy_says_who_wrote_what_and_after_the_reveal_each_is_as_before(
    store: Store, tmp_path: Path
) -> None:
    answers = filled(store)
    session = a_session_of(store, answers)
    told = {EARLY, LATE, str(SEED), *(make.digest(f"of {name}") for name in (EARLY, LATE))}
    told |= {make.digest(EARLY), make.digest(LATE), "print of", ",unknown,", '"unknown"'}
    for each in answers.values():
        told |= {each.id, str(each.run_id), each.created_at}
    found = [written(store, **wanted) for wanted in EXPORTS]
    folder = everything(store, tmp_path / "masked")
    found += [text for name, text in folder.items() if name not in UNLINKED]

    assert not [(name, text) for text in found for name in told if name in text]
    assert all(text in "".join(found) for text in TEXTS)
    assert EARLY in folder["models.csv"]
    assert "" not in {row["label"] for row in rows_of(found[0])}
    assert EARLY in written(store, what="all", file_format="jsonl")

    store.sessions.reveal(session.id)
    after = [written(store, **wanted) for wanted in EXPORTS] + list(
        everything(store, tmp_path / "after").values()
    )
    assert not any(HIDDEN in text for text in after)
    assert [EARLY in text for text in after[:8]] == [True] * 8
    tables = zip((GRADES, HISTORY, RESPONSES, PAIRS), after[:8:2], strict=True)
    assert [text == plain(store, table) for table, text in tables] == [True] * 4


def test_what_a_masked_export_says_is_the_same_whoever_wrote_which(tmp_path: Path) -> None:
    """Nothing in it depends on the author: with the answers of two models exchanged it says the same."""
    said = []
    for swapped in (False, True):
        with Store.open(tmp_path / f"{swapped}.db") as store:
            answers = filled(store, swapped=swapped)
            session = a_session_of(store, answers)
            ids = {row["id"]: row["text"] for row in rows_of(written(store, what="responses"))}
            files = everything(store, tmp_path / f"{swapped}") | {"pairs.csv": written(store, what="pairs")}
            changing = {session.id: "S", session.grader_id: "G"}
            changing |= {row["id"]: "E" for row in store.query("SELECT id FROM judgements")}
            said.append(_canonical(files, ids | changing))
    assert said[0] == said[1]


def _canonical(files: dict[str, str], names: dict[str, str]) -> dict[str, list[tuple[str, ...]]]:
    """The rows of each file, answers by their texts for their ids, pairs in one order, without the clock."""
    found = {}
    for name, text in files.items():
        if name in UNLINKED or name in ("graders.csv", "sessions.csv"):
            continue
        rows = []
        for row in rows_of(text):
            cells = {column: names.get(value, value) for column, value in row.items() if "_at" not in column}
            if cells.get("other_response_id") and cells["response_id"] > cells["other_response_id"]:
                for other in [column for column in cells if column.startswith("other_")]:
                    one = other.removeprefix("other_")
                    if one in cells:
                        cells[one], cells[other] = cells[other], cells[one]
                cells["side"] = {"response": "other", "other": "response"}[cells["side"]]
                cells["position"] = {"1": "2", "2": "1"}[cells["position"]]
            rows.append(tuple(cells.values()))
        found[name] = sorted(rows)
    return found


def test_neither_the_order_of_answers_nor_of_a_pair_follows_the_models(store: Store) -> None:
    items = [make.item(number=number, text=f"Asked {number}") for number in range(1, 201)]
    early = [make.store_response(store, of=make.model(EARLY), to=item, text="early") for item in items]
    late = [make.store_response(store, of=make.model(LATE), to=item, text="late") for item in items]
    session = begun(store)
    for first, second in zip(early, late, strict=True):
        preferred(store, session, first, second)

    rows = rows_of(written(store, what="responses"))
    texts = {row["id"]: row["text"] for row in rows}
    pairs = rows_of(written(store, what="history"))

    assert 70 < sum(row["text"] == "early" for row in rows[:200]) < 130
    assert 60 < sum(texts[row["response_id"]] == "early" for row in pairs) < 140
    assert all(row["response_id"] < row["other_response_id"] for row in pairs)
    better = [row["response_id"] if row["side"] == "response" else row["other_response_id"] for row in pairs]
    assert {texts[id_] for id_ in better} == {"early"}
    assert all((row["position"] == "1") == (row["side"] == "response") for row in pairs)
    whole = rows_of(written(store, what="pairs"))
    assert [row["response_id"] for row in whole] == [row["response_id"] for row in pairs]
    assert all(row["response"] == texts[row["response_id"]] for row in whole)
    assert all(row["other_response"] == texts[row["other_response_id"]] for row in whole)
    assert {row["winner"] for row in whole} == {""}


def test_an_answer_has_one_id_in_all_exports_until_its_session_ends(store: Store) -> None:
    answers = filled(store)
    session = a_session_of(store, answers)
    texts = {row["id"]: row["text"] for row in rows_of(written(store, what="responses"))}
    rows = rows_of(written(store))
    assert [texts[row["response_id"]] for row in rows] == ["text 3", "text 0", "text 1", "text 6"]
    begun(store, "ada")
    assert rows_of(written(store)) == rows
    store.sessions.reveal(session.id)
    assert {row["response_id"] for row in rows_of(written(store))}.isdisjoint({*texts})


def test_only_answers_to_what_a_blind_session_asks_are_masked_in_whatever_task(store: Store) -> None:
    filled(store)
    make.store_response(store, to=make.item("copies", 1, "Question 1"), text="again")
    make.store_response(store, to=make.item("text", 1, "Else"), text="else")
    begun(store, prompts=("code/1",), models=(EARLY,))

    rows = rows_of(written(store, what="responses"))

    hidden = {row["text"] for row in rows if row["model"] == HIDDEN}
    assert hidden == {"text 0", "text 1", "again"}
    assert [row["text"] for row in rows[-3:] if row["model"] == HIDDEN] == [row["text"] for row in rows[-3:]]
    with pytest.raises(UsageError, match="-m would tell who wrote the answers that mei judges blind"):
        written(store, selection=Selection(models=(LATE,)))
    with pytest.raises(UsageError, match="-m would tell"):
        written(store, what="responses", selection=Selection(tasks=("copies",), models=("tiny",)))
    wanted = Selection(tasks=("text",), models=("tiny",))
    assert [row["model"] for row in rows_of(written(store, what="responses", selection=wanted))] == ["tiny"]
    assert Mask(store).concerned(wanted) == ()


def test_what_was_judged_with_the_names_in_view_waits_for_the_reveal(store: Store) -> None:
    answers = filled(store)
    text, other = answers["text 0"], answers["text 1"]
    make.add(store, make.note(text, f"as {EARLY} does"))
    make.add(store, make.grade(other, place=1, grader="ada"))
    session = begun(store)
    mine = {"session_id": session.id, "grader_id": session.grader_id, "blind": True}
    make.add(store, make.grade(text, **mine))
    judged(store, session, other)
    judged(store, session, other, make.note, "seen blind")

    rows = rows_of(written(store))

    assert [(row["grader"], row["response"], row["note"]) for row in rows] == [
        ("mei", "text 0", ""),
        ("mei", "text 1", "seen blind"),
    ]
    store.sessions.reveal(session.id)
    assert [row["note"] for row in rows_of(written(store))] == ["", f"as {EARLY} does", "seen blind"]


def test_known_answers_are_not_told_from_models_answers(store: Store, tmp_path: Path) -> None:
    answer = make.store_response(store, text="known")
    row = {"response_id": answer.id, "criterion": "overall", "level": "pass", "value": 1.0, "reason": "so"}
    with store.transaction():
        store.insert("known_answers", row)
    session = begun(store)
    assert rows_of(everything(store, tmp_path / "masked")["known_answers.csv"]) == []
    store.sessions.reveal(session.id)
    assert len(rows_of(everything(store, tmp_path / "after")["known_answers.csv"])) == 1


def test_a_copy_is_recorded_once_for_each_state_of_a_session_that_has_judgements(store: Store) -> None:
    answers = filled(store)
    session = begun(store, limit=6)
    begun(store, "ada")
    blind = [each.id for each in Mask(store).concerned(Selection())]
    for text in ("text 0", "text 1"):
        judged(store, session, answers[text])
        record_looks(store, "export", stages(store, blind))
        record_looks(store, "export", stages(store, blind))
    looks = list(store.query("SELECT session_id, looked_into, judged, planned FROM looks ORDER BY seq"))
    assert [tuple(row.values()) for row in looks] == [
        (session.id, "export", 1, 6),
        (session.id, "export", 2, 6),
    ]


def test_a_copy_is_recorded_in_sessions_of_pairs_too(store: Store) -> None:
    answers = filled(store)
    chosen = [f"code/{number}" for number in (1, 2, 3)]
    for number, limit in ((0, 2), (2, None)):
        session = begun(store, mode="pairs", prompts=chosen, limit=limit)
        preferred(store, session, answers[f"text {number}"], answers[f"text {number + 1}"])
        record_looks(store, "export", stages(store, [session.id]))
    looks = store.query("SELECT looked_into, judged, planned FROM looks ORDER BY seq")
    assert [tuple(row.values()) for row in looks] == [("export", 1, 2)] * 2  # of 3, one of them judged before
