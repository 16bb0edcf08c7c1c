"""What goes wrong is one readable line that names the file, and the next run works."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from other_gguf import write_bert
from tiny_gguf import write_cut_short, write_tiny

from tui.engines.events import Started
from tui.engines.llama.worker.failures import explain, refuse_broken, unreadable
from tui.engines.target import LocalTarget
from tui.errors import EngineError

from .listening import PLAIN, Answer, ask, listen

if TYPE_CHECKING:
    from tui.engines.llama.engine import LlamaEngine

    from .conftest import MakeTiny


async def failure(engine: LlamaEngine, path: Path, **spec: object) -> str:
    answer = await listen(engine.generate(LocalTarget(path, **spec), ask()))  # type: ignore[arg-type]
    assert answer.finished.reason == "failed"
    assert not any(isinstance(event, Started) for event in answer.events)
    [line] = answer.finished.error.splitlines()
    return line


async def test_no_such_file(engine: LlamaEngine, tmp_path: Path) -> None:
    line = await failure(engine, tmp_path / "gone.gguf")

    assert line == f"gone.gguf: there is no such file in {tmp_path}"


async def test_a_folder(engine: LlamaEngine, tmp_path: Path) -> None:
    assert await failure(engine, tmp_path) == f"{tmp_path.name}: this is a folder, not a GGUF file"


def test_no_permission(tmp_path: Path) -> None:
    said = unreadable(tmp_path / "secret.gguf", PermissionError(errno.EACCES, "Permission denied"))

    assert said == "you have no permission to read it"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"<!DOCTYPE html><html>", "not a GGUF file"),
        (b"GGUF\x03\x00\x00\x00", "the file is cut short; download it again"),
        (b"GGUF\x01" + bytes(40), "a GGUF file of version 1, which llama.cpp no longer reads"),
        (b"GGUF\x00\x00\x00\x03" + bytes(40), "a GGUF file for big-endian machines"),
    ],
)
def test_a_header_that_is_wrong(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "odd.gguf"
    path.write_bytes(content)

    with pytest.raises(EngineError, match=rf"^odd\.gguf: {said}"):
        refuse_broken(path)


@pytest.mark.parametrize("keep", [0.001, 0.02, 0.9, 0.999])
async def test_a_file_cut_short(engine: LlamaEngine, tmp_path: Path, keep: float) -> None:
    line = await failure(engine, write_cut_short(tmp_path / "short.gguf", keep=keep))

    assert line == "short.gguf: the file is cut short or corrupt; download it again"


async def test_an_unknown_architecture(engine: LlamaEngine, tmp_path: Path) -> None:
    path = write_tiny(tmp_path / "new.gguf", declared_architecture="brandnew")

    line = await failure(engine, path)

    assert line == "new.gguf: its architecture 'brandnew' is not known to this llama.cpp"


async def test_an_adapter_that_is_none(engine: LlamaEngine, tiny: MakeTiny, tmp_path: Path) -> None:
    nothing = tmp_path / "adapter.gguf"

    missing = await failure(engine, tiny(), adapter_path=nothing)
    write_tiny(nothing)
    wrong = await failure(engine, tiny(), adapter_path=nothing)

    assert missing == f"adapter.gguf: there is no such file in {tmp_path}"
    assert wrong.startswith("adapter.gguf: ")


async def test_an_embedding_model_is_named_before_it_is_loaded(engine: LlamaEngine, tmp_path: Path) -> None:
    answer = await listen(engine.generate(LocalTarget(write_bert(tmp_path / "bert.gguf")), ask()))

    [only] = answer.events
    assert only == answer.finished
    assert only.error == "bert.gguf: this is an embedding model: it turns text into numbers, and writes none"


async def test_a_file_that_makes_llama_cpp_abort(engine: LlamaEngine, tmp_path: Path, tiny: MakeTiny) -> None:
    line = await failure(engine, write_tiny(tmp_path / "twice.gguf", repeat_a_token=True))

    assert line.startswith("the engine for twice.gguf crashed (SIGABRT): ")
    assert "GGML_ASSERT" in line
    assert f"its log is {tmp_path / 'logs'}" in line
    after = await listen(engine.generate(LocalTarget(tiny(recite="Hi.")), ask()))
    assert after.text == "Hi."


def test_llama_cpps_own_words_are_made_safe_and_one_line() -> None:
    said = explain(Path("x.gguf"), ["error \x1b[31mred\nand more", "failed to load model"])

    assert said == "x.gguf: error \N{REPLACEMENT CHARACTER}[31mred and more"


async def prompt_failure(engine: LlamaEngine, weights: Path, **request: object) -> Answer:
    answer = await listen(engine.generate(LocalTarget(weights), ask(**request)))  # type: ignore[arg-type]
    assert answer.finished.reason == "failed"
    assert len(answer.finished.error.splitlines()) == 1
    return answer


async def test_a_prompt_of_ten_megabytes_is_refused_before_it_is_tokenised(
    engine: LlamaEngine, smollm2: LocalTarget
) -> None:
    answer = await prompt_failure(engine, smollm2.path, instruction="word " * 2_000_000, template=PLAIN)

    assert answer.finished.error.startswith("the prompt has at least ")
    assert answer.finished.error.endswith(" tokens, the context holds 2048: shorten the prompt")


async def test_a_prompt_that_leaves_no_room_is_refused_with_the_numbers(
    engine: LlamaEngine, tiny: MakeTiny
) -> None:
    answer = await prompt_failure(engine, tiny("mpt"), instruction="z" * 2048, template=PLAIN)

    said = "the prompt has 2048 tokens, the context holds 2048: shorten the prompt"
    assert answer.finished.error == said


async def test_weights_without_a_template_need_one(engine: LlamaEngine, tiny: MakeTiny) -> None:
    bare = tiny("falcon", chat_template=None, recite="Yes.")

    without = await prompt_failure(engine, bare)
    given = await listen(engine.generate(LocalTarget(bare), ask(template=PLAIN)))

    assert "chat template" in without.finished.error
    assert given.text == "Yes."


async def test_a_template_that_fails_costs_one_generation(engine: LlamaEngine, tiny: MakeTiny) -> None:
    await prompt_failure(engine, tiny("falcon", recite="Yes."), template="{% if %}")

    after = await listen(engine.generate(LocalTarget(tiny("falcon", recite="Yes.")), ask()))

    assert after.text == "Yes."


async def test_text_that_is_not_unicode_costs_one_generation(engine: LlamaEngine, tiny: MakeTiny) -> None:
    answer = await prompt_failure(engine, tiny(), instruction="lone \udc80 surrogate")

    assert answer.finished.error == "the prompt holds characters that are not valid Unicode"


async def test_an_empty_prompt(engine: LlamaEngine, tiny: MakeTiny) -> None:
    answer = await prompt_failure(engine, tiny("mpt"), instruction="", template=PLAIN)

    assert answer.finished.error == "the prompt is empty: there is nothing to answer"


async def test_an_id_that_is_still_running_is_not_taken_twice(engine: LlamaEngine, tiny: MakeTiny) -> None:
    first = engine.generate(LocalTarget(tiny(recite="Yes.")), ask())

    second = await listen(engine.generate(LocalTarget(tiny(recite="Yes.")), ask()))

    assert second.finished.reason == "failed"
    assert (await listen(first)).text == "Yes."
