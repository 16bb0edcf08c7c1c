"""What `bench/batching.py` compares: each answers the nine prompts of the report once when it is called."""

from __future__ import annotations

import atexit
import json
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import cycle
from typing import TYPE_CHECKING, NamedTuple

import llama_cpp
import llama_cpp.llama_cpp as llama
from as_a_worker import load_as_a_worker

from tui.catalogue.catalogue import load_catalogue
from tui.catalogue.model import Sampling
from tui.chat.jinja_env import evaluate
from tui.engines.events import Finished
from tui.engines.llama.layouts import Layouts
from tui.engines.llama.protocol import Generate, LoadSpec
from tui.engines.llama.worker.answering import Answering
from tui.engines.llama.worker.inbox import Inbox
from tui.engines.llama.worker.prompt import prepare
from tui.engines.llama.worker.templates.process import TemplateProcess
from tui.engines.llama.worker.weights import Weights
from tui.engines.request import Request

if TYPE_CHECKING:
    from pathlib import Path

TOKENS = 96
SLOTS = 9
EXTRA_LAYOUTS = Layouts().extra
load_as_a_worker()
CONTEXT = 2048
DEFAULT_PARAMS = llama.llama_context_default_params


class Layout(NamedTuple):
    unified: bool = False
    flash: bool = True

    def __str__(self) -> str:
        cells = "one memory for all lanes" if self.unified else "a memory for each lane"
        return f"{cells}, flash attention {'on' if self.flash else 'off'}"


class Ours:
    def __init__(self, model: Path, threads: int, lanes: int, layout: Layout | None) -> None:
        if layout:
            with_layout(layout)
        self._requests = report_requests(lanes)
        spec = LoadSpec(path=str(model), parallel=lanes, threads=threads, context_length=CONTEXT)
        weights = Weights(spec)
        weights.vocabulary.ends_answer = lambda _token: False
        self._inbox = Inbox(lambda _event: None)
        self._finished: list[Finished] = []
        self._answering = Answering(weights, self._inbox, self._take, TemplateProcess())

    def _take(self, event: object) -> None:
        if isinstance(event, Finished):
            self._finished.append(event)

    def __call__(self) -> None:
        self._finished.clear()
        for request in self._requests:
            self._inbox.put(Generate(request=request))
        while request := self._inbox.next_generation():
            self._answering.run(request)
        assert [event.tokens for event in self._finished] == [TOKENS] * len(self._requests), self._finished


class Binding:
    def __init__(self, model: Path, threads: int) -> None:
        self._prompts = report_tokens(model)
        self._llama = llama_cpp.Llama(
            str(model),
            n_ctx=CONTEXT,
            n_threads=threads,
            n_threads_batch=threads,
            n_gpu_layers=-1,
            verbose=False,
        )

    def __call__(self) -> None:
        for prompt in self._prompts:
            for count, _token in enumerate(self._llama.generate(prompt, temp=0.0, top_k=1), 1):
                if count == TOKENS:
                    break


class Server:
    """llama-server's own process is a child of this one."""

    def __init__(self, model: Path, threads: int, program: str) -> None:
        self._prompts = report_tokens(model)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        options = {"--model": model, "--port": self._port, "--threads": threads, "--parallel": SLOTS}
        options |= {"--threads-batch": threads, "--ctx-size": CONTEXT * SLOTS}
        arguments = [str(part) for option in options.items() for part in option]
        arguments += [] if EXTRA_LAYOUTS else ["--no-repack"]
        self._process = subprocess.Popen(
            [program, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        atexit.register(self._process.kill)
        while self._ask("GET", "/health") != 200:
            assert self._process.poll() is None, "llama-server ended"
            time.sleep(0.1)

    def __call__(self) -> None:
        with ThreadPoolExecutor(SLOTS) as pool:
            assert set(pool.map(self._complete, self._prompts)) == {200}

    def _complete(self, prompt: list[int]) -> int:
        asked = {"prompt": prompt, "n_predict": TOKENS, "ignore_eos": True, "temperature": 0, "top_k": 1}
        asked["cache_prompt"] = False  # or the second round would find every prompt read already
        return self._ask("POST", "/completion", json.dumps(asked))

    def _ask(self, method: str, path: str, body: str | None = None) -> int:
        connection = HTTPConnection("127.0.0.1", self._port)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            answer = json.loads(response.read())
        except OSError:
            return 0
        finally:
            connection.close()
        assert "tokens_predicted" not in answer or answer["tokens_predicted"] == TOKENS, answer
        return response.status


def with_layout(layout: Layout) -> None:
    """Contexts made from here on are laid out so."""

    def params() -> llama.llama_context_params:
        made = DEFAULT_PARAMS()
        made.kv_unified = layout.unified
        made.flash_attn_type = int(layout.flash)
        return made

    llama.llama_context_default_params = params


def report_requests(least: int = 0) -> list[Request]:
    """The nine, and for more lanes than nine the first of them again with another beginning."""
    catalogue = load_catalogue(demo=True, models_file=None, prompts_dir=None)
    prompts = [prompt for task in catalogue.tasks for prompt in task.prompts]
    return [
        Request(
            id=f"{number}",
            instruction=f"Again. {prompt.text}" if number >= len(prompts) else prompt.text,
            input=prompt.input,
            sampling=Sampling(temperature=0, max_tokens=TOKENS),
        )
        for number, prompt in zip(range(max(least, len(prompts))), cycle(prompts), strict=False)
    ]


def report_tokens(model: Path) -> list[list[int]]:
    """The nine prompts as our side gives them to llama.cpp."""
    weights = Weights(LoadSpec(path=str(model), context_length=CONTEXT))
    template = weights.facts.chat_template
    prompts = [
        prepare(request, weights.vocabulary, file_template=template, room=CONTEXT, renderer=evaluate).tokens
        for request in report_requests()
    ]
    weights.close()
    return prompts
