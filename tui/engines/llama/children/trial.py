"""The child process that decodes batches of tiny weights, with llama.cpp's extra layouts or without them:
`… children.trial WEIGHTS extra|plain`.

On standard output it says what it tries, one JSON line each; the last is an error, or says that all is done.
The log goes to standard error.
"""

from __future__ import annotations

import faulthandler
import os
import sys
from pathlib import Path

import msgspec

from tui.engines.llama.worker.pipes import Pipes
from tui.errors import GraderError
from tui.processes.with_parent import end_with_parent
from tui.text import safe_line

SECONDS = 60
EXTRA, PLAIN = "extra", "plain"


class Step(msgspec.Struct, omit_defaults=True):
    quantisation: str = ""
    error: str = ""
    done: bool = False


def main() -> None:
    end_with_parent()
    pipes = Pipes()
    faulthandler.enable()
    # Whoever asked waits for less; but it may be gone.
    faulthandler.dump_traceback_later(2 * SECONDS, exit=True)
    source, layouts = sys.argv[1:]
    try:
        from tui.engines.llama.children.batches import decode_each

        for quantisation in decode_each(Path(source), extra_layouts=layouts == EXTRA):
            pipes.emit(Step(quantisation=quantisation))
        pipes.emit(Step(done=True))
    except (GraderError, ImportError, OSError, RuntimeError) as error:
        pipes.emit(Step(error=safe_line(str(error))))
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
