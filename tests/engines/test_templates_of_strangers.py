"""A chat template is a stranger's program: whatever it does costs one line, little memory and little time."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import psutil
import pytest
from hostile_templates import BROKEN, MEMORY, TIME
from rendering import conversation

from tui.chat.conversation import TemplateStoppedError
from tui.engines.llama.protocol import Load, LoadFailed, LoadSpec
from tui.engines.llama.worker.inbox import Inbox
from tui.engines.llama.worker.main import Worker
from tui.engines.llama.worker.pulse import Pulse
from tui.engines.llama.worker.templates.process import TemplateProcess
from tui.errors import EngineError

from .listening import PLAIN, ask, listen, worker_pids

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.engines.llama.engine import LlamaEngine
    from tui.engines.llama.worker.pipes import Pipes

    from .conftest import MakeTiny

BRIEF = 0.2
SOME = ["doubled by ~", "centred by a method", "a width in a %", "joined", "bytes of the whole"]
MOST = 400 << 20


@pytest.fixture(scope="module")
def templates() -> Iterator[TemplateProcess]:
    process = TemplateProcess()
    yield process
    process.close()


@pytest.fixture(scope="module")
def watched() -> Iterator[TemplateProcess]:
    """As it is on macOS and Windows."""
    process = TemplateProcess(is_watched=True)
    yield process
    process.close()


def failure(templates: TemplateProcess, template: str, seconds: float = BRIEF) -> EngineError:
    with pytest.raises(EngineError) as failure:
        templates.for_a_prompt(seconds)(conversation(template))
    [line] = str(failure.value).splitlines()
    assert len(line) < 300
    return failure.value


@pytest.mark.parametrize("name", [*MEMORY, *TIME])
def test_a_template_without_end_is_ended(templates: TemplateProcess, name: str) -> None:
    templates.for_a_prompt()(conversation(PLAIN))
    begin = time.monotonic()

    stopped = failure(templates, (MEMORY | TIME)[name])

    assert isinstance(stopped, TemplateStoppedError)
    assert time.monotonic() - begin < 5
    assert templates.for_a_prompt()(conversation(PLAIN, "An honest prompt")) == "An honest prompt"


@pytest.mark.parametrize("name", SOME)
def test_a_template_is_watched_where_the_system_sets_no_limit(watched: TemplateProcess, name: str) -> None:
    assert str(failure(watched, MEMORY[name], seconds=5)) == "the chat template needs too much memory"
    assert watched.for_a_prompt()(conversation(PLAIN, "An honest prompt")) == "An honest prompt"


@pytest.mark.parametrize("name", BROKEN)
def test_a_template_that_breaks_the_interpreter_costs_a_line(templates: TemplateProcess, name: str) -> None:
    failure(templates, BROKEN[name], seconds=5)

    assert templates.for_a_prompt()(conversation(PLAIN, "An honest prompt")) == "An honest prompt"


@pytest.mark.skipif(sys.platform == "win32", reason="the system does not tell")
def test_no_template_gets_much_memory() -> None:
    """A process of its own, since the most that any child took is all the system tells."""
    program = (
        "import resource, hostile_templates, rendering; from tui.errors import EngineError\n"
        "from tui.engines.llama.worker.templates.process import TemplateProcess\n"
        "for is_watched in (TemplateProcess().is_watched, True):\n"
        "    templates = TemplateProcess(is_watched=is_watched)\n"
        f"    for name in {SOME}:\n"
        "        try: templates.for_a_prompt(0.5)(rendering.conversation(hostile_templates.MEMORY[name]))\n"
        "        except EngineError: pass\n"
        "    templates.close()\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, env=environment, check=True)

    unit = 1 if sys.platform == "darwin" else 1024
    assert 100 << 20 < int(done.stdout) * unit < MOST


def test_all_the_renderings_of_a_prompt_have_one_limit(templates: TemplateProcess) -> None:
    render = templates.for_a_prompt(0.4)
    slow = "{% for a in range(9999999) %}{% endfor %}" * 2
    half = "{% for a in range(99999) %}{% endfor %}" * 20
    begin = time.monotonic()

    with pytest.raises(EngineError, match="the chat template takes more than"):
        for number in range(1000):
            render(conversation(half + str(number), slow))

    assert time.monotonic() - begin < 5


def test_what_was_given_may_be_long_and_what_comes_of_it_may_not(templates: TemplateProcess) -> None:
    render = templates.for_a_prompt()
    text = "é\U0001f600" * 2_000_000

    assert render(conversation(PLAIN, text)) == text
    with pytest.raises(EngineError, match=r"makes a prompt of 3,000,002 characters$"):
        render(conversation("{{ instruction }}{{ 'abc' * 1000000 }}"))


def test_a_process_that_somebody_kills_is_started_again(templates: TemplateProcess) -> None:
    templates.for_a_prompt()(conversation(PLAIN))

    for child in psutil.Process().children():
        child.kill()
        child.wait()

    assert templates.for_a_prompt()(conversation(PLAIN)) == "Hi"


async def test_a_worker_survives_hostile_templates_and_serves_the_next_prompt(
    engine: LlamaEngine, tiny: MakeTiny
) -> None:
    spec = LoadSpec(path=str(tiny(recite="An answer.")))
    said = []
    for name in ("doubled by ~", "centred by a method", "loops in loops", "open parentheses"):
        answer = await listen(engine.generate(spec, ask(template=(MEMORY | TIME | BROKEN)[name])))
        said.append(answer.finished.error)
    honest = await listen(engine.generate(spec, ask(template=PLAIN)))

    assert said == [
        "the chat template needs too much memory",
        "the chat template needs too much memory",
        "the chat template takes more than 5 seconds",
        "the chat template is not valid: it is nested too deeply, or calls itself without end",
    ]
    assert honest.text == "An answer."
    assert len(worker_pids()) == 1


async def test_nothing_of_a_worker_is_left_when_it_is_closed(engine: LlamaEngine, tiny: MakeTiny) -> None:
    spec = LoadSpec(path=str(tiny(recite="An answer.")))
    await listen(engine.generate(spec, ask(template=PLAIN)))
    [pid] = worker_pids()
    children = psutil.Process(pid).children()

    await engine.close()

    assert len(children) == 1
    assert psutil.wait_procs(children, timeout=10)[1] == []


def test_where_no_process_can_be_started_for_templates_the_engine_says_so(
    tiny: MakeTiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when an account may have no more processes: a line, where a crash would be loaded again."""

    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    told: list[object] = []
    pipes = cast("Pipes", SimpleNamespace(emit=told.append))
    monkeypatch.setattr("tui.engines.llama.worker.templates.process.subprocess.Popen", refuse)

    assert not Worker(pipes, Inbox(told.append), Pulse())._load(Load(spec=LoadSpec(path=str(tiny()))))

    [failed] = told
    assert isinstance(failed, LoadFailed)
    assert "for chat templates cannot be started: there are too many processes" in failed.error
