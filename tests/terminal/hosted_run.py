"""The command line on a scripted engine that gives every prompt one answer, started by the tests.

python -m terminal.hosted_run ANSWER-FILE ARGUMENTS...
"""

from __future__ import annotations

import sys
from pathlib import Path

import tui.engines.llama.engine
from tui.cli import main
from tui.engines.scripted import Script, ScriptedEngine

if __name__ == "__main__":
    answer = Path(sys.argv.pop(1)).read_bytes().decode()
    failing = Script((answer,), error=answer)
    engine = ScriptedEngine(lambda request: failing if "fail" in request.instruction else [answer])
    tui.engines.llama.engine.LlamaEngine = lambda **_: engine
    main()
