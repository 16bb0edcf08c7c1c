"""How fast a download is, hash on, against curl piped into sha256sum for the same file.

    python bench/download.py [--megabytes N] [--rounds N] [--folder DIR]

Both fetch from the same server on the loopback interface, in turns; the table shows medians. Ours also writes
the file to the disk and waits until it is there; `curl | sha256sum` writes nothing, so a third program shows
what the disk costs: `curl | tee FILE | sha256sum`.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from time import perf_counter

REPO, FILE, COMMIT = "someone/some-gguf", "some.gguf", "0" * 40
SERVER = """
import os, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

path, sha256, commit = sys.argv[1:]
size = os.path.getsize(path)

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        known = "/resolve/" in self.path
        self.send_response(200 if known else 404)
        if known:
            self.send_header("X-Repo-Commit", commit)
            self.send_header("ETag", f'"{sha256}"')
        self.send_header("Content-Length", str(size if known else 0))
        self.end_headers()
        return known

    def do_GET(self):
        if self.do_HEAD():
            with open(path, "rb") as file:
                offset = 0
                while offset < size:
                    offset += os.sendfile(self.connection.fileno(), file.fileno(), offset, size - offset)

server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
"""
PULL = """
import resource, sys
from time import perf_counter
from tui.catalogue.model import Model, Source
from tui.weights.events import Progress
from tui.weights.fetching.fetch import fetch

def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 2**20)

source = Source(repo=sys.argv[1], file=sys.argv[2])
model = Model(name="some", title="Some", licence="", sources=(source,))
begun, early = perf_counter(), 0.0
for event in fetch(model):
    if isinstance(event, Progress) and not early and event.done > event.size // 10:
        early = memory()
assert event.verified
print(perf_counter() - begun, early, memory())
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where the files lie; default: the temporary folder")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        measure(Path(folder), arguments.megabytes * 1_000_000, arguments.rounds)


def measure(folder: Path, size: int, rounds: int) -> None:
    sha256 = make_file(folder / FILE, size)
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(folder / FILE), sha256, COMMIT], stdout=subprocess.PIPE, text=True
    )
    seconds: dict[str, list[float]] = defaultdict(list)
    memories = []
    try:
        assert server.stdout
        hub = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        url = f"{hub}/{REPO}/resolve/{COMMIT}/{FILE}"
        for number in range(rounds):
            seconds["curl | sha256sum"].append(shell(f"curl -s {url} | sha256sum", sha256))
            copy = folder / "copy"
            seconds["curl | tee FILE | sha256sum"].append(
                shell(f"curl -s {url} | tee {copy} | sha256sum", sha256)
            )
            copy.unlink()
            taken, *memory = pull(hub, folder / "home")
            seconds["llm-grader"].append(taken)
            memories.append(memory)
            print(f"round {number + 1}, load average {os.getloadavg()[0]:.1f}", file=sys.stderr)
    finally:
        server.kill()
        server.wait()
    report(seconds, size, memories)


def make_file(path: Path, size: int) -> str:
    block = random.Random(1).randbytes(1_000_000)
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for _ in range(size // len(block)):
            file.write(block)
            digest.update(block)
    return digest.hexdigest()


def shell(command: str, sha256: str) -> float:
    begun = perf_counter()
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert done.stdout.split()[0] == sha256
    return perf_counter() - begun


def pull(hub: str, home: Path) -> list[float]:
    """Seconds without the start of Python, and its memory in MB after a tenth and at the end."""
    shutil.rmtree(home, ignore_errors=True)
    places = {f"LLM_GRADER_{name}_DIR": str(home / name) for name in ("DATA", "STATE", "CONFIG")}
    environment = (
        os.environ | places | {"HF_ENDPOINT": hub, "HF_HOME": str(home / "hf"), "HF_HUB_OFFLINE": "0"}
    )
    done = subprocess.run(
        [sys.executable, "-c", PULL, REPO, FILE], env=environment, capture_output=True, text=True, check=True
    )
    return [float(word) for word in done.stdout.split()]


def report(seconds: dict[str, list[float]], size: int, memories: list[list[float]]) -> None:
    rates = {name: size / 1e6 / statistics.median(times) for name, times in seconds.items()}
    print("| | MB/s | slowest | ratio |\n|---|---|---|---|")
    for name, rate in rates.items():
        ratio = rate / rates["curl | sha256sum"]
        print(f"| {name} | {rate:.0f} | {size / 1e6 / max(seconds[name]):.0f} | {ratio:.2f} |")
    early, late = (statistics.median(column) for column in zip(*memories, strict=True))
    print(f"\nMemory of llm-grader: {early:.0f} MB after a tenth of the file, {late:.0f} MB at the most.")


if __name__ == "__main__":
    main()
