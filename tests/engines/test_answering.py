"""Answers end to end: the real llama.cpp in a worker process, tiny weights that recite or SmolLM2."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from tiny_gguf import ARCHITECTURES, write_tiny_adapter

from tui.engines.events import Delta, Finished, Loaded, Loading, Started
from tui.engines.llama.protocol import LoadSpec

from .listening import PLAIN, ask, listen

if TYPE_CHECKING:
    from pathlib import Path

    from tui.engines.llama.engine import LlamaEngine

    from .conftest import MakeTiny

RECITAL = "Hello, 世界! 👩‍👩‍👧 e\u0301 naïve नमस्ते the end"


def spec_of(path: object, **options: object) -> LoadSpec:
    return LoadSpec(path=str(path), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("architecture", ARCHITECTURES)
async def test_each_architecture_answers_through_the_template_in_its_file(
    engine: LlamaEngine, tiny: MakeTiny, architecture: str
) -> None:
    answer = await listen(engine.generate(spec_of(tiny(architecture, recite=RECITAL)), ask("Say </s>.")))

    assert answer.text == RECITAL
    assert answer.finished.reason == "stop"
    assert answer.started.rendered_prompt.startswith("<|im_start|>user\nSay </s>.<|im_end|>")
    assert answer.loaded.facts.architecture == architecture
    assert answer.loaded.facts.warnings == ()


async def test_characters_arrive_whole_whatever_the_tokens(engine: LlamaEngine, tiny: MakeTiny) -> None:
    answer = await listen(engine.generate(spec_of(tiny("gptneox", recite=RECITAL)), ask()))

    deltas = [event.text for event in answer.events if isinstance(event, Delta)]
    assert answer.finished.tokens > len(RECITAL.split())
    assert "\N{REPLACEMENT CHARACTER}" not in "".join(deltas)


async def test_events_come_in_order_and_count(engine: LlamaEngine, smollm2: LoadSpec) -> None:
    answer = await listen(engine.generate(smollm2, ask("Count to twenty.", max_tokens=24)))

    kinds = [type(event) for event in answer.events if not isinstance(event, Loading)]
    assert kinds[:2] == [Loaded, Started]
    assert set(kinds[2:-1]) == {Delta}
    counts = [event.tokens for event in answer.events if isinstance(event, Delta)]
    assert counts == sorted(counts)
    assert counts[0] == 1
    assert counts[-1] == answer.finished.tokens == 24
    assert answer.finished.reason == "length"
    assert answer.finished.tokens_per_second
    assert answer.finished.first_token_seconds
    assert answer.finished.seconds > answer.finished.first_token_seconds


async def test_a_stop_token_need_not_be_an_end_of_text(engine: LlamaEngine, tiny: MakeTiny) -> None:
    weights = spec_of(tiny("gptneox", recite="Enough.", ends_with="<|prompter|>"))

    stopped = await listen(engine.generate(weights, ask(stop_tokens=("<|prompter|>",))))
    ran_on = await listen(engine.generate(weights, ask(max_tokens=30)))

    assert (stopped.text, stopped.finished.reason) == ("Enough.", "stop")
    assert (ran_on.text[:14], ran_on.finished.reason) == ("Enough.Enough.", "length")


async def test_a_stop_token_the_weights_do_not_have_is_a_warning(engine: LlamaEngine, tiny: MakeTiny) -> None:
    weights = spec_of(tiny("falcon", recite="Fine."))

    answer = await listen(engine.generate(weights, ask(stop_tokens=("<|nowhere|>",))))

    assert answer.text == "Fine."
    assert answer.started.warnings == ("the weights have no token <|nowhere|> to stop at",)


async def test_a_stop_text_ends_the_answer_before_it(engine: LlamaEngine, tiny: MakeTiny) -> None:
    weights = spec_of(tiny("falcon", recite="An answer.\nUser: and more"))

    answer = await listen(engine.generate(weights, ask("Go.", template=PLAIN, stop_texts=("\nUser:",))))

    assert (answer.text, answer.finished.reason) == ("An answer.", "stop")


async def test_what_is_left_of_the_context_limits_the_answer(engine: LlamaEngine, smollm2: LoadSpec) -> None:
    weights = LoadSpec(path=smollm2.path, context_length=256)

    answer = await listen(engine.generate(weights, ask("word " * 200, template=PLAIN, max_tokens=500)))

    assert answer.finished.reason == "length"
    assert answer.started.prompt_tokens + answer.finished.tokens == 256


async def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_text(
    engine: LlamaEngine, smollm2: LoadSpec
) -> None:
    async def tell(seed: int) -> str:
        sampling: dict[str, Any] = {
            "temperature": 0.9,
            "top_p": 0.95,
            "repeat_penalty": 1.1,
            "max_tokens": 40,
        }
        request = ask("Tell a story.", seed=seed, **sampling)
        return (await listen(engine.generate(smollm2, request))).text

    first, other, again = await tell(7), await tell(8), await tell(7)

    assert first == again
    assert first != other


async def test_the_seed_llama_cpp_takes_for_random_can_be_repeated_too(
    engine: LlamaEngine, tiny: MakeTiny
) -> None:
    request = ask(seed=0xFFFFFFFF, temperature=1.0, max_tokens=30)

    texts = {(await listen(engine.generate(spec_of(tiny("mpt")), request))).text for _ in range(3)}

    assert len(texts) == 1


async def test_the_repeat_penalty_counts_the_prompt(engine: LlamaEngine, smollm2: LoadSpec) -> None:
    async def capital(**sampling: Any) -> str:
        prompt = "The capital of France is Paris. The capital of France is"
        return (
            await listen(engine.generate(smollm2, ask(prompt, template=PLAIN, max_tokens=1, **sampling)))
        ).text

    assert await capital() == " Paris"
    assert await capital(repeat_penalty=2.0) != " Paris"
    assert await capital(repeat_penalty=2.0, repeat_last_n=4) == " Paris"


async def test_generations_for_the_same_weights_take_turns(engine: LlamaEngine, smollm2: LoadSpec) -> None:
    requests = [ask(f"Say {number}", name=f"{number}", max_tokens=8) for number in range(3)]

    answers = await asyncio.gather(*(listen(engine.generate(smollm2, request)) for request in requests))

    assert {answer.finished.reason for answer in answers} <= {"stop", "length"}
    assert all(answer.text for answer in answers)
    assert all(isinstance(answer.events[0], (Loading, Loaded)) for answer in answers)


async def test_context_beyond_training_is_for_models_made_for_it(engine: LlamaEngine, tiny: MakeTiny) -> None:
    mpt, falcon = (spec_of(tiny(name, context_length=512), context_length=1024) for name in ("mpt", "falcon"))

    alibi = await listen(engine.generate(mpt, ask(max_tokens=1)))
    rotary = await listen(engine.generate(falcon, ask(max_tokens=1)))

    assert alibi.loaded.facts.context_length == 1024
    assert rotary.loaded.facts.context_length == 512
    assert any("512" in warning for warning in rotary.loaded.facts.warnings)


async def test_an_adapter_changes_the_answer(engine: LlamaEngine, tiny: MakeTiny, tmp_path: Path) -> None:
    weights = tiny(recite="Yes. Perhaps.")
    adapter = write_tiny_adapter(tmp_path / "adapter.gguf", recite="Yes. Perhaps.", up_to="Yes.")

    bare = await listen(engine.generate(spec_of(weights), ask()))
    adapted = await listen(engine.generate(spec_of(weights, adapter_path=str(adapter)), ask()))

    assert bare.text == "Yes. Perhaps."
    assert adapted.text == "Yes."


async def test_a_missing_pre_tokenizer_is_warned_of_or_given(engine: LlamaEngine, tiny: MakeTiny) -> None:
    old = tiny("gptneox", pre=None)

    without = await listen(engine.generate(spec_of(old), ask(max_tokens=1)))
    given = await listen(engine.generate(spec_of(old, tokenizer_pre="olmo"), ask(max_tokens=1)))

    (warning,) = without.loaded.facts.warnings
    assert warning.startswith("the file does not say how its text is split into tokens")
    assert given.loaded.facts.warnings == ()


async def test_an_iterator_left_early_cancels_its_generation(engine: LlamaEngine, smollm2: LoadSpec) -> None:
    events = engine.generate(smollm2, ask("Tell a very long story.", max_tokens=2000))
    async for event in events:
        if isinstance(event, Delta):
            break
    left = engine._generations["1"]
    await events.aclose()  # type: ignore[attr-defined]

    after = await listen(engine.generate(smollm2, ask(name="2", max_tokens=4)))

    assert after.loaded.facts.architecture == "llama"
    assert after.finished.tokens <= 4
    assert left.finished
    while not isinstance(event, Finished):
        event = await left.next()
    assert event.reason == "cancelled"
