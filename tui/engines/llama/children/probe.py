"""`python -m tui.engines.llama.children.probe`: says as JSON what the installed llama.cpp is and finds."""

from __future__ import annotations

import os

import msgspec

from tui.processes.with_parent import end_with_parent

_STDOUT, _STDERR = 1, 2


def main() -> None:
    end_with_parent()
    out = os.dup(_STDOUT)
    os.dup2(_STDERR, _STDOUT)  # whatever C prints is not part of the answer
    from tui.engines.llama.children.build import build

    os.write(out, msgspec.json.encode(build()))


if __name__ == "__main__":
    main()
