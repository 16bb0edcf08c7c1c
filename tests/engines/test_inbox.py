from __future__ import annotations

import msgspec

from tui.engines.events import Finished
from tui.engines.llama.protocol import Cancel, Load, LoadSpec, Unload
from tui.engines.llama.worker.inbox import Inbox

from .listening import ask

LOAD = Load(spec=LoadSpec(path="x.gguf"))


def test_commands_are_taken_in_order() -> None:
    inbox = Inbox(lambda _event: None)
    for command in (LOAD, ask(name="1"), ask(name="2")):
        inbox.put(command)

    assert [inbox.next(), inbox.next(), inbox.next()] == [LOAD, ask(name="1"), ask(name="2")]


def test_further_generations_are_there_for_the_asking_and_nothing_is_waited_for() -> None:
    inbox = Inbox(lambda _event: None)
    for command in (ask(name="1"), ask(name="2"), LOAD, ask(name="3")):
        inbox.put(command)
    inbox.next()

    assert inbox.next_generation() == ask(name="2")
    assert inbox.next_generation() is None
    assert inbox.next() == LOAD


def test_cancel_interrupts_the_decode_until_it_is_told_who_should_end() -> None:
    inbox = Inbox(lambda _event: None)
    for name in ("1", "2", "3"):
        inbox.put(ask(name=name))
        inbox.next()

    inbox.put(Cancel(id="1"))
    inbox.put(Cancel(id="3"))

    assert inbox.interruption
    assert inbox.take_cancelled() == {"1", "3"}
    assert not inbox.interruption
    assert inbox.take_cancelled() == set()


def test_a_generation_that_has_finished_is_not_cancelled_any_more() -> None:
    inbox = Inbox(lambda _event: None)
    for name in ("1", "2"):
        inbox.put(ask(name=name))
        inbox.next()
        inbox.put(Cancel(id=name))

    inbox.finished("1")
    inbox.put(Cancel(id="1"))

    assert inbox.take_cancelled() == {"2"}


def test_cancel_of_a_waiting_generation_finishes_it_at_once() -> None:
    events: list[Finished] = []
    inbox = Inbox(events.append)
    inbox.put(ask(name="1"))
    inbox.put(ask(name="2"))

    inbox.put(Cancel(id="1"))

    assert events == [Finished(id="1", reason="cancelled")]
    assert inbox.next() == ask(name="2")
    assert not inbox.interruption


def test_the_end_of_the_input_ends_the_work_whatever_waits() -> None:
    inbox = Inbox(lambda _event: None)

    inbox.read([msgspec.json.encode(ask())])

    assert inbox.interruption
    assert inbox.next() is None
    assert inbox.next_generation() is None


def test_unload_ends_all_that_runs_and_goes_on_interrupting() -> None:
    inbox = Inbox(lambda _event: None)
    for name in ("1", "2"):
        inbox.put(ask(name=name))
        inbox.next()

    inbox.put(Unload())

    assert inbox.take_cancelled() == {"1", "2"}
    assert inbox.interruption
    assert inbox.next() is None
