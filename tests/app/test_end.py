"""The end of a session over stored answers, and its grades beside the report's."""

from __future__ import annotations

import pytest

from tui.app.screens.dialogs.agreement import DIFFERS, SAME, AgreementScreen
from tui.app.screens.dialogs.end import EndScreen
from tui.app.screens.history.screen import HistoryScreen
from tui.app.screens.main.bars import TopBar
from tui.app.screens.main.screen import MainScreen
from tui.app.screens.results.screen import ResultsScreen
from tui.app.widgets.one_line import OneLine

SIZES = pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 36), (200, 50)])


def looks(bench):
    rows = bench.store.query("SELECT looked_into, judged, planned FROM looks ORDER BY seq")
    return [tuple(row.values()) for row in rows]


async def grade_all(bench, key="3"):
    await bench.press("n", *"odd", "enter")
    while isinstance(bench.app.screen, MainScreen):
        await bench.press(key)


@SIZES
async def test_the_last_grade_ends_the_session_with_what_came_of_it_and_what_is_next(sit, size):
    async with sit("text-classification", size=size) as bench:
        await bench.press("space")
        await grade_all(bench)

        text = bench.text()
        assert "Everything is graded." in text
        assert "6 graded · 1 skipped · 0 with a flag · 1 with a note" in text
        assert "seconds for a decision" in text
        assert "the same" not in text
        assert "llm-grader export --demo" in text
        assert "q Quit" in text


@SIZES
async def test_all_ways_on_from_a_blind_end_are_in_view_each_on_a_line_of_its_own(sit, size):
    async with sit("text-classification", size=size, blind=True) as bench:
        await grade_all(bench)
        lines = bench.text().splitlines()
        assert any("guess who wrote 5 answers: it tells whether the blinding held" in line for line in lines)
        assert any("g Guess B Reveal a Beside the report H Look back q Quit" in line for line in lines)


@SIZES
async def test_from_an_end_with_the_names_in_view_a_key_leads_to_what_the_grades_say(sit, size):
    async with sit("text-classification", size=size) as bench:
        await grade_all(bench)
        assert "t  what the grades say" in bench.text()
        assert "llm-grader report --demo" in bench.text()
        assert "t Results" in bench.text()
        await bench.press("t")
        await bench.until(lambda: isinstance(bench.app.screen, ResultsScreen))


async def test_a_blind_end_offers_the_reveal_and_no_results(sit):
    async with sit("text-classification", blind=True) as bench:
        await grade_all(bench)
        await bench.press("t")
        assert isinstance(bench.app.screen, EndScreen)
        assert "t  what the grades say" not in bench.text()


async def test_from_the_end_one_can_go_back_to_the_answers_and_come_again(sit):
    async with sit("text-classification") as bench:
        await grade_all(bench)
        await bench.press("3", "enter")  # what is left of haste
        assert isinstance(bench.app.screen, EndScreen)
        await bench.press("H")
        assert isinstance(bench.app.screen, HistoryScreen)
        await bench.press("escape")
        assert isinstance(bench.app.screen, MainScreen)
        await bench.press(".")
        assert isinstance(bench.app.screen, EndScreen)
        await bench.quits("q")


@SIZES
async def test_answer_by_answer_ones_grades_stand_beside_the_reports_and_lead_to_the_answer(sit, size):
    async with sit("text-classification", size=size) as bench:
        await grade_all(bench)
        beside = bench.session.agreement()
        await bench.press("a")
        text = bench.text()
        count = sum(each.is_same for each in beside)
        assert f"{count} of 7 the same" in text
        assert looks(bench) == [("others", 7, 7)]
        assert text.count(f"{SAME} ") == count
        assert text.count(f"{DIFFERS} ") == 7 - count
        other = next(each for each in beside if not each.is_same)
        await bench.press("d", "enter")
        assert isinstance(bench.app.screen, MainScreen)
        assert bench.slot.known.response.id == other.response_id


async def test_nothing_is_said_of_the_report_before_one_has_judged(sit):
    async with sit("text-classification") as bench:
        for _ in range(7):
            await bench.until(lambda: bench.screen.judging.readable)
            await bench.press("space")
        await bench.shows("0 graded · 7 skipped")
        text = bench.text().lower().replace("report-2023", "").replace("llm-grader report", "")
        assert "report" not in text
        await bench.press("a")
        assert not isinstance(bench.app.screen, AgreementScreen)


async def test_where_answers_are_written_too_one_line_says_that_all_are_graded(start):
    async with start(count=1, tasks=None) as bench:
        for _ in bench.session.items:
            await bench.answered()
            await bench.press("3")
        await bench.shows("Everything is graded. H looks back, q quits.")
        assert isinstance(bench.app.screen, MainScreen)


async def test_a_narrow_title_says_that_names_are_hidden_beside_how_long_the_rest_takes(sit):
    async with sit("text-classification", size=(80, 24), blind=True) as bench:
        bench.screen.query_one(TopBar).set_progress(100, 300, 12.0, 2_400.0)
        await bench.pilot.pause()
        assert "blind: names hidden" in bench.text().splitlines()[0]


async def test_the_gauge_is_full_when_nothing_is_left_and_not_before(sit):
    async with sit("text-classification") as bench:
        bar = bench.screen.query_one(TopBar)
        line = bar.query_one("#top-gauge", OneLine)
        bar.set_progress(29, 30)
        assert str(line.content).endswith("▓░")
        bar.set_progress(30, 30)
        assert "░" not in str(line.content)
