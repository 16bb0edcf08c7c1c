"""The parent keeps the limits of a worker, whatever that does; what is slow but works is left alone."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from typing import TYPE_CHECKING

import pytest

import tui.engines.llama.worker_slot
from tui.engines.events import Delta
from tui.engines.llama.engine import LlamaEngine
from tui.engines.llama.process import WorkerProcess, child_environment
from tui.engines.llama.protocol import Beat, LoadSpec
from tui.engines.llama.watch import Limits, Watch

from .listening import ENDLESS, Answer, ask, listen, until, worker_pids

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import MakeTiny

QUICK = Limits(tick=0.1, silent=1.0, stopped=0.3, preparing=1.0, grace=0.2)
STAND_IN = """
import os, sys, time
import msgspec
from tui.engines.events import *
from tui.engines.llama.protocol import *
from tui.engines.scripted import FACTS

def say(*events):
    for event in events:
        os.write(1, msgspec.json.encode(event) + b"\\n")

def asked():
    return msgspec.json.decode(sys.stdin.readline(), type=Command)

asked()
say(Loaded(facts=FACTS))
generation = asked().id
started = Started(id=generation, template="", rendered_prompt="", prompt_tokens=1)
hello = Delta(id=generation, text="hello", tokens=1)
"""


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A worker that has loaded, was asked for an answer, and then does this."""

    def use(code: str, before: str = STAND_IN) -> None:
        (tmp_path / "stand_in.py").write_text(before + code)

        async def start(spec: LoadSpec, *_: object, **__: object) -> WorkerProcess:
            command = (sys.executable, str(tmp_path / "stand_in.py"), "tui.engines.llama.worker.main")
            environment = child_environment({})
            limit = tui.engines.llama.process._LONGEST_LINE
            process = await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment, limit=limit
            )
            return WorkerProcess(process, spec, tmp_path / "log")

        monkeypatch.setattr(WorkerProcess, "start", start)

    return use


async def answered(tmp_path: Path, seconds: float = 0, limits: Limits = QUICK) -> Answer:
    """What comes of it; no process is left."""
    engine = LlamaEngine(log_folder=tmp_path, limits=limits)
    spec = LoadSpec(path=str(tmp_path / "some.gguf"))
    async with asyncio.timeout(20):
        answer = await listen(engine.generate(spec, ask(seconds=seconds)))
        await until(lambda: not worker_pids())
        await engine.close()
    assert len(answer.finished.error.splitlines()) <= 1
    return answer


async def failure(tmp_path: Path, seconds: float = 0) -> str:
    answer = await answered(tmp_path, seconds)
    assert answer.finished.reason == "failed"
    return answer.finished.error


async def test_a_worker_that_says_nothing_from_the_start_is_ended(stand_in, tmp_path: Path) -> None:
    stand_in("import time; time.sleep(600)", before="")
    assert "some.gguf did not react for 1 seconds and was ended" in await failure(tmp_path)


async def test_a_worker_that_is_silent_in_an_answer_is_ended_and_what_it_wrote_is_kept(
    stand_in, tmp_path: Path
) -> None:
    stand_in("say(started, hello); time.sleep(600)")
    answer = await answered(tmp_path)
    assert (answer.finished.reason, answer.text) == ("failed", "hello")
    assert "did not react" in answer.finished.error


async def test_a_worker_that_closed_its_output_and_lives_is_ended(stand_in, tmp_path: Path) -> None:
    stand_in("say(started, hello); os.close(1); time.sleep(600)")
    assert "some.gguf closed its output and was ended" in await failure(tmp_path)


@pytest.mark.parametrize("flood", ["x", "{}\\n", '{\\"type\\":\\"beat\\"}\\n', "\\xff\\n"])
async def test_a_worker_that_floods_is_ended(stand_in, tmp_path: Path, monkeypatch, flood: str) -> None:
    monkeypatch.setattr(tui.engines.llama.process, "_LONGEST_LINE", 1 << 20)
    stand_in(f'while True: os.write(1, b"{flood}" * 10_000)')
    assert "could not be understood" in await failure(tmp_path)


async def test_a_worker_that_does_not_get_through_a_template_is_ended(stand_in, tmp_path: Path) -> None:
    stand_in("while True: say(Beat(doing='preparing', steps=1)); time.sleep(0.05)")
    assert "did not get through the chat template in 1 seconds" in await failure(tmp_path)


async def test_a_worker_that_decodes_for_long_and_says_that_it_runs_is_left_alone(
    stand_in, tmp_path: Path
) -> None:
    beats = "for _ in range(60): say(Beat(doing='decoding', steps=1)); time.sleep(0.05)"
    stand_in(f"say(started)\n{beats}\nsay(hello, Finished(id=generation, reason='stop', tokens=1))\nasked()")
    engine = LlamaEngine(log_folder=tmp_path, limits=QUICK)
    answer = await listen(engine.generate(LoadSpec(path="x"), ask()))
    await engine.close()
    assert (answer.finished.reason, answer.text) == ("stop", "hello")


async def test_an_answer_that_outlives_its_time_limit_is_stopped_by_the_parent(
    stand_in, tmp_path: Path
) -> None:
    stand_in(
        "say(started, hello)\n"
        "import threading\n"
        "def beat():\n    while True: say(Beat(doing='decoding', steps=1)); time.sleep(0.05)\n"
        "threading.Thread(target=beat, daemon=True).start()\n"
        "assert asked().id == generation\n"
        "say(Finished(id=generation, reason='cancelled', tokens=1))\nos._exit(0)"
    )
    answer = await answered(tmp_path, seconds=0.5)
    assert (answer.finished.reason, answer.text) == ("length", "hello")


async def test_a_stop_whose_answer_then_outlives_its_time_limit_stays_a_stop(
    stand_in, tmp_path: Path
) -> None:
    stand_in(
        "say(started, hello)\n"
        "assert asked().id == generation\n"
        "for _ in range(30): say(Beat(doing='decoding', steps=1)); time.sleep(0.05)\n"
        "say(Finished(id=generation, reason='cancelled', tokens=1))\nasked()"
    )
    engine = LlamaEngine(log_folder=tmp_path, limits=QUICK)

    def stop(answer: Answer) -> None:
        if isinstance(answer.events[-1], Delta):
            engine.cancel("1")

    answer = await listen(engine.generate(LoadSpec(path="x"), ask(seconds=0.5)), after=stop)
    await engine.close()
    assert (answer.finished.reason, answer.text) == ("cancelled", "hello")


async def test_a_death_after_the_time_limit_is_nobodys_stop(stand_in, tmp_path: Path) -> None:
    stand_in(
        "say(started, hello)\n"
        "import threading\n"
        "def beat():\n    while True: say(Beat(doing='decoding', steps=1)); time.sleep(0.05)\n"
        "threading.Thread(target=beat, daemon=True).start()\n"
        "asked()\nos._exit(9)"
    )
    assert "crashed (exit code 9)" in await failure(tmp_path, seconds=0.5)


async def test_one_that_does_not_even_heed_that_is_ended(stand_in, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(tui.engines.llama.worker_slot, "STUCK_SECONDS", 0.5)
    stand_in("say(started, hello)\nwhile True: say(Beat(doing='decoding', steps=1)); time.sleep(0.05)")
    assert "did not react" in await failure(tmp_path, seconds=0.5)


async def test_with_a_time_limit_one_that_never_begins_is_ended(stand_in, tmp_path: Path) -> None:
    stand_in("while True: say(Beat(doing='decoding', steps=1)); time.sleep(0.05)")
    assert "did not begin within" in await failure(tmp_path, seconds=0.5)


async def test_a_template_that_loops_for_ever_costs_one_line(tiny: MakeTiny, tmp_path: Path) -> None:
    engine = LlamaEngine(log_folder=tmp_path, limits=QUICK._replace(silent=60))
    spec = LoadSpec(path=str(tiny(recite="Hi.")))
    nine = "9" * 4
    loop = f"{{% for a in range({nine}) %}}{{% for b in range({nine}) %}}{{% for c in range({nine}) %}}"
    endless = loop + "{% endfor %}" * 3 + "{{ instruction }}"
    async with asyncio.timeout(30):
        answer = await listen(engine.generate(spec, ask(template=endless)))
        after = await listen(engine.generate(spec, ask(name="2")))
    await engine.close()
    assert answer.finished.reason == "failed"
    assert "template" in answer.finished.error
    assert after.text == "Hi."


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGSTOP")
@pytest.mark.parametrize("seconds", [0, 600])
async def test_a_worker_stopped_in_the_middle_of_an_answer_is_ended(
    smollm2: LoadSpec, tmp_path: Path, seconds: float
) -> None:
    engine = LlamaEngine(log_folder=tmp_path, limits=QUICK._replace(silent=60))

    def stop(answer: Answer) -> None:
        if isinstance(answer.events[-1], Delta):
            for pid in worker_pids():
                os.kill(pid, signal.SIGSTOP)

    async with asyncio.timeout(30):
        request = ask(ENDLESS, max_tokens=1500, seconds=seconds)
        answer = await listen(engine.generate(smollm2, request), after=stop)
        await engine.close()
    assert (answer.finished.reason, bool(answer.text)) == ("failed", True)
    assert "was stopped from outside, said nothing for" in answer.finished.error
    assert not worker_pids()


async def test_a_worker_that_answers_for_longer_than_any_limit_is_left_alone(
    smollm2: LoadSpec, tmp_path: Path
) -> None:
    engine = LlamaEngine(log_folder=tmp_path, limits=Limits(tick=0.02, silent=2.0, stopped=0.3, preparing=1))
    answer = await listen(engine.generate(smollm2, ask("fox, " * 400, max_tokens=100)))
    await engine.close()
    assert answer.finished.reason in ("stop", "length")


@pytest.mark.parametrize("seconds", [float("inf"), float("nan"), -1.0])
async def test_a_time_limit_that_is_none_is_none(tiny: MakeTiny, engine: LlamaEngine, seconds: float) -> None:
    answer = await listen(engine.generate(LoadSpec(path=str(tiny(recite="Hi."))), ask(seconds=seconds)))
    assert (answer.finished.reason, answer.text) == ("stop", "Hi.")


async def test_a_number_that_cannot_be_sent_costs_one_line(tiny: MakeTiny, engine: LlamaEngine) -> None:
    spec = LoadSpec(path=str(tiny(recite="Hi.")))
    answer = await listen(engine.generate(spec, ask(temperature=float("inf"))))
    assert answer.finished.error == "temperature = inf cannot be used: give a finite number"
    assert (await listen(engine.generate(spec, ask(name="2")))).text == "Hi."


def test_only_the_parents_own_looks_count_as_time() -> None:
    """A machine that slept has not looked."""
    watch = Watch(Limits(silent=3))
    assert [watch.fault([], lambda: False) for _ in range(2)] == ["", ""]
    watch.hear(Beat(doing="decoding", steps=1))
    assert [watch.fault([], lambda: False) for _ in range(2)] == ["", ""]
    assert watch.fault([], lambda: False) == "did not react for 3 seconds"


def test_a_beat_alone_is_no_progress_for_whoever_waits_for_an_end() -> None:
    watch = Watch(Limits())
    beats = [Beat(doing="decoding", steps=steps) for steps in (1, 1, 2)]
    assert [watch.hear(beat) for beat in beats] == [True, False, True]
