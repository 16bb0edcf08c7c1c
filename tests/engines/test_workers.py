"""The processes behind the engine: they end when they should, and nothing of them stays."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from msgspec import structs

import tui
import tui.engines.llama.worker_slot
from tui.engines.events import Delta, Started
from tui.engines.llama.engine import LlamaEngine
from tui.engines.llama.protocol import LoadSpec

from .listening import ENDLESS, PLAIN, Answer, ask, listen, until, worker_pids

if TYPE_CHECKING:
    from .conftest import MakeTiny


def has(answer: Answer, kind: type) -> bool:
    return any(isinstance(event, kind) for event in answer.events)


async def test_cancel_ends_a_running_answer_and_keeps_what_it_wrote(
    engine: LlamaEngine, smollm2: LoadSpec
) -> None:
    def cancel(answer: Answer) -> None:
        if has(answer, Delta):
            engine.cancel("1")

    answer = await listen(engine.generate(smollm2, ask(ENDLESS, max_tokens=1500)), after=cancel)

    assert answer.finished.reason == "cancelled"
    assert answer.text
    assert answer.finished.tokens < 1500


async def working() -> None:
    """Until the one worker has been computing for a while: it is in the middle of what it was given."""
    [pid] = worker_pids()
    worker = psutil.Process(pid)
    begun = worker.cpu_times().user
    await until(lambda: worker.cpu_times().user > begun + 0.2)


@pytest.mark.parametrize("chunks", [0.9, 4])
async def test_cancel_ends_the_reading_of_a_long_prompt(
    engine: LlamaEngine, smollm2: LoadSpec, chunks: float
) -> None:
    """Also inside the last chunk of 512 tokens, which would be followed by a token of the answer."""
    prompt = "One two three four five. " * int(80 * chunks)
    started = asyncio.Event()

    def note(answer: Answer) -> None:
        if has(answer, Started):
            started.set()

    reading = asyncio.create_task(listen(engine.generate(smollm2, ask(prompt, template=PLAIN)), after=note))
    await started.wait()
    await working()
    engine.cancel("1")
    answer = await reading
    after = await listen(engine.generate(smollm2, ask("Hi.", max_tokens=2)))

    assert (answer.finished.reason, answer.text, answer.finished.tokens) == ("cancelled", "", 0)
    assert answer.started.prompt_tokens > 400 * chunks
    assert after.finished.reason == "length"


async def test_cancel_ends_a_queued_generation_while_another_runs(
    engine: LlamaEngine, smollm2: LoadSpec
) -> None:
    running = asyncio.create_task(listen(engine.generate(smollm2, ask(ENDLESS, max_tokens=1500))))
    queued = asyncio.create_task(listen(engine.generate(smollm2, ask("Hi.", name="2"))))
    await until(lambda: bool(engine._slots))

    engine.cancel("2")
    answer = await queued

    assert not running.done()
    assert (answer.finished.reason, answer.text, has(answer, Started)) == ("cancelled", "", False)
    engine.cancel("1")
    assert (await running).finished.reason == "cancelled"


async def test_cancel_before_anybody_listens(engine: LlamaEngine, tiny: MakeTiny) -> None:
    events = engine.generate(LoadSpec(path=str(tiny())), ask())

    engine.cancel("1")

    assert [event.reason for event in (await listen(events)).events] == ["cancelled"]  # type: ignore[union-attr]
    assert not worker_pids()


async def test_an_unknown_id_is_nothing_to_cancel(engine: LlamaEngine) -> None:
    engine.cancel("nobody")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
async def test_a_worker_killed_while_it_writes_costs_one_line(engine: LlamaEngine, smollm2: LoadSpec) -> None:
    def kill(answer: Answer) -> None:
        if has(answer, Delta):
            for pid in worker_pids():
                os.kill(pid, signal.SIGKILL)

    answer = await listen(engine.generate(smollm2, ask(ENDLESS, max_tokens=1500)), after=kill)
    again = await listen(engine.generate(smollm2, ask("Say hello.", max_tokens=5)))

    assert answer.finished.reason == "failed"
    assert answer.text
    assert answer.finished.error == (
        "the engine for SmolLM2-135M-Instruct.Q4_1.gguf was killed (SIGKILL), perhaps for want of memory;"
        " run it again to start a fresh one"
    )
    assert again.text


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGSTOP")
async def test_a_worker_that_does_not_react_to_a_stop_is_ended_and_says_so(
    engine: LlamaEngine, smollm2: LoadSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tui.engines.llama.worker_slot, "STUCK_SECONDS", 0.5)

    def hang_and_cancel(answer: Answer) -> None:
        if has(answer, Delta):
            for pid in worker_pids():
                os.kill(pid, signal.SIGSTOP)
            engine.cancel("1")

    answer = await listen(engine.generate(smollm2, ask(ENDLESS, max_tokens=1500)), after=hang_and_cancel)

    assert answer.finished.reason == "failed"
    assert answer.finished.error.startswith(
        "the engine for SmolLM2-135M-Instruct.Q4_1.gguf did not react for "
    )
    await until(lambda: not worker_pids())


async def test_cancel_of_one_leaves_the_others_of_the_batch_alone(
    engine: LlamaEngine, smollm2: LoadSpec
) -> None:
    batched = structs.replace(smollm2, parallel=3)
    writing = set()

    def cancel(answer: Answer) -> None:
        if has(answer, Delta):
            writing.add(answer.started.id)
        if len(writing) == 3:
            engine.cancel("2")

    requests = [ask(ENDLESS, name=f"{number}", max_tokens=100) for number in range(1, 4)]
    answers = await asyncio.gather(
        *(listen(engine.generate(batched, request), after=cancel) for request in requests)
    )

    assert [answer.finished.reason for answer in answers] == ["length", "cancelled", "length"]
    assert [answer.finished.parallel for answer in answers] == [3, 3, 3]
    assert answers[0].finished.tokens == answers[2].finished.tokens == 100
    assert answers[1].finished.tokens < 100


async def test_close_ends_workers_and_generations(smollm2: LoadSpec, tmp_path: Path) -> None:
    engine = LlamaEngine(log_folder=tmp_path)
    writing, queued = asyncio.Event(), ask("Hi.", name="2")

    def note(answer: Answer) -> None:
        if has(answer, Delta):
            writing.set()

    first = asyncio.create_task(listen(engine.generate(smollm2, ask(ENDLESS, max_tokens=1500)), after=note))
    second = asyncio.create_task(listen(engine.generate(smollm2, queued)))
    await writing.wait()

    await engine.close()

    assert (await first).finished.reason == (await second).finished.reason == "cancelled"
    assert (await first).finished.tokens > 0
    assert not worker_pids()


async def test_close_ends_a_worker_in_the_middle_of_loading(smollm2: LoadSpec, tmp_path: Path) -> None:
    engine = LlamaEngine(log_folder=tmp_path)
    listening = asyncio.create_task(listen(engine.generate(smollm2, ask())))
    await until(lambda: bool(engine._slots))

    await engine.close()

    assert (await listening).finished.reason == "cancelled"
    assert not worker_pids()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("doing", ["reading", "writing", "waiting", "stopped"])
async def test_a_worker_ends_when_its_parent_is_killed(smollm2: LoadSpec, tmp_path: Path, doing: str) -> None:
    parent = await asyncio.create_subprocess_exec(
        *[sys.executable, "-c", PARENT, smollm2.path, str(tmp_path), doing],
        env={**os.environ, "PYTHONPATH": str(Path(tui.__file__).parent.parent)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert parent.stdout is not None
    assert await parent.stdout.readline() == b"now\n"
    [worker] = psutil.Process(parent.pid).children()
    if doing == "stopped":  # so that it cannot see to it itself
        worker.suspend()
    parent.kill()
    await parent.wait()
    await until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE)


PARENT = """
import asyncio, pathlib, sys
from tui.catalogue.model import Sampling
from tui.engines.events import Delta, Finished, Started
from tui.engines.llama.protocol import Generate, LoadSpec
from tui.engines.llama.engine import LlamaEngine

path, logs, doing = sys.argv[1:]
until = {"reading": Started, "writing": Delta, "waiting": Finished, "stopped": Delta}[doing]
prompt = "One two three four five. " * (320 if doing == "reading" else 1)
tokens = 1 if doing == "waiting" else 1500

async def main():
    engine = LlamaEngine(log_folder=pathlib.Path(logs))
    request = Generate(id="1", instruction=prompt, sampling=Sampling(max_tokens=tokens))
    async for event in engine.generate(LoadSpec(path=path), request):
        if isinstance(event, until):
            print("now", flush=True)
            await asyncio.sleep(600)

asyncio.run(main())
"""


async def test_no_process_and_no_descriptor_is_left(tiny: MakeTiny, tmp_path: Path) -> None:
    async def one_engine() -> None:
        engine = LlamaEngine(log_folder=tmp_path)
        await listen(engine.generate(LoadSpec(path=str(tiny(recite="Hi."))), ask()))
        await listen(engine.generate(LoadSpec(path=str(tmp_path / "gone.gguf")), ask()))
        await engine.close()

    await one_engine()
    before = psutil.Process().num_fds()
    for _ in range(3):
        await one_engine()

    await until(lambda: psutil.Process().num_fds() <= before)
    assert not worker_pids()
