"""Sequences in one batch: each gets its own answer, whoever joins, leaves or is cancelled meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cased_gguf import CAPITALS, SMALL, recital
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.engines.llama.worker.weights import Weights

from .decoding_stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .conftest import MakeTiny

PARALLEL = 4


@pytest.fixture(scope="module")
def shared_stage(cased_path: Path) -> Iterator[Stage]:
    stage = Stage(cased_path, PARALLEL, context_length=256, threads=1)
    yield stage
    stage.close()


@pytest.fixture
def stage(shared_stage: Stage) -> Stage:
    shared_stage.clear()
    return shared_stage


joining = st.tuples(
    st.just("join"), st.sampled_from([CAPITALS, SMALL]), st.integers(1, 120), st.integers(1, 60)
)
happening = st.one_of(
    joining,
    joining,
    st.tuples(st.just("advance"), st.integers(1, 10)),
    st.tuples(st.just("cancel"), st.integers(0, PARALLEL)),
    st.tuples(st.just("interrupt")),
)


@settings(deadline=None, max_examples=150)
@given(st.lists(happening, max_size=40))
def test_every_answer_is_its_own_whoever_joins_leaves_and_is_cancelled(
    shared_stage: Stage, happenings: list[tuple[object, ...]]
) -> None:
    stage, expected = shared_stage, {}
    stage.clear()
    for number, what in enumerate(happenings):
        match what:
            case ("join", str(mark), int(length), int(tokens)) if stage.decoder.ready:
                expected[f"{number}"] = recital(mark, tokens)
                stage.join(f"{number}", mark * length, max_tokens=tokens)
            case ("advance", int(steps)):
                for _ in range(steps):
                    stage.advance()
            case ("cancel", int(which)) if which < len(stage.running):
                stage.cancel(list(stage.running)[which])
            case ("interrupt",):
                stage.advance_interrupted()
    stage.finish()

    assert stage.finished.keys() == expected.keys()
    for name, text in expected.items():
        cancelled = stage.finished[name].reason == "cancelled"
        assert stage.texts[name] == (text[: stage.finished[name].tokens] if cancelled else text)


@pytest.mark.parametrize("leaving", [["1"], ["0"], ["0", "1"], ["0", "2"], ["3"]])
def test_lanes_stay_without_a_gap_so_that_llama_cpp_does_not_split_the_batch(
    stage: Stage, leaving: list[str]
) -> None:
    marks = [CAPITALS, SMALL, SMALL, CAPITALS]
    for number, mark in enumerate(marks):
        stage.join(f"{number}", mark * 20, max_tokens=90)
        stage.until_read()

    for name in leaving:
        stage.cancel(name)
    stage.advance()

    assert [entry.lane for entry in stage.decoded[-1]] == list(range(len(marks) - len(leaving)))
    stage.finish()
    for number, mark in enumerate(marks):
        if f"{number}" not in leaving:
            assert stage.texts[f"{number}"] == recital(mark, 90)


def test_samples_of_one_prompt_read_it_once(stage: Stage) -> None:
    for sample in range(PARALLEL):
        stage.join(f"{sample}", CAPITALS * 200, max_tokens=50, seed=sample)
        stage.until_ready()
    stage.finish()

    read = [entry for entries in stage.decoded for entry in entries if entry.position < 199]
    assert len(read) == 199
    assert stage.decoded_tokens == 199 + PARALLEL * 50
    assert set(stage.texts.values()) == {recital(CAPITALS, 50)}


def test_a_beginning_that_prompts_share_is_read_once(stage: Stage) -> None:
    beginning = SMALL * 100
    stage.join("1", beginning + " one " + SMALL * 9, max_tokens=50)
    stage.until_ready()

    stage.join("2", beginning + " two " + SMALL * 9, max_tokens=1)
    stage.until_ready()
    stage.finish()

    read = [entry for entries in stage.decoded for entry in entries if entry.lane == 1]
    assert min(entry.position for entry in read) > 99
    assert (stage.texts["1"], stage.texts["2"]) == (recital(SMALL, 50), "a")


def test_a_new_prompt_is_read_in_pieces_between_which_the_others_write(stage: Stage) -> None:
    stage.join("1", SMALL * 10, max_tokens=200)
    stage.until_ready()
    stage.decoder._tokens_per_second = 200.0
    stage.join("2", CAPITALS * 200, max_tokens=1)
    stage.advance()

    [chunk, step] = stage.decoded[-2:]
    assert {entry.lane for entry in chunk} == {1}
    assert len(chunk) == 50
    assert [entry.lane for entry in step] == [0]


def test_with_a_gpu_that_is_not_asked_within_a_decode_prompts_are_read_in_small_pieces(
    cased_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Weights, "_gpu_layers", lambda _self, _spec: 1)
    stage = Stage(cased_path, 1)
    stage.join("1", "!" * 500, max_tokens=1)
    stage.finish()
    stage.close()
    assert max(map(len, stage.decoded)) == 128


def test_it_says_how_many_shared_the_context(stage: Stage) -> None:
    stage.join("alone", SMALL, max_tokens=3)
    stage.finish()
    stage.join("first", SMALL, max_tokens=30)
    stage.until_ready()
    stage.join("second", CAPITALS, max_tokens=3)
    stage.finish()

    assert {name: ended.parallel for name, ended in stage.finished.items()} == {
        "alone": 1,
        "first": 2,
        "second": 2,
    }


@pytest.mark.parametrize("architecture", ["llama", "falcon"])
def test_one_that_has_the_context_to_itself_answers_as_if_it_were_the_only_lane(
    tiny: MakeTiny, architecture: str
) -> None:
    """Bit for bit, whatever the lanes held before."""
    single, several = (
        Stage(tiny(architecture), parallel, context_length=512, threads=1) for parallel in (1, PARALLEL)
    )
    several.join("before", "zz" * 30, max_tokens=20)
    several.until_ready()
    several.join("too", "zz" * 30 + "y", max_tokens=40)
    several.finish()
    for stage in (single, several):
        stage.join("it", "zz" * 30 + "y" * 300, max_tokens=64, temperature=1.0, seed=3)
        stage.finish()

    assert single.texts["it"] == several.texts["it"]
    for stage in (single, several):
        stage.close()


def test_a_failing_decode_fails_those_in_it_and_no_other(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui.errors import EngineError

    stage.join("1", SMALL * 10, max_tokens=20)
    stage.until_ready()
    stage.decoder._tokens_per_second = 200.0
    stage.join("2", CAPITALS * 100, max_tokens=5)
    decode = stage.weights.context.decode

    def fail(entries: list) -> None:  # type: ignore[type-arg]
        if len(entries) > 1:
            raise EngineError("llama.cpp could not decode")
        decode(entries)

    monkeypatch.setattr(stage.weights.context, "decode", fail)
    stage.finish()

    assert (stage.finished["2"].reason, stage.finished["2"].error) == (
        "failed",
        "llama.cpp could not decode",
    )
    assert (stage.texts["1"], stage.finished["1"].reason) == (recital(SMALL, 20), "length")


def test_every_lane_has_the_whole_context(stage: Stage) -> None:
    room = stage.weights.context.length
    for number in range(PARALLEL):
        stage.join(f"{number}", "?!"[number % 2] * (room - 40), max_tokens=500)
        stage.until_read()
    stage.finish()

    assert room == 256
    assert {(ended.reason, ended.tokens) for ended in stage.finished.values()} == {("length", 40)}
    assert [stage.texts[f"{number}"] for number in range(2)] == [recital(SMALL, 40), recital(CAPITALS, 40)]
