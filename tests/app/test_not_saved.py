from __future__ import annotations

import asyncio
import sqlite3
import sys

import pytest


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
        assert bench.screen.current == 0
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
        assert [each.grade and each.grade.level for each in bench.screen.answers] == ["pass", None]
        await bench.desk.close()
        assert "grades-rescued-1.db" in bench.desk.live.parting_words


async def test_time_to_grade_is_not_measured_by_a_clock_that_may_go_back(start, monkeypatch):
    async with start(count=1) as bench:
        await bench.answered()
        await bench.until(lambda: bench.screen.pane.shown_at)
        monkeypatch.setattr("tui.grading.session.now", lambda: "2001-01-01T00:00:00.000000+00:00")
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
            await bench.until(lambda: all(each.phase == "writing" for each in bench.screen.answers))
            bench.app.call_later(fails)
            async with asyncio.timeout(5):
                await bench.until(lambda: len(bench.store.responses.all()) == 2)
            kept = {(each.text, each.finish_reason) for each in bench.store.responses.all()}
            assert kept == {("half", "cancelled")}
