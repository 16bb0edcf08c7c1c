"""Output for a terminal that takes nothing waits in a thread, and nobody waits for that."""

from __future__ import annotations

import asyncio
import threading

from textual.drivers._writer_thread import WriterThread

from tui.app import unblocked
from tui.app.unblocked import never_waiting


class Stalled:
    """A terminal that takes one piece, and more when it goes on."""

    def __init__(self):
        self.goes_on = threading.Event()
        self.written = []

    def write(self, text):
        self.written.append(text)
        self.goes_on.wait()

    def flush(self):
        pass


class App:
    drawn = 0

    def refresh(self, *, layout):
        self.drawn += layout


class Driver:
    def __init__(self, file):
        self._loop, self._app = asyncio.get_running_loop(), App()
        self._writer_thread = WriterThread(file)
        self._writer_thread.start()

    def run_input_thread(self):
        raise OSError("Input/output error")


async def test_what_is_too_much_is_dropped_and_the_screen_drawn_anew_when_the_terminal_goes_on(monkeypatch):
    monkeypatch.setattr(unblocked, "_MOST_WAITING", 10)
    monkeypatch.setattr(unblocked, "_LOOKING_SECONDS", 0.01)
    terminal = Stalled()
    driver = never_waiting(Driver)(terminal)
    for number in range(100):
        driver._writer_thread.write(str(number))
    await asyncio.sleep(0.1)
    assert driver._app.drawn == 0
    terminal.goes_on.set()
    async with asyncio.timeout(10):
        while not driver._app.drawn:
            await asyncio.sleep(0.01)
    driver._writer_thread.stop()
    assert driver._app.drawn == 1
    assert terminal.written[:5] == ["0", "1", "2", "3", "4"]
    assert len(terminal.written) < 20


async def test_the_end_of_the_output_is_never_dropped(monkeypatch):
    monkeypatch.setattr(unblocked, "_MOST_WAITING", 10)
    terminal = Stalled()
    writer = never_waiting(Driver)(terminal)._writer_thread
    for number in range(100):
        writer.write(str(number))
    terminal.goes_on.set()
    writer.stop()
    assert not writer.is_alive()


async def test_a_terminal_that_is_gone_ends_the_reading_of_keys_without_a_word():
    never_waiting(Driver)(Stalled()).run_input_thread()
