from __future__ import annotations

import asyncio

import pytest
from weights.quick import model_of

from tui.app.downloads import Downloads
from tui.app.view.download_text import outcome_words, progress_words, state_words, top_words
from tui.weights.events import Converting, Remark, Waiting

from .fetching import SOURCE, ScriptedFetch


@pytest.fixture
def desk(tmp_path):
    return Desk(ScriptedFetch(tmp_path / "some.gguf"))


class Desk:
    """Downloads of the models a, b and c, and every phase their jobs went through."""

    def __init__(self, fetch):
        self.fetch = fetch
        models = [model_of(SOURCE, name=name, title=name) for name in "abc"]
        self.downloads = Downloads(models, fetch=fetch)
        self.ended = []
        self.downloads.listen(self._note)

    def _note(self, job):
        if not job.active:
            self.ended.append((job.model.name, job.phase, outcome_words(job)))

    def phases(self):
        jobs = {name: self.downloads.job(name) for name in "abc"}
        return {name: job.phase for name, job in jobs.items() if job}

    async def until(self, condition):
        async with asyncio.timeout(20):
            while not condition():
                await asyncio.sleep(0.01)

    async def started(self, *names):
        for name in names:
            self.downloads.start(name)
        await self.until(lambda: self.downloads.job(names[0]).done == 10)


async def test_one_is_fetched_and_the_others_follow_in_order(desk):
    await desk.started("b", "a", "c")
    assert desk.phases() == {"b": "running", "a": "queued", "c": "queued"}
    assert desk.fetch.begun == ["b"]
    for name in "bac":
        desk.fetch.let_go(name)
    await desk.until(lambda: not desk.downloads.active)
    assert desk.fetch.begun == ["b", "a", "c"]
    assert [name for name, *_ in desk.ended] == ["b", "a", "c"]
    assert desk.ended[0][1:] == ("finished", "b: fetched, unverified: no sha256 of it is published")


async def test_a_paused_one_lets_the_next_begin_and_waits_for_its_turn_when_resumed(desk):
    await desk.started("a", "b")
    desk.downloads.pause("a")
    await desk.until(lambda: desk.fetch.begun == ["a", "b"])
    desk.downloads.resume("a")
    assert desk.phases() == {"b": "running", "a": "queued"}
    desk.fetch.let_go("b")
    await desk.until(lambda: desk.fetch.begun == ["a", "b", "a"])
    desk.fetch.let_go("a")
    await desk.until(lambda: not desk.downloads.active)
    assert [each[:2] for each in desk.ended] == [("b", "finished"), ("a", "finished")]


async def test_one_resumed_before_it_has_stopped_goes_on(desk):
    await desk.started("a")
    desk.downloads.pause("a")
    desk.downloads.resume("a")
    assert desk.phases() == {"a": "running"}
    desk.fetch.let_go("a")
    await desk.until(lambda: desk.ended)
    assert desk.ended[0][:2] == ("a", "finished")


async def test_one_paused_in_the_queue_does_not_begin_until_resumed(desk):
    await desk.started("a", "b")
    desk.downloads.pause("b")
    desk.fetch.let_go("a")
    await desk.until(lambda: desk.ended)
    assert desk.phases() == {"b": "paused"}
    desk.downloads.start("b")
    await desk.until(lambda: desk.fetch.begun == ["a", "b"])
    await desk.downloads.close()


async def test_cancelling_ends_one_running_queued_or_paused_and_the_next_begins(desk):
    await desk.started("a", "b", "c")
    desk.downloads.cancel("b")
    assert desk.phases() == {"a": "running", "c": "queued"}
    desk.downloads.pause("a")
    await desk.until(lambda: desk.phases() == {"a": "paused", "c": "running"})
    desk.downloads.cancel("a")
    desk.downloads.cancel("c")
    await desk.until(lambda: not desk.phases())
    assert {each[:2] for each in desk.ended} == {(name, "cancelled") for name in "abc"}


async def test_one_that_fails_stays_to_be_seen_and_the_next_begins(desk):
    desk.fetch.fail("a")
    desk.downloads.start("a")
    desk.downloads.start("b")
    await desk.until(lambda: desk.phases() == {"a": "failed", "b": "running"})
    assert desk.ended == [("a", "failed", "a: there is nothing")]
    del desk.fetch.failing["a"]
    desk.downloads.start("a")
    assert desk.phases() == {"a": "queued", "b": "running"}
    await desk.downloads.close()


async def test_a_mistake_of_ours_costs_one_download_a_line(desk):
    desk.fetch.fail("a", ZeroDivisionError("oh"))
    desk.downloads.start("a")
    desk.downloads.start("b")
    await desk.until(lambda: desk.phases() == {"a": "failed", "b": "running"})
    assert desk.ended[0][2].startswith("llm-grader made a mistake; please report it: ZeroDivisionError: oh")
    await desk.downloads.close()


async def test_closing_ends_all_of_them(desk):
    await desk.started("a", "b", "c")
    desk.downloads.pause("c")
    await desk.downloads.close()
    assert "running" not in desk.phases().values()
    assert desk.fetch.begun == ["a"]


async def test_who_listens_no_more_hears_no_more(desk):
    heard = []
    stop = desk.downloads.listen(heard.append)
    desk.downloads.start("a")
    stop()
    before = len(heard)
    desk.downloads.pause("a")
    await desk.downloads.close()
    assert before == len(heard) > 0


@pytest.mark.parametrize(
    ("events", "state", "told", "top"),
    [
        ([], "10 % 2.0 MB/s 45 s left", "0 kB of 0 kB, 2.0 MB/s, 45 s left", "↓ a 10 %"),
        ([Waiting("gone", 3.0)], "waiting…", "gone; again in 3 s", "↓ a 10 %"),
        (
            [Converting("quantising", 2, 5, 0.4)],
            "converting step 2 of 5 40 %",
            "step 2 of 5, quantising",
            "↓ a 40 %",
        ),
        (
            [Remark("old"), Converting("loading", 5, 5)],
            "converting step 5 of 5",
            "step 5 of 5, loading",
            "↓ a",
        ),
    ],
)
async def test_what_happens_is_a_few_words(tmp_path, events, state, told, top):
    desk = Desk(ScriptedFetch(tmp_path / "some.gguf", *events))
    await desk.started("a")
    job = desk.downloads.job("a")
    if events:
        await desk.until(lambda: job.event == events[-1])
    await desk.until(lambda: state_words(job) == state)
    assert progress_words(job) == told
    assert top_words(desk.downloads.active) == top
    await desk.downloads.close()


async def test_what_is_to_be_known_of_what_came_out_is_said_with_it(tmp_path):
    desk = Desk(ScriptedFetch(tmp_path / "some.gguf", Remark("some tensors are coarser")))
    await desk.started("a")
    desk.fetch.let_go("a")
    await desk.until(lambda: desk.ended)
    assert desk.ended[0][2].endswith("is published: some tensors are coarser")


async def test_the_top_bar_says_how_many_more_there_are_and_that_one_is_paused(desk):
    await desk.started("a", "b", "c")
    assert top_words(desk.downloads.active) == "↓ a 10 % +2"
    for name in "cba":
        desk.downloads.pause(name)
    assert top_words(desk.downloads.active).startswith("↓ a paused")
    await desk.downloads.close()
    assert top_words([]) == ""
