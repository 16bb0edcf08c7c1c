"""The trial decode of `doctor`: can answers be written, and with which layouts of weights?"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.engines.llama.layouts import Layouts
from tui.engines.llama.trying_layouts import try_layouts

if TYPE_CHECKING:
    from tui.engines.llama.probing import Build

_FLAGS = "-mno-amx-tile -mno-amx-int8 -mno-amx-bf16"
_WITHOUT_AMX = f"-DCMAKE_C_FLAGS='{_FLAGS}' -DCMAKE_CXX_FLAGS='{_FLAGS}'"


@dataclass(frozen=True)
class LayoutFacts:
    """`extra` and `plain` say what a batch does with llama.cpp's extra layouts and without them."""

    extra: str
    plain: str
    used: bool
    """True if weights are loaded with the extra ones."""
    works: bool
    """True if a batch decodes with weights that are loaded so."""
    note: str = ""
    """A remark about it."""

    @property
    def line(self) -> str:
        note = f"; {self.note}" if self.note else ""
        used = "they are used" if self.used else "they are not used"
        used = used if self.works else "no answer can be written"
        return f"a batch with llama.cpp's extra layouts {self.extra}, one without {self.plain}: {used}{note}"


def examine_layouts() -> LayoutFacts:
    """Takes a second or two; what crashes is remembered."""
    layouts = Layouts()
    extra, plain = try_layouts(layouts)
    crash, used = layouts.crash, layouts.extra
    note = ""
    if crash and extra.works:
        note = (
            f"an answer crashed with them on {crash.learnt}; delete {layouts.file} to have them tried again"
        )
    elif crash and plain.works:
        note = "answers are as good without them, and about as fast"
    return LayoutFacts(extra.said, plain.said, used, (extra if used else plain).works, note)


def rebuild_advice(build: Build, layouts: LayoutFacts, reinstall: str) -> str:
    """One line to run for a llama.cpp that works here, at the full speed of this CPU."""
    if layouts.used and layouts.works:
        return ""
    if "AMX" not in build.system or sys.platform == "win32":
        anew = f"{reinstall} --no-binary llama-cpp-python"
        return "" if layouts.works else f"Build llama.cpp anew for this very CPU: {anew}"
    return f'For full speed build llama.cpp without AMX: CMAKE_ARGS="{_WITHOUT_AMX}" {reinstall}'
