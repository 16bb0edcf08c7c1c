from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.errors import StoreError
from tui.store.records import ResponseKey, WeightsRecord

from . import make

if TYPE_CHECKING:
    from tui.store.database import Store


def test_a_response_reads_back_whole(store: Store) -> None:
    made = make.store_response(
        store,
        adapter_sha256="",
        template="{{ instruction }}",
        template_sha256=make.digest("template"),
        rendered_prompt="Add two numbers.",
        finish_reason="failed",
        error="out of memory",
        prompt_tokens=12,
        tokens=3,
        first_token_seconds=0.25,
        seconds=1.5,
        tokens_per_second=31.5,
        engine_build="b1234",
        threads=2,
        gpu_layers=-1,
        extra_layouts=True,
        parallel=4,
    )

    assert store.responses.get(made.id) == made
    assert store.responses.get(make.run().id) is None


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(), rendered=st.text())
def test_any_text_reads_back_identical(store: Store, text: str, rendered: str) -> None:
    made = make.store_response(store, text=text, rendered_prompt=rendered)

    stored = store.responses.get(made.id)

    assert stored is not None
    assert (stored.text, stored.rendered_prompt) == (text, rendered)


@pytest.mark.parametrize(
    "text", ["a\0b", "\0", "\ufeff\r\n\t", "日本語 👩‍👩‍👧 \u202e", "\x1b[31m", "x" * 1_000_000]
)
def test_awkward_text_reads_back_identical(store: Store, text: str) -> None:
    made = make.store_response(store, text=text)

    assert store.responses.get(made.id) == made


def test_half_a_surrogate_pair_becomes_the_replacement_character(store: Store) -> None:
    number = store.own_items.add("half", "a\ud83db")

    (own,) = store.own_items.all()

    assert (own.number, own.instruction) == (number, "a\N{REPLACEMENT CHARACTER}b")


def test_own_prompts_are_numbered_from_1(store: Store) -> None:
    numbers = [store.own_items.add(title, "text") for title in ("first", "second")]

    assert numbers == [1, 2]
    assert [own.title for own in store.own_items.all()] == ["first", "second"]


def test_responses_come_oldest_first_and_by_task_and_prompt(store: Store) -> None:
    other = make.item("code", 2, "Print FizzBuzz.")
    elsewhere = make.item("labels", 1, "Which topic?")
    made = [make.store_response(store, to=to) for to in (other, make.item(), elsewhere, other)]

    assert store.responses.all() == made
    assert store.responses.all("code") == [made[0], made[1], made[3]]
    assert store.responses.all("code", 2) == [made[0], made[3]]
    assert store.responses.all("nothing") == []


def test_the_same_prompt_in_two_tasks_is_kept_in_both(store: Store) -> None:
    first, second = make.item("code", 1), make.item("drafts", 7)

    made = [make.store_response(store, to=to) for to in (first, second)]

    assert [store.responses.all(each.task, each.number) for each in (first, second)] == [[made[0]], [made[1]]]


def test_the_same_prompt_in_another_task_is_asked_and_graded_for_itself(store: Store) -> None:
    here, there = make.item("code", 1), make.item("drafts", 7)
    key = make.key(make.model())
    answer = make.store_response(store, to=here)
    make.add(store, make.grade(answer))

    assert store.responses.latest("drafts", there.prompt_hash, [key]) == {}
    assert make.next_sample(store, "drafts", there.prompt_hash, key) == 1
    assert store.progress.of_prompt("drafts", there.prompt_hash) == []

    other = make.store_response(store, to=there)
    assert store.responses.latest("code", here.prompt_hash, [key]) == {key: answer}
    assert store.responses.latest("drafts", there.prompt_hash, [key]) == {key: other}
    assert store.judgements.of_prompt("drafts", there.prompt_hash, make.grader_id("mei")) == []
    assert {each.task for each in store.responses.completed_keys()} == {"code", "drafts"}


def test_the_same_weights_and_settings_under_two_names_are_two_models(store: Store) -> None:
    settings = make.digest("the same settings")
    first, second = (msgspec.structs.replace(make.model(name), config_hash=settings) for name in ("a", "b"))
    make.store_response(store, of=first)

    assert make.next_sample(store, "code", make.item().prompt_hash, make.key(second)) == 1
    make.store_response(store, of=second)
    assert {each.model for each in store.responses.completed_keys()} == {"a", "b"}


def test_the_latest_response_is_the_newest_complete_one_of_each_model(store: Store) -> None:
    tiny, large, idle = make.model("tiny"), make.model("large"), make.model("idle")
    make.store_response(store, of=tiny)
    newest = make.store_response(store, of=tiny, sample=2, finish_reason="length")
    make.store_response(store, of=tiny, sample=3, finish_reason="cancelled")
    make.store_response(store, of=large, finish_reason="failed", error="no memory")
    failed = make.store_response(store, of=large, finish_reason="failed", error="no memory")
    keys = [make.key(each) for each in (tiny, large, idle)]

    latest = store.responses.latest("code", make.item().prompt_hash, keys)

    assert latest == {keys[0]: newest, keys[1]: failed}


def test_answers_of_other_weights_under_the_same_name_are_not_the_models_own(store: Store) -> None:
    other = msgspec.structs.replace(make.WEIGHTS, sha256=make.digest("other weights"))
    old = make.store_response(store)
    key = make.key(make.model(), other)
    assert store.responses.latest(old.task, old.prompt_hash, [key]) == {}
    assert key not in [each.key for each in store.progress.of_prompt(old.task, old.prompt_hash)]

    new = make.store_response(store, weights=other)
    assert store.responses.latest(old.task, old.prompt_hash, [key]) == {key: new}


def test_only_complete_responses_need_not_be_generated_again(store: Store) -> None:
    made = [
        make.store_response(store, sample=sample, seed=sample, finish_reason=reason)
        for sample, reason in enumerate(("stop", "length", "cancelled", "failed"), 1)
    ]

    assert store.responses.completed_keys() == {
        ResponseKey(
            task=each.task,
            prompt_hash=each.prompt_hash,
            model=each.model,
            model_config_hash=each.model_config_hash,
            origin=each.origin,
            sample=each.sample,
            seed=each.seed,
        )
        for each in made[:2]
    }


def test_the_next_sample_follows_the_complete_ones(store: Store) -> None:
    asked = ("code", make.item().prompt_hash, make.key(make.model()))
    assert make.next_sample(store, *asked) == 1

    make.store_response(store, sample=1, finish_reason="failed")
    assert make.next_sample(store, *asked) == 1

    make.store_response(store, sample=1)
    make.store_response(store, sample=2)
    assert make.next_sample(store, *asked) == 3
    assert make.next_sample(store, *asked[:2], make.key(make.model("other"))) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"finish_reason": "because"},
        {"sample": 0},
        {"sample": "many"},
        {"tokens": -1},
        {"seconds": "long"},
        {"weights_sha256": make.digest("unknown")},
        {"id": "1"},
        {"created_at": "yesterday"},
    ],
)
def test_a_response_that_cannot_be_is_refused_whole(store: Store, wrong: dict[str, Any]) -> None:
    with pytest.raises(StoreError, match="contradicts"):
        make.store_response(store, **wrong)

    assert store.responses.all() == []
    assert list(store.query("SELECT * FROM weights")) == []


def test_weights_that_cannot_be_are_refused_and_not_ignored(store: Store) -> None:
    broken = WeightsRecord(sha256=make.WEIGHTS.sha256, file="tiny.gguf", size=-1)

    with pytest.raises(StoreError, match="size"):
        store.responses.add(make.recorded(make.response(make.new_id()), weights=broken))
