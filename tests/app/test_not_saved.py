from __future__ import annotations

import asyncio
import sqlite3
import sys
from math import inf

import pytest
from making import runnable_models

from tui.errors import StoreError


def lock(bench) -> sqlite3.Connection:
    connection = sqlite3.connect(bench.store.path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    return connection


async def test_a_grade_given_while_another_program_writes_is_said_not_to_be_saved(start):
    async with start(count=2) as bench:
        await bench.answered()
        other = lock(bench)
        await bench.press("3")
        await bench.shows("Another program is writing")
        assert bench.labels() == [None, None]
        assert bench.board.current == 0
        other.close()
        await bench.press("3")
        await bench.until(lambda: bench.labels() == ["pass", None])


async def test_what_was_written_while_another_program_writes_stays_on_the_screen(start):
    async with start(count=1) as bench:
        await bench.answered()
        for opening, saving in (("n", "enter"), ("e", "ctrl+s")):
            await bench.press(opening, "o", "d", "d")
            other = lock(bench)
            await bench.press(saving)
            await bench.until(lambda: len(bench.app.screen_stack) > 2)
            await bench.until(lambda: bench.app.screen.query("TextArea"))
            assert bench.app.screen.query_one("TextArea").text == "odd"
            other.close()
            await bench.press(saving)
            await bench.until(lambda: len(bench.app.screen_stack) == 2)
        assert [each.text for each in bench.store.judgements.events()] == ["odd"]
        assert [each.instruction for each in bench.store.own_items.all()] == ["odd"]


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be taken away there")
async def test_a_grade_for_a_database_that_is_gone_is_not_shown(start):
    async with start(count=2, size=(160, 40)) as bench:
        await bench.answered()
        await bench.press("3")
        bench.store.path.unlink()
        await bench.press("2")
        await bench.shows("moved, deleted or replaced")
        assert [each.given and each.given.level for each in bench.slots] == ["pass", None]
        await bench.context.close()
        assert "grades-rescued-1.db" in bench.context.live.parting_words


async def test_time_to_grade_is_not_measured_by_a_clock_that_may_go_back(start, monkeypatch):
    async with start(count=1) as bench:
        await bench.answered()
        await bench.until(lambda: bench.board.pane.came_into_view)
        monkeypatch.setattr("tui.grading.judge.now", lambda: "2001-01-01T00:00:00.000000+00:00")
        await bench.press("3")
        await bench.until(bench.store.judgements.events)
        (grade,) = bench.store.judgements.events()
        assert grade.decided_at < grade.shown_at
        assert 0 <= grade.active_seconds < 60


async def test_what_is_being_written_when_the_app_fails_is_kept(start):
    def fails() -> None:
        raise KeyError("a mistake")

    with pytest.raises(KeyError):
        async with start(lambda _: ["half", asyncio.Event()], count=2) as bench:
            await bench.press("r")
            await bench.until(lambda: all(each.phase == "writing" for each in bench.slots))
            bench.app.call_later(fails)
            async with asyncio.timeout(5):
                await bench.until(lambda: len(bench.store.responses.all()) == 2)
            kept = {(each.text, each.finish_reason) for each in bench.store.responses.all()}
            assert kept == {("half", "cancelled")}


def fails(*_args: object, **_options: object) -> None:
    raise StoreError("disk I/O error")


async def test_an_answer_that_comes_while_nothing_can_be_read_is_judged_once_that_is_over(start, monkeypatch):
    rest = asyncio.Event()
    async with start(lambda _: ["half", rest], count=2) as bench:
        bench.store.sessions.begin("mei", mode="free", app_version="1")
        await bench.press("r")
        await bench.until(lambda: all(each.phase == "writing" for each in bench.slots))
        with monkeypatch.context() as patched:
            patched.setattr(bench.store.judgements, "of_prompt", fails)
            rest.set()
            await bench.shows("disk I/O error")
            await bench.press("3")
            assert bench.store.judgements.events() == []
        await bench.until(lambda: bench.board.pane.readable_since < inf)
        await bench.press("3")
        assert bench.labels() == ["pass", None]


async def test_models_that_come_while_nothing_can_be_read_come_the_next_time(start, tmp_path, monkeypatch):
    async with start(count=2) as bench:
        await bench.answered()
        fresh = runnable_models(tmp_path, 3)[2:]
        monkeypatch.setattr("tui.app.context.find_runnable", lambda _: (fresh, []))
        await bench.press("m")
        with monkeypatch.context() as patched:
            patched.setattr(bench.context.live, "answer_of", fails)
            await bench.press("escape")
            await bench.shows("disk I/O error")
        assert (len(bench.session.models), len(bench.board.panes)) == (2, 2)
        await bench.press("3", "m", "escape")
        assert (len(bench.session.models), len(bench.board.panes)) == (3, 3)
        assert bench.labels() == ["pass", None, None]
