from __future__ import annotations

import msgspec

from tui.engine.inbox import Inbox
from tui.engine.messages import Cancel, Finished, Load, LoadSpec, Unload

from .listening import ask

LOAD = Load(spec=LoadSpec(path="x.gguf"))


def test_commands_are_taken_in_order() -> None:
    inbox = Inbox(lambda _event: None)
    for command in (LOAD, ask(name="1"), ask(name="2")):
        inbox.put(command)

    assert [inbox.next(), inbox.next(), inbox.next()] == [LOAD, ask(name="1"), ask(name="2")]


def test_cancel_interrupts_what_runs_and_nothing_after_it() -> None:
    inbox = Inbox(lambda _event: None)
    inbox.put(ask(name="1"))
    inbox.put(ask(name="2"))

    inbox.next()
    inbox.put(Cancel(id="1"))
    assert inbox.interrupted

    inbox.next()
    assert not inbox.interrupted


def test_cancel_of_a_waiting_generation_finishes_it_at_once() -> None:
    events: list[Finished] = []
    inbox = Inbox(events.append)
    inbox.put(ask(name="1"))
    inbox.put(ask(name="2"))

    inbox.put(Cancel(id="1"))

    assert events == [Finished(id="1", reason="cancelled")]
    assert inbox.next() == ask(name="2")
    assert not inbox.interrupted


def test_the_end_of_the_input_ends_the_work_whatever_waits() -> None:
    inbox = Inbox(lambda _event: None)

    inbox.read([msgspec.json.encode(ask())])

    assert inbox.interrupted
    assert inbox.next() is None


def test_unload_interrupts_what_runs() -> None:
    inbox = Inbox(lambda _event: None)
    inbox.put(ask())
    inbox.next()

    inbox.put(Unload())

    assert inbox.interrupted
    assert inbox.next() is None
