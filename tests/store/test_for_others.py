"""Judgements as other programs read them: TRL's data sets, and votes as FastChat writes them."""

from __future__ import annotations

import io
import json
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from tui.analysis.naming import named
from tui.errors import UsageError
from tui.store.database import Store
from tui.store.exchange.for_others.export import export_for_others
from tui.store.exchange.for_others.training import BETWEEN, NO_WINNER, SAME_TEXT
from tui.store.figure_rows import figure_rows
from tui.store.records import RubricRecord
from tui.store.selection import Selection

from . import make

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tui.store.exchange.for_others.export import Shape, WrittenFor
    from tui.store.exchange.for_others.votes import Key
    from tui.store.judgement_records import JudgementRecord, SessionRecord
    from tui.store.records import ItemRecord, ResponseRecord

LEVELS = {"fail": 0.0, "partial": 0.5, "pass": 1.0}
_CRITERIA = [
    {"name": name, "levels": [{"label": label} for label in LEVELS]} for name in ("overall", "style")
]
RUBRIC = RubricRecord(hash=make.digest("levels"), criteria=json.dumps(_CRITERIA))
ALPHA, BETA = "alpha", "beta"


def item(number: int = 1, **changes: Any) -> ItemRecord:
    text = f"Question {number}"
    return replace(
        make.item(number=number, text=text), **{"rubric_hash": RUBRIC.hash, "input": "5 and 7"} | changes
    )


MESSAGES = [{"role": "system", "content": "Be short."}, {"role": "user", "content": "Hello."}]
IN_MESSAGES = item(9, instruction=None, input="", messages=json.dumps(MESSAGES))


def answer(
    store: Store, text: str, model: str = ALPHA, to: ItemRecord | None = None, **changes: Any
) -> ResponseRecord:
    of, to = make.model(model), to or item()
    made = make.response(make.new_id(), of=of, to=to, text=text, **changes)
    store.responses.add(replace(make.recorded(made, of=of, to=to), rubric=RUBRIC))
    return made


def graded(store: Store, of: ResponseRecord, level: str, **changes: Any) -> JudgementRecord:
    return make.add(store, make.grade(of, level, value=LEVELS[level], **changes))


def preferred(store: Store, better: ResponseRecord, other: ResponseRecord, **changes: Any) -> JudgementRecord:
    """The better one, which stood left."""
    first, second = sorted((better, other), key=lambda each: each.id)
    is_first = first is better
    fields = {
        "kind": "preference",
        "criterion": "better",
        "other_response_id": second.id,
        "side": "response" if is_first else "other",
        "place": 1 if is_first else 2,
    }
    return make.add(store, make.grade(first, None, **fields | changes))


def names(models: Iterable[Key]) -> dict[Key, str]:
    return {each[:3]: each.label for each in named(models)}


def exported(store: Store, shape: Shape, **wanted: Any) -> tuple[list[Any], WrittenFor]:
    stream = io.StringIO(newline="")
    written = export_for_others(store, stream, shape, names, **wanted)
    rows = [json.loads(line) for line in stream.getvalue().split("\n")[:-1]]
    assert written.rows == len(rows)
    return rows, written


def rows(store: Store, shape: Shape, **wanted: Any) -> list[Any]:
    return exported(store, shape, **wanted)[0]


def is_told(value: object, *, in_messages: bool) -> bool:
    if not in_messages:
        return isinstance(value, str)
    return isinstance(value, list) and all(
        set(each) == {"role", "content"} and {type(text) for text in each.values()} == {str} for each in value
    )


def is_of_type(found: list[Any], columns: tuple[str, ...]) -> bool:
    """The types "preference" and "unpaired preference" of TRL, standard or conversational, in columns of one
    type each: https://huggingface.co/docs/trl/dataset_formats. There are no others, since KTOTrainer unpairs
    a preference by doubling the columns that it knows of."""
    in_messages = isinstance(found[0]["prompt"], list)
    texts = [name for name in columns if name != "label"]
    return all(
        tuple(row) == columns
        and all(is_told(row[name], in_messages=in_messages) for name in texts)
        and type(row.get("label", True)) is bool
        for row in found
    )


def test_a_pair_with_a_winner_is_a_preference_and_no_other_is(store: Store) -> None:
    good, bad = answer(store, "good"), answer(store, "bad", BETA)
    other, third = answer(store, "other", to=item(2)), answer(store, "third", BETA, item(2))
    preferred(store, good, bad)
    preferred(store, third, other)
    preferred(store, third, other, side="equal", grader="ada")
    preferred(store, good, bad, side="both bad", grader="ada")
    make.add(store, make.skip(good, other_response_id=bad.id, criterion="style"))
    preferred(store, good, answer(store, "good", BETA))

    found, written = exported(store, "trl")

    assert found == [
        {"prompt": "Question 1\n\n5 and 7", "chosen": "good", "rejected": "bad"},
        {"prompt": "Question 2\n\n5 and 7", "chosen": "third", "rejected": "other"},
    ]
    assert is_of_type(found, ("prompt", "chosen", "rejected"))
    assert written.left_out == {NO_WINNER: 2, SAME_TEXT: 1}
    assert not written.of_grades


def test_without_pairs_each_two_answers_that_one_grader_gave_different_values_are_a_preference(
    store: Store,
) -> None:
    answers = {text: answer(store, text) for text in ("best", "middle", "worst", "also best")}
    twin, elsewhere = answer(store, "best", BETA), answer(store, "elsewhere", to=item(2))
    for text, level in (("worst", "fail"), ("best", "pass"), ("also best", "pass"), ("middle", "partial")):
        graded(store, answers[text], level)
    graded(store, twin, "fail")
    graded(store, elsewhere, "fail")
    graded(store, answers["best"], "fail", grader="ada")
    graded(store, answers["best"], "fail", criterion="style")

    found, written = exported(store, "trl")

    assert [(row["chosen"], row["rejected"]) for row in found] == [
        ("best", "worst"),
        ("also best", "worst"),
        ("middle", "worst"),
        ("best", "middle"),
        ("also best", "middle"),
        ("also best", "best"),
        ("middle", "best"),
    ]
    assert is_of_type(found, ("prompt", "chosen", "rejected"))
    assert written.of_grades
    assert written.left_out == {SAME_TEXT: 1}


def test_the_best_level_is_wanted_and_the_worst_is_not(store: Store) -> None:
    answers = [answer(store, level) for level in LEVELS]
    for each in answers:
        graded(store, each, each.text)
    graded(store, answers[0], "pass", grader="ada")

    found, written = exported(store, "kto")

    assert found == [
        {"prompt": "Question 1\n\n5 and 7", "completion": "fail", "label": False},
        {"prompt": "Question 1\n\n5 and 7", "completion": "pass", "label": True},
        {"prompt": "Question 1\n\n5 and 7", "completion": "fail", "label": True},
    ]
    assert is_of_type(found, ("prompt", "completion", "label"))
    assert written.left_out == {BETWEEN: 1}


def test_one_item_of_messages_makes_all_rows_conversations(store: Store) -> None:
    for to in (item(), IN_MESSAGES):
        for level in ("fail", "pass"):
            graded(store, answer(store, level, to=to), level)

    plain = rows(store, "trl", selection=Selection(prompts=("code/1",)))
    found = rows(store, "trl")

    assert is_of_type(plain, ("prompt", "chosen", "rejected"))
    assert isinstance(plain[0]["prompt"], str)
    assert is_of_type(found, ("prompt", "chosen", "rejected"))
    prompts = [row["prompt"] for row in found]
    assert MESSAGES in prompts
    assert [{"role": "user", "content": "Question 1\n\n5 and 7"}] in prompts
    assert found[0]["chosen"] == [{"role": "assistant", "content": "pass"}]
    assert is_of_type(rows(store, "kto"), ("prompt", "completion", "label"))


def test_a_vote_has_the_columns_of_fastchat_and_model_a_stood_left(store: Store) -> None:
    """As fastchat/serve/monitor/clean_battle_data.py of github.com/lm-sys/FastChat writes them."""
    one, other = answer(store, "one"), answer(store, "other", BETA)
    at = "2026-01-02T03:04:05.250000+00:00"
    right = preferred(store, one, other, place=2, blind=True, decided_at=at)
    for grader, changes in (("ada", {"side": "equal"}), ("mei", {"side": "both bad", "criterion": "style"})):
        preferred(store, other, one, grader=grader, **changes)
    asked = [{"role": "user", "content": "Question 1\n\n5 and 7"}]

    found = rows(store, "arena")

    assert found[0] == {
        "question_id": right.id,
        "model_a": BETA,
        "model_b": ALPHA,
        "winner": "model_b",
        "judge": make.grader_id("mei"),
        "conversation_a": [*asked, {"role": "assistant", "content": "other"}],
        "conversation_b": [*asked, {"role": "assistant", "content": "one"}],
        "turn": 1,
        "anony": True,
        "tstamp": 1767323045.25,
    }
    assert [(row["model_a"], row["winner"]) for row in found[1:]] == [(BETA, "tie"), (BETA, "tie (bothbad)")]


@pytest.mark.parametrize(("side", "place", "winner"), [
    ("response", 1, "model_a"), ("response", 2, "model_b"), ("other", 1, "model_b"), ("other", 2, "model_a"),
    ("equal", None, "tie"),
])  # fmt: skip
def test_who_won_a_vote_follows_who_stood_where(
    store: Store, side: str, place: int | None, winner: str
) -> None:
    preferred(store, answer(store, "one"), answer(store, "other", BETA), side=side, place=place)

    (vote,) = rows(store, "arena")

    assert vote["winner"] == winner
    assert vote["model_a"] == (BETA if place == 2 else ALPHA)


def test_two_models_of_one_name_are_two_in_an_arena(store: Store) -> None:
    one = answer(store, "one")
    other = answer(store, "other", origin="endpoint:elsewhere", origin_class="claimed", weights_sha256=None,
                   adapter_sha256=None)  # fmt: skip
    preferred(store, one, other)

    (vote,) = rows(store, "arena")

    assert {vote["model_a"], vote["model_b"]} == {f"alpha~{make.WEIGHTS.sha256[:4]}", "alpha~else"}


def test_the_reasoning_is_no_part_of_an_answer(store: Store) -> None:
    thought = {"reasoning_start": 0, "reasoning_end": 14}
    good = answer(store, "<think></think>good"[1:], **thought)
    preferred(store, good, answer(store, "bad", BETA))
    graded(store, good, "pass")

    (preference,), (labelled,), (vote,) = (rows(store, shape) for shape in ("trl", "kto", "arena"))

    assert (preference["chosen"], labelled["completion"]) == ("good", "good")
    assert vote["conversation_a"][-1]["content"] == "good"


LEFT_OUT: dict[str, dict[str, Any]] = {
    "failed": {"finish_reason": "failed"},
    "stopped": {"finish_reason": "cancelled"},
    "another question": {"asked_otherwise": "as something else"},
    "a control": {
        "origin": "known:control",
        "origin_class": "unknown",
        "weights_sha256": None,
        "adapter_sha256": None,
    },
}


@pytest.mark.parametrize("changes", LEFT_OUT.values(), ids=LEFT_OUT)
def test_answers_that_are_none_to_the_item_are_in_no_file(store: Store, changes: dict[str, Any]) -> None:
    answers = [answer(store, "whole"), answer(store, "broken", BETA, **changes)]
    preferred(store, *answers)
    preferred(store, *reversed(answers), grader="ada")
    graded(store, answers[0], "fail")
    graded(store, answers[1], "pass")

    assert rows(store, "trl") == rows(store, "arena") == []
    assert [row["completion"] for row in rows(store, "kto")] == ["whole"]


def test_answers_to_a_later_turn_or_to_another_item_than_was_shown_are_in_no_file(store: Store) -> None:
    first = answer(store, "first")
    second = answer(store, "second", turn=2, follows=first.id)
    for of in (second, replace(first, item_hash=answer(store, "shown", to=item(2)).item_hash)):
        graded(store, of, "pass")
    preferred(store, second, answer(store, "other", BETA))

    assert [rows(store, shape) for shape in ("trl", "kto", "arena")] == [[], [], []]


def test_only_first_judgements_in_force_count_and_none_of_practice(store: Store) -> None:
    one, other = answer(store, "one"), answer(store, "other", BETA)
    for changes in ({"occasion": "repeat"}, {"occasion": "after_reveal"}, {"practice": True}):
        preferred(store, one, other, **changes)
        graded(store, one, "pass", **changes)
    make.add(store, make.undo(graded(store, other, "pass")))
    assert [rows(store, shape) for shape in ("trl", "kto", "arena")] == [[], [], []]

    graded(store, other, "pass")
    graded(store, other, "fail")
    assert [row["label"] for row in rows(store, "kto")] == [False]


def test_a_selection_chooses_graders_items_and_models_and_refuses_names_that_nothing_has(
    store: Store,
) -> None:
    for number in (1, 2):
        one, other = (
            answer(store, f"one {number}", to=item(number)),
            answer(store, f"other {number}", BETA, item(number)),
        )
        preferred(store, one, other)
        graded(store, one, "pass", grader="ada")

    assert [row["chosen"] for row in rows(store, "trl", selection=Selection(prompts=("code/2",)))] == [
        "one 2"
    ]
    assert len(rows(store, "kto", selection=Selection(graders=("ada",), models=(ALPHA,)))) == 2
    assert rows(store, "kto", selection=Selection(graders=("mei",))) == []
    with pytest.raises(UsageError, match="nosuch"):
        rows(store, "arena", selection=Selection(tasks=("nosuch",)))


def test_hostile_texts_come_through_whole_on_one_line_each(store: Store) -> None:
    hostile = '\x1b[2J\x00</s>\u2028\u202e<script>\r\n"\\\U0001f9ea\x85'
    for text, level in ((hostile, "pass"), (hostile[::-1], "fail")):
        graded(store, answer(store, text, to=item(instruction=hostile)), level)
    preferred(store, answer(store, hostile, BETA), answer(store, "plain"))

    for shape in ("trl", "kto", "arena"):
        stream = io.StringIO(newline="")
        export_for_others(store, stream, shape, names)
        lines = stream.getvalue().splitlines()
        assert not set("\x1b\x00\x85\u2028\u202e\r") & set("".join(lines))
        assert json.dumps(hostile) in json.dumps([json.loads(line) for line in lines])


def test_one_criterion_can_be_chosen_and_none_by_which_nothing_was_judged(store: Store) -> None:
    of = answer(store, "an answer")
    graded(store, of, "pass")
    graded(store, of, "fail", criterion="style")
    preferred(store, of, answer(store, "other", BETA))

    assert [row["label"] for row in rows(store, "kto")] == [True, False]
    assert [row["label"] for row in rows(store, "kto", criterion="style")] == [False]
    assert [len(rows(store, "trl", criterion=name)) for name in ("better", "style")] == [1, 0]
    with pytest.raises(UsageError, match='a criterion "styles"; did you mean style'):
        rows(store, "arena", criterion="styles")


def test_an_empty_database_is_an_empty_file(store: Store) -> None:
    assert [rows(store, shape) for shape in ("trl", "kto", "arena")] == [[], [], []]


def test_a_long_file_takes_no_more_memory_than_a_short_one(store: Store) -> None:
    size = 20_000
    for number in range(1, 201):
        pair = [
            answer(store, f"{model} {number}" * (size // 8), model, item(number)) for model in (ALPHA, BETA)
        ]
        for each, level in zip(pair, ("fail", "pass"), strict=True):
            graded(store, each, level)
    for shape in ("trl", "kto"):
        with open("/dev/null", "w", encoding="utf-8") as stream:  # noqa: PTH123
            tracemalloc.start()
            assert export_for_others(store, stream, shape, names).rows >= 200
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        assert peak < 40 * size


def begun(store: Store, **changes: Any) -> SessionRecord:
    return store.sessions.begin("mei", mode="pairs", app_version="0", seed=7, blind=True, **changes)


def judged_blind(store: Store, *, swapped: bool, in_pairs: bool) -> SessionRecord:
    """Two models, of which one wrote everything first, judged blind, and by Ada in the open."""
    texts = [("one 1", "other 1"), ("one 2", "other 2"), ("one 3", "other 3")]
    answers: dict[str, ResponseRecord] = {}
    for place, model in enumerate((ALPHA, BETA)):
        for number, pair in enumerate(texts, 1):
            text = pair[place ^ swapped]
            answers[text] = answer(store, text, model, item(number))
    session = begun(store)
    mine = {"session_id": session.id, "grader_id": session.grader_id, "blind": True}
    for better, other in (("one 1", "other 1"), ("other 3", "one 3"), ("one 2", "other 2")):
        if in_pairs:
            preferred(store, answers[better], answers[other], **mine)
        graded(store, answers[other], "fail", **mine)
        graded(store, answers[better], "pass", **mine)
    for each in answers.values():
        graded(store, each, "pass", grader="ada")
    return session


@pytest.mark.parametrize("in_pairs", [True, False])
def test_before_the_reveal_no_row_tells_who_wrote_what(tmp_path: Path, in_pairs: bool) -> None:
    said = []
    for swapped in (False, True):
        with Store.open(tmp_path / f"{swapped}.db") as store:
            session = judged_blind(store, swapped=swapped, in_pairs=in_pairs)
            found = {shape: exported(store, shape) for shape in ("trl", "kto", "arena")}
            said.append([found["trl"][0], found["kto"][0]])
            assert found["arena"][0] == []
            assert [found[shape][1].hidden for shape in found] == ([0, 6, 3] if in_pairs else [6, 6, 0])
            assert {each.id for each in found["kto"][1].blind} == {session.id}
            with pytest.raises(UsageError, match="-m would tell"):
                rows(store, "trl", selection=Selection(models=(ALPHA,)))
            store.sessions.reveal(session.id)
            assert len(rows(store, "arena")) == 3 * in_pairs
            assert len(rows(store, "kto")) == 12
    assert said[0] == said[1]
    assert [len(each) for each in said[0]] == [3, 6]


def test_what_no_blind_session_asks_is_voted_on_as_ever(store: Store) -> None:
    for number in (1, 2):
        preferred(store, answer(store, "one", to=item(number)), answer(store, "other", BETA, item(number)))
    begun(store, selection='{"prompts": ["code/1"]}')

    found, written = exported(store, "arena")

    assert [row["conversation_a"][0]["content"] for row in found] == ["Question 2\n\n5 and 7"]
    assert written.hidden == 1


def test_a_model_is_called_as_in_figures_whatever_a_blind_session_hides(store: Store) -> None:
    one, other = answer(store, "one"), answer(store, "other", BETA)
    preferred(store, one, other)
    again = replace(make.model(ALPHA), config_hash=make.digest("other settings"))
    hidden = make.response(make.new_id(), of=again, to=item(2))
    store.responses.add(replace(make.recorded(hidden, of=again, to=item(2)), rubric=RUBRIC))
    begun(store, selection='{"prompts": ["code/2"]}')
    (vote,) = rows(store, "arena")
    assert {vote["model_a"], vote["model_b"]} == {ALPHA, BETA}
    assert {each.label for each in named(figure_rows(store).models)} == {ALPHA, BETA}


def test_an_item_whose_messages_are_none_costs_its_rows_a_remark(store: Store) -> None:
    graded(store, answer(store, "fine"), "pass")
    graded(store, answer(store, "lost", to=replace(IN_MESSAGES, messages='["Hello."]')), "pass")

    assert [row["completion"][0]["content"] for row in rows(store, "kto")] == ["fine"]
    assert "cannot be read and is left out" in store.remarks.take()[0]
