"""The history on its screen: found, filtered, and judged again."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from making import task

from tui.app.screens.history.lines import when
from tui.app.screens.history.screen import HistoryScreen
from tui.app.screens.main.screen import MainScreen


async def judged(bench):
    """A pass, a fail with a note, a skip; the last answer waits."""
    await bench.answered()
    await bench.press("3", "1", "N", *"slip", "enter")
    await bench.until(lambda: isinstance(bench.app.screen, MainScreen))
    await bench.press("space")


async def opened(bench):
    await bench.press("H")
    await bench.until(lambda: isinstance(bench.app.screen, HistoryScreen))
    await bench.pilot.pause()


async def back(bench):
    await bench.until(lambda: isinstance(bench.app.screen, MainScreen))
    await bench.pilot.pause()


def models(bench):
    return [line.split("Model-")[1][0] for line in bench.text().splitlines() if "Model-" in line]


async def test_it_says_what_was_given_newest_first_at_any_size(start):
    for size in ((80, 24), (100, 30), (120, 36)):
        async with start(size=size, database=f"{size[0]}.db") as bench:
            await judged(bench)
            await opened(bench)
            assert models(bench) == ["3", "2", "1"]
            for words in ("– skipped", "✗ fail", "✓ pass", "code/1 code 1", "slip"):
                assert words in bench.text()


async def test_filters_have_a_key_each_and_tab_goes_through_them(start):
    async with start() as bench:
        await judged(bench)
        await opened(bench)
        assert "1 all  2 open  3 flagged  4 skipped  5 noted  6 fail  7 pass" in bench.text()
        for key, found in (("2", ["4"]), ("4", ["3"]), ("5", ["2"]), ("7", ["1"]), ("tab", ["3", "2", "1"])):
            await bench.press(key)
            assert models(bench) == found
        await bench.press("3")
        await bench.shows("No answer is flagged.")
        await bench.press("escape")
        await back(bench)
        await bench.press("x", *"odd", "enter")
        await back(bench)
        await opened(bench)
        await bench.press("3")
        await bench.shows("○ not graded   code/1 code 1")
        assert "⚑ odd" in bench.text()


async def test_words_narrow_it_and_enter_goes_to_the_answer_where_it_is_judged_again(start):
    async with start(tasks=(task("code", 3),)) as bench:
        await judged(bench)
        second = bench.response(1).id
        await bench.press("]", "]", "H")
        await bench.until(lambda: isinstance(bench.app.screen, HistoryScreen))
        await bench.press("slash", *"SLIP", "enter")
        await back(bench)
        assert (bench.session.place, bench.board.current) == (0, 1)
        await bench.until(lambda: bench.screen.judging.readable)
        await bench.press("2")
        assert bench.grade_of(second).level == "partial"


async def test_escape_leaves_the_words_first_and_then_the_history(start):
    async with start() as bench:
        await judged(bench)
        await opened(bench)
        await bench.press("slash", *"zzz")
        await bench.shows("None of these has the words “zzz”.")
        await bench.press("enter", "escape")
        assert models(bench) == ["3", "2", "1"]
        await bench.press("escape")
        await back(bench)
        assert bench.board.current == 3


async def test_an_answer_to_a_prompt_that_is_gone_is_judged_by_itself_and_leads_back(start):
    async with start(count=2, tasks=(task("old", 1), task("code", 2))) as bench:
        await bench.answered()
        await bench.press("1", "1")
    async with start(count=2, tasks=(task("code", 2),)) as bench:
        await bench.press("]")
        await bench.answered()
        await opened(bench)
        assert "old/1 old 1" in bench.text()
        await bench.press("enter")
        await back(bench)
        await bench.shows("Old 1 · old 1")
        assert bench.session.current().place is None
        visited = bench.response(0).id
        await bench.until(lambda: bench.screen.judging.readable)
        await bench.press("3")
        assert bench.grade_of(visited).level == "pass"
        assert bench.session.current().place == 1


async def test_it_says_when_nothing_is_judged_and_reads_older_ones_on_demand(start, monkeypatch):
    monkeypatch.setattr("tui.grading.history.PAGE", 2)
    async with start() as bench:
        await bench.answered()
        await opened(bench)
        await bench.shows("Nothing is judged yet.")
        await bench.press("enter", "escape")
        await back(bench)
        await bench.press("3", "3", "3")
        await opened(bench)
        assert models(bench) == ["3", "2"]
        await bench.press("G", "enter")
        assert models(bench) == ["3", "2", "1"]
        await bench.press("enter")
        await back(bench)
        assert bench.board.current == 0


def test_a_time_is_of_today_by_the_clock_of_this_machine():
    now = datetime(2026, 11, 27, 1, 0, tzinfo=timezone(timedelta(hours=2)))
    assert when("2026-11-26T22:30:00.000000+00:00", now) == "00:30"
    assert when("2026-11-26T21:30:00.000000+00:00", now) == "2026-11-26"
    assert when("", now) == ""


def fewest_keys(entries, wanted):
    """The keys that lead to an entry and judge it again: H, then words of up to three letters or none, moves
    from either end, Enter, a level."""

    def moves(listed):
        place = listed.index(wanted)
        return min(place, len(listed) - place)  # G goes to the end, k up from there

    best = moves(entries)
    texts = [f"{each.item} {each.title} {each.model}".casefold() for each in entries]
    own = texts[entries.index(wanted)]
    for length in (2, 3):
        for start in range(len(own) - length + 1):
            word = own[start : start + length]
            if " " not in word:
                found = [each for each, text in zip(entries, texts, strict=True) if word in text]
                best = min(best, 2 + length + moves(found))
    return 3 + best


async def test_every_judgement_of_a_session_can_be_changed_with_less_than_ten_keys(sit):
    async with sit() as bench:
        for _ in range(30):
            await bench.until(lambda: bench.screen.judging.readable)
            await bench.press("3")
        entries = list(bench.session.history().entries)
        assert len(entries) == 30
        assert max(fewest_keys(entries, each) for each in entries) < 10
        middle = entries[15]
        await bench.press("escape")
        await opened(bench)
        await bench.press("G", *"k" * 14, "enter")
        await back(bench)
        assert bench.slot.known.response.id == middle.response_id
        await bench.press("1")
        await bench.until(lambda: bench.grade_of(middle.response_id).level == "fail")
