"""What a worker's death is answered with: on a machine where llama.cpp crashes, answers come all the same."""

from __future__ import annotations

import asyncio
import signal
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import psutil
import pytest
from msgspec import structs

from tui.engines.events import Delta, Loaded, Loading, Started
from tui.engines.llama.ending import Ending
from tui.engines.llama.layouts import Layouts
from tui.engines.llama.protocol import LoadSpec
from tui.engines.llama.recovery import Recovery
from tui.engines.target import LocalTarget

from .listening import ENDLESS, PLAIN, Answer, ask, listen, workers_of

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import MakeTiny

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins die of signals")


def kinds(answer: Answer) -> list[str]:
    """The events without those that say how far something is."""
    return [type(event).__name__ for event in answer.events if not isinstance(event, Loading | Delta)]


def facts(answer: Answer) -> list[bool]:
    return [event.facts.extra_layouts for event in answer.events if isinstance(event, Loaded)]


async def test_a_crash_in_the_first_batch_is_answered_by_the_answer(
    on, learnt, loads, tiny: MakeTiny
) -> None:
    engine = on("amx", layouts=learnt)

    answer = await listen(engine.generate(LocalTarget(tiny(recite="Yes. Perhaps.")), ask()))

    assert (answer.text, answer.finished.reason) == ("Yes. Perhaps.", "stop")
    assert kinds(answer) == ["Loaded", "Started", "Loaded", "Started", "Finished"]
    assert facts(answer) == [True, False]
    assert loads() == 2


async def test_what_was_learnt_holds_for_other_weights_and_for_the_next_start(
    on, learnt, loads, tiny: MakeTiny
) -> None:
    first = on("amx", layouts=learnt)
    await listen(first.generate(LocalTarget(tiny(recite="Yes.")), ask()))
    other = await listen(first.generate(LocalTarget(tiny("mpt", recite="Hi.")), ask()))
    later = on("amx", layouts=Layouts(learnt.file))
    again = await listen(later.generate(LocalTarget(tiny(recite="Yes.")), ask()))

    assert not learnt.extra
    assert [each.text for each in (other, again)] == ["Hi.", "Yes."]
    assert facts(other) == facts(again) == [False]
    assert loads() == 4


async def test_all_that_a_worker_was_given_goes_to_the_next_in_its_order(on, learnt, smollm2) -> None:
    engine = on("amx", layouts=learnt)
    ended: list[str] = []

    async def one(name: str) -> Answer:
        answer = await listen(engine.generate(smollm2, ask("Say hello.", name=name, max_tokens=4)))
        ended.append(name)
        return answer

    answers = await asyncio.gather(*(one(f"{number}") for number in range(5)))

    assert [answer.finished.reason for answer in answers] == ["length"] * 5
    assert len({answer.text for answer in answers}) == 1
    assert ended == [f"{number}" for number in range(5)]
    assert not engine._generations


async def test_weights_that_load_at_the_same_time_all_recover(on, learnt, tiny: MakeTiny) -> None:
    engine = on("amx", layouts=learnt)
    specs = [LocalTarget(tiny(name, recite="Hi.")) for name in ("llama", "mpt", "falcon")]

    answers = await asyncio.gather(
        *(listen(engine.generate(spec, ask(name=spec.path.name))) for spec in specs)
    )

    assert [answer.text for answer in answers] == ["Hi."] * 3
    assert not learnt.extra


async def test_a_stop_that_comes_when_the_worker_is_dead_already_is_heeded(
    on, learnt, loads, smollm2
) -> None:
    engine = on("amx", layouts=learnt)

    def stop(answer: Answer) -> None:
        if kinds(answer) == ["Loaded", "Started"]:
            [slot] = workers_of(engine).values()
            while psutil.pid_exists(slot.pid) and psutil.Process(slot.pid).status() != psutil.STATUS_ZOMBIE:
                pass  # nothing is heard of it here meanwhile
            engine.cancel("1")

    answer = await listen(engine.generate(smollm2, ask(ENDLESS, max_tokens=1500)), after=stop)

    assert kinds(answer) == ["Loaded", "Started", "Finished"]
    assert (answer.finished.reason, answer.text) == ("cancelled", "")
    assert loads() == 1


async def test_a_stop_while_it_loads_once_more_is_heeded(on, learnt, smollm2) -> None:
    engine = on("amx", layouts=learnt)

    def stop(answer: Answer) -> None:
        if facts(answer) and isinstance(answer.events[-1], Loading):
            engine.cancel("1")

    answer = await listen(engine.generate(smollm2, ask(ENDLESS, max_tokens=1500)), after=stop)

    assert (answer.finished.reason, answer.text) == ("cancelled", "")


async def test_a_prompt_that_crashes_either_way_is_not_taken_for_a_fault_of_the_layouts(
    on, learnt, loads, tiny: MakeTiny
) -> None:
    engine = on("long", layouts=learnt)
    spec = LocalTarget(tiny("mpt", recite="Yes."))

    crashed = await listen(engine.generate(spec, ask("z" * 200, template=PLAIN)))
    after = await listen(engine.generate(spec, ask("zz", name="2", template=PLAIN)))

    assert crashed.finished.reason == "failed"
    assert after.text == "Yes."
    assert learnt.extra
    assert loads() == 3


async def test_single_tokens_prove_nothing_and_a_batch_after_them_is_recovered_from(
    on, learnt, tiny: MakeTiny
) -> None:
    engine = on("amx", layouts=learnt)
    spec = LocalTarget(tiny("mpt", recite="Yes."))
    engine.set_lanes(spec, 2)

    short = await listen(engine.generate(spec, ask("z", template=PLAIN)))
    long = await listen(engine.generate(spec, ask("zz", name="2", template=PLAIN)))

    assert (facts(short), short.text) == ([True], "Yes.")
    assert (facts(long), long.text) == ([True, False], "Yes.")


async def test_an_answer_that_had_begun_begins_anew_when_a_batch_beside_it_crashes(
    on, learnt, cased_path: Path
) -> None:
    engine = on("amx", layouts=learnt)
    spec = LocalTarget(cased_path)
    engine.set_lanes(spec, 2)
    writing = asyncio.Event()

    def note(answer: Answer) -> None:
        if isinstance(answer.events[-1], Delta):
            writing.set()

    one = ask("!", template=PLAIN, max_tokens=1500)
    early = asyncio.create_task(listen(engine.generate(spec, one), after=note))
    await writing.wait()
    late = await listen(engine.generate(spec, ask("??", name="2", template=PLAIN, max_tokens=20)))
    answer = await early

    whole = await listen(engine.generate(spec, structs.replace(one, id="3")))

    _, last = (place for place, event in enumerate(answer.events) if isinstance(event, Started))
    text = "".join(event.text for event in answer.events[last:] if isinstance(event, Delta))
    assert (late.finished.reason, answer.finished.reason) == ("length", "length")
    assert text == whole.text


async def test_the_second_load_is_allocated_and_reserved_like_any_other(on, learnt, tiny: MakeTiny) -> None:
    asked: list[int] = []

    def available(pids: object) -> int:
        asked.append(len(set(pids)))  # type: ignore[call-overload]
        return 1 << 40

    engine = on("amx", layouts=learnt, available=available)
    answer = await listen(engine.generate(LocalTarget(tiny(recite="Hi.")), ask()))

    assert answer.text == "Hi."
    assert asked == [0, 0]  # the one that crashed was gone
    assert len(engine._reservations.all()) == 1


@pytest.mark.parametrize(
    ("name", "loaded", "is_learnt"),
    [("SIGBUS", False, False), ("SIGSEGV", False, True), ("SIGBUS", True, True)],
    ids=["a file that was cut while it was read", "a crash while loading", "a crash in a batch"],
)
def test_only_what_the_layouts_explain_is_remembered_as_theirs(
    learnt: Layouts, tmp_path: Path, name: str, loaded: bool, is_learnt: bool
) -> None:
    recovery, spec = Recovery(learnt), LoadSpec(path="some.gguf")
    state = {"spec": spec, "decodes": False, "answered": False}
    died = SimpleNamespace(**state, loaded=loaded, has_extra_layouts=True)

    assert recovery.loads_again(died, Ending("some.gguf", -getattr(signal, name), tmp_path / "log"))
    assert not recovery.allows_extra_layouts(spec)
    recovery.decoded(SimpleNamespace(**state, loaded=True, has_extra_layouts=False))

    assert learnt.extra == (not is_learnt)
