"""The child process that compiles and renders chat templates: `… templates.child`, with `watched` where it is
not to limit its memory itself.

A template may take any time and memory, some of it within one call of C that nothing in Python interrupts.
So the limits are the system's. Memory: Linux gives this process no more than it is told here; elsewhere
its parent watches it. Time: a thread of C, which needs no lock of Python's, ends the process.
"""

from __future__ import annotations

import faulthandler
import os
import sys
from typing import TYPE_CHECKING

import msgspec

from tui.chat.conversation import TemplateRefusedError
from tui.chat.jinja_env import evaluate
from tui.engines.llama.worker.templates.messages import MEMORY, NO_MEMORY, Render, Rendered
from tui.errors import EngineError
from tui.processes.with_parent import end_with_parent, ignore_the_terminal

if TYPE_CHECKING:
    from tui.chat.conversation import Conversation

_MOST_CHARACTERS = 1 << 20
_TIMES_WHAT_WAS_GIVEN = 8

_encode = msgspec.json.Encoder().encode
_OUT_OF_MEMORY = _encode(Rendered(error=NO_MEMORY))
"""Made now: when it is needed there is none to make it with."""


def main() -> None:
    end_with_parent()
    ignore_the_terminal()
    if sys.argv[1:] != ["watched"]:
        _limit_memory()
    decoder = msgspec.json.Decoder(Render)
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        _write(b"")
        for line in sys.stdin.buffer:
            request = decoder.decode(line)
            faulthandler.dump_traceback_later(request.seconds, exit=True, file=nowhere)
            reply = _reply(request.conversation)
            faulthandler.cancel_dump_traceback_later()
            _write(reply)
            if reply is _OUT_OF_MEMORY:  # what is left in pieces may not do for the next
                return


def _limit_memory() -> None:
    """Limit the data of this process, which leaves out mapped files."""
    import resource

    with open("/proc/self/status", encoding="ascii", errors="replace") as status:  # noqa: PTH123
        taken = next(int(line.split()[1]) << 10 for line in status if line.startswith("VmData"))
    resource.setrlimit(resource.RLIMIT_DATA, (taken + MEMORY, taken + MEMORY))


def _reply(conversation: Conversation) -> bytes:
    try:
        return _encode(_rendered(conversation))
    except UnicodeEncodeError:
        return _encode(Rendered(error="the chat template writes characters that are not valid Unicode"))
    except MemoryError:
        return _OUT_OF_MEMORY


def _rendered(conversation: Conversation) -> Rendered:
    try:
        text = evaluate(conversation)
    except EngineError as error:
        return Rendered(error=str(error), refused=isinstance(error, TemplateRefusedError))
    if len(text) > _MOST_CHARACTERS + _TIMES_WHAT_WAS_GIVEN * sum(map(len, conversation.fields)):
        return Rendered(error=f"the chat template makes a prompt of {len(text):,} characters")
    return Rendered(text=text)


def _write(line: bytes) -> None:
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
