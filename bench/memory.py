"""Estimated memory against a worker that holds the weights, and against the same weights memory-mapped.

python bench/memory.py [FILE.gguf ...]    default: SmolLM2 (demo extra), synthetic weights of 637 MB

Prints estimated and measured resident memory and their ratio; exit code 1 when any is off by over a tenth.
Measured is the worker after a full batch and some single tokens. Tiny files are not worth measuring: what
Python and the libraries take is more than all the rest.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from smollm2 import SMOLLM2

from tui.memory.allocation import allocate
from tui.memory.needs import Setting
from tui.memory.shape import read_shape

MEGABYTE = 1e6
ALLOWED = 0.1
ROUNDS = 3
CONTEXTS = (512, 2048)
WORKER = """
import sys, psutil
from tui.engines.llama.worker import weights
from tui.engines.llama.worker.context import BATCH, Entry
from tui.engines.llama.layouts import Layouts
from tui.engines.llama.protocol import LoadSpec

path, length, mapped = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "mapped"
if mapped:
    weights._reads_whole = lambda spec: False
context = weights.Weights(
    LoadSpec(path=path, context_length=length, extra_layouts=Layouts().extra)
).context
full = min(BATCH, length - 16)
context.decode([Entry(5 + place % 200, place, 0, place == full - 1) for place in range(full)])
for place in range(full, full + 8):
    context.decode([Entry(7, place, 0, True)])
print(psutil.Process().memory_info().rss)
"""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(name) for name in sys.argv[1:]] or _default(Path(folder))
        print(f"{'weights':<32}{'context':>8}{'estimated':>10}{'measured':>10}{'ratio':>7}{'mapped':>9}   MB")
        ratios = [_row(path, length) for path in files for length in CONTEXTS]
    worst = max(ratios, key=lambda ratio: abs(ratio - 1))
    print(f"furthest off: {worst:.2f}, allowed {1 - ALLOWED:.2f} to {1 + ALLOWED:.2f}")
    return int(abs(worst - 1) > ALLOWED)


def _default(folder: Path) -> list[Path]:
    synthetic = folder / "synthetic.gguf"
    subprocess.run(
        [sys.executable, str(Path(__file__).with_name("synthetic.py")), str(synthetic)], check=True
    )
    return [SMOLLM2, synthetic]


def _row(path: Path, length: int) -> float:
    estimated = allocate(read_shape(path), Setting(length), free=0).needed
    pairs = [(_measure(path, length, "read"), _measure(path, length, "mapped")) for _ in range(ROUNDS)]
    measured, mapped = (median(column) for column in zip(*pairs, strict=True))
    ratio = estimated / measured
    sizes = f"{estimated / MEGABYTE:>10.0f}{measured / MEGABYTE:>10.0f}{ratio:>7.2f}{mapped / MEGABYTE:>9.0f}"
    print(f"{path.name:<32}{length:>8}{sizes}", flush=True)
    return ratio


def _measure(path: Path, length: int, how: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", WORKER, str(path), str(length), how],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    return int(done.stdout)


if __name__ == "__main__":
    sys.exit(main())
