"""Memory that is reckoned for weights on a GPU, against what llama.cpp allocates there and what the card then
has less.

    python bench/gpu_memory.py [FILE.gguf ...]    default: SmolLM2 (demo extra), synthetic weights of 637 MB

With all layers on the GPU, with three, and with as many as fit where half of them do; the last column is more
than what was allocated by what the driver and its libraries take. Read while answers are in memory, of
prompts that take several batches. Exit code 1 when a ratio is off by over a tenth.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import tempfile
from itertools import count
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace
from smollm2 import SMOLLM2

from tui.catalogue.model import Sampling
from tui.engines.events import Finished
from tui.engines.llama.allocating import allocation_of, as_allocated
from tui.engines.llama.engine import LlamaEngine
from tui.engines.llama.probing import gpus
from tui.engines.llama.settings import MachineSettings
from tui.engines.request import Request
from tui.engines.target import LocalTarget
from tui.memory.free import RESERVE, Device
from tui.memory.shape import read_shape

MEGABYTE, MEBIBYTE = 1e6, 1 << 20
ALLOWED = 0.1
BOUNDLESS = 1 << 60
HALF = 0
"""In place of a number of layers: the room is for half of them."""
CASES = ((-1, 1), (-1, 4), (HALF, 4), (3, 4))
LONG = "One two three four five. " * 30
NAMES = count()


class Row(NamedTuple):
    layers: str
    lanes: int
    estimated: float
    allocated: float
    taken: float

    @property
    def ratio(self) -> float:
        return self.estimated / self.allocated

    def __str__(self) -> str:
        sizes = f"{self.estimated / MEGABYTE:.0f} | {self.allocated / MEGABYTE:.0f} | {self.ratio:.2f}"
        return f"| {self.layers} | {self.lanes} | {sizes} | {self.taken / MEGABYTE:.0f} |"


def with_room_for_half(target: LocalTarget, layers: int, lanes: int, card: Device) -> Device:
    spec = MachineSettings(gpu_layers=layers // 2).spec_of(target, lanes)
    half = allocation_of(spec, free=BOUNDLESS, devices=[card])
    assert half
    return replace(card, free=half.placement.on_devices[0][1] + RESERVE)


async def measure(path: Path, layers: int, lanes: int, card: Device) -> Row:
    target, every = LocalTarget(path), read_shape(path).layers + 1
    if layers == HALF:
        card = with_room_for_half(target, every, lanes, card)
    settings = MachineSettings(gpu_layers=layers or -1, devices=(card.name,))
    spec = settings.spec_of(target, lanes)
    allocation = allocation_of(spec, free=BOUNDLESS, devices=[card])
    assert allocation
    there = as_allocated(spec, allocation, [card]).gpu_layers
    with tempfile.TemporaryDirectory() as logs:
        engine = LlamaEngine(settings, log_folder=Path(logs), find_devices=lambda: [card])
        engine.set_lanes(target, lanes)
        before = free_on(card)
        await asyncio.gather(*(answer(engine, target) for _ in range(lanes)))
        taken = before - free_on(card)
        await engine.close()
        log = said(Path(logs))
    assert f"offloaded {there}/{every} layers to GPU" in log, log[-2000:]
    return Row(f"{there} of {every}", lanes, allocation.placement.on_devices[0][1], held(card, log), taken)


async def answer(engine: LlamaEngine, target: LocalTarget) -> None:
    name = str(next(NAMES))
    request = Request(
        id=name,
        instruction=f"{name}. {LONG}",
        template="{{ instruction }}",
        sampling=Sampling(temperature=0, max_tokens=16),
    )
    async for event in engine.generate(target, request):
        assert not isinstance(event, Finished) or event.reason != "failed", event


def free_on(card: Device) -> int:
    """The process that asks has a share of its own, before and after."""
    return next(each.free for each in gpus() if each.name == card.name)


def said(folder: Path) -> str:
    return "".join(file.read_text(errors="replace") for file in folder.iterdir())


def held(card: Device, log: str) -> float:
    found = re.findall(rf"{card.name} +\w+ buffer size = +([\d.]+) MiB", log)
    return sum(map(float, found)) * MEBIBYTE


def main() -> int:
    if not (found := gpus()):
        sys.exit("the installed llama.cpp finds no GPU")
    card = found[0]
    print(f"{card.description}, {card.total / MEGABYTE:.0f} MB, {card.free / MEGABYTE:.0f} free\n")
    print("| | layers there | lanes | estimated MB | allocated MB | ratio | less on the card, MB |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(name) for name in sys.argv[1:]] or _default(Path(folder))
        ratios = [_row(path, *case, card) for path in files for case in CASES]
    return int(any(abs(ratio - 1) > ALLOWED for ratio in ratios))


def _default(folder: Path) -> list[Path]:
    synthetic = folder / "synthetic.gguf"
    script = str(Path(__file__).with_name("synthetic.py"))
    subprocess.run([sys.executable, script, str(synthetic)], check=True)
    return [SMOLLM2, synthetic]


def _row(path: Path, layers: int, lanes: int, card: Device) -> float:
    row = asyncio.run(measure(path, layers, lanes, card))
    print(f"| {path.name} {row}", flush=True)
    return row.ratio


if __name__ == "__main__":
    sys.exit(main())
