"""On a GPU, whichever the installed build finds: `pytest -m gpu`.

A software GPU will do as well, slowly: with a Vulkan build and Mesa's llvmpipe, GGML_VK_VISIBLE_DEVICES=0.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import llama_cpp.llama_cpp as llama
import pytest
from msgspec.structs import replace
from tiny_gguf import ARCHITECTURES

from tui.engines.events import Started
from tui.engines.llama.allocating import allocation_of, as_allocated
from tui.engines.llama.engine import LlamaEngine
from tui.engines.llama.probing import gpus
from tui.engines.llama.settings import MachineSettings
from tui.engines.target import LocalTarget

from .decoding_stage import Stage
from .listening import PLAIN, SMOLLM2, ask, listen, spec_of, worker_pids
from .test_parity import plain_loop, written

if TYPE_CHECKING:
    from pathlib import Path

    from tui.memory.free import Device

    from .conftest import MakeTiny
    from .listening import Answer

pytestmark = pytest.mark.gpu
LAYERS = 31  # of SmolLM2, the output among them
MEBIBYTE = 1 << 20


@pytest.fixture(scope="module")
def card() -> Device:
    found = gpus()
    if not found:
        pytest.skip("the installed llama.cpp finds no GPU")
    return found[0]


@pytest.fixture
def said(tmp_path: Path) -> object:
    """What llama.cpp wrote into the logs of the workers that `engine` had."""

    def read() -> str:
        return "".join(file.read_text(errors="replace") for file in (tmp_path / "logs").iterdir())

    return read


def held_by(card: Device, log: str) -> float:
    """Bytes that llama.cpp says it has allocated there."""
    found = re.findall(rf"{card.name} +\w+ buffer size = +([\d.]+) MiB", log)
    return sum(map(float, found)) * MEBIBYTE


async def test_all_layers_go_to_a_card_that_has_room(engine, smollm2, card, said):
    answer = await listen(engine.generate(smollm2, ask(max_tokens=3)))

    assert answer.text
    assert answer.loaded.facts.gpu_layers == LAYERS
    assert f"offloaded {LAYERS}/{LAYERS} layers to GPU" in said()
    assert any(each.startswith(f"{card.name}: ") for each in answer.loaded.facts.devices)


@pytest.mark.parametrize("layers", [0, 2])
async def test_a_person_s_number_of_layers_goes_there(smollm2, card, tmp_path, said, layers):
    settings = MachineSettings(gpu_layers=layers, devices=(card.name,))
    engine = LlamaEngine(settings, log_folder=tmp_path / "logs")

    answer = await listen(engine.generate(smollm2, ask(max_tokens=3)))
    await engine.close()

    assert answer.text
    assert answer.loaded.facts.gpu_layers == layers
    assert f"offloaded {layers}/{LAYERS} layers to GPU" in said()
    assert bool(held_by(card, said())) == bool(layers)


async def test_a_worker_without_layers_there_leaves_the_card_alone(smollm2, card, tmp_path):
    engine = LlamaEngine(MachineSettings(gpu_layers=0), log_folder=tmp_path / "logs")
    [before, *_] = gpus()

    answer = await listen(engine.generate(smollm2, ask(max_tokens=3)))
    [meanwhile, *_] = gpus()
    await engine.close()

    assert answer.text
    assert meanwhile.free > before.free - 64 * MEBIBYTE


@pytest.mark.parametrize(("layers", "parallel"), [(-1, 1), (-1, 4), (3, 1), (3, 4)])
async def test_what_it_takes_there_is_within_a_tenth_of_what_was_allocated(
    smollm2, card, tmp_path, said, layers, parallel
):
    settings = MachineSettings(gpu_layers=layers, devices=(card.name,))
    allocation = allocation_of(settings.spec_of(smollm2, parallel), free=1 << 60, devices=[card])
    engine = LlamaEngine(settings, log_folder=tmp_path / "logs")
    engine.set_lanes(smollm2, parallel)

    await listen(engine.generate(smollm2, ask(max_tokens=1)))
    await engine.close()

    [(_, allocated)] = allocation.placement.on_devices
    assert allocated == pytest.approx(held_by(card, said()), rel=0.1)


async def test_as_many_layers_as_fit_are_those_that_load(smollm2, card, tmp_path, said):
    half = allocation_of(spec_of(smollm2, gpu_layers=LAYERS // 2), free=1 << 60, devices=[card])
    [(_, need)] = half.placement.on_devices
    tight = replace(card, free=need + (1 << 30))
    engine = LlamaEngine(log_folder=tmp_path / "logs", find_devices=lambda: [tight])
    spec = spec_of(smollm2)
    allocated = as_allocated(spec, allocation_of(spec, free=1 << 60, devices=[tight]), [tight])

    answer = await listen(engine.generate(smollm2, ask(max_tokens=3)))
    await engine.close()

    assert answer.text
    assert 0 < allocated.gpu_layers < LAYERS
    assert f"offloaded {allocated.gpu_layers}/{LAYERS} layers to GPU" in said()


@pytest.mark.parametrize("architecture", ARCHITECTURES)
async def test_every_architecture_says_there_what_it_says_elsewhere(
    engine, tiny: MakeTiny, card, said, architecture
):
    spec = LocalTarget(tiny(architecture, recite="Yes. Perhaps."))

    answer = await listen(engine.generate(spec, ask()))

    assert answer.text == "Yes. Perhaps."
    assert held_by(card, said())


def test_greedy_is_token_for_token_a_plain_loop_there_and_the_same_again(card):
    stage = Stage(SMOLLM2, 1, context_length=512)
    first, plain = written(stage), plain_loop(stage, llama.llama_sampler_init_greedy())
    again = written(stage)
    stage.close()

    assert first == plain == again


async def test_a_stop_is_heeded_between_pieces_of_a_prompt_and_the_worker_lives_on(engine, smollm2, card):
    def cancel(answer: Answer) -> None:
        if any(isinstance(event, Started) for event in answer.events):
            engine.cancel("1")

    stopped = await listen(engine.generate(smollm2, ask("word " * 1800, template=PLAIN)), after=cancel)
    pids = worker_pids()
    after = await listen(engine.generate(smollm2, ask(name="2", max_tokens=3)))

    assert (stopped.finished.reason, stopped.text) == ("cancelled", "")
    assert after.text
    assert worker_pids() == pids


async def test_the_card_has_its_memory_back_when_the_worker_is_gone(engine, smollm2, card):
    [before, *_] = gpus()
    await listen(engine.generate(smollm2, ask(max_tokens=1)))
    [meanwhile, *_] = gpus()
    await engine.close()
    [after, *_] = gpus()

    if meanwhile.free == before.free:
        pytest.skip("its driver does not say what is taken")
    assert meanwhile.free < before.free
    assert after.free > before.free - 64 * MEBIBYTE
