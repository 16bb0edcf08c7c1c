"""The end of a blind session: a guess, a look, the reveal."""

from __future__ import annotations

import pytest

from app.test_end import grade_all, looks
from tui.app.screens.dialogs.agreement import AgreementScreen
from tui.app.screens.dialogs.end import EndScreen
from tui.app.screens.dialogs.guess import GuessScreen
from tui.app.screens.main.screen import MainScreen
from tui.errors import StoreError

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36)])
TITLES = ("Alpaca", "MPT", "OpenAssistant", "Falcon")


def guesses(bench):
    rows = bench.store.query("SELECT response_id, model FROM guesses ORDER BY seq")
    return [(row["response_id"], row["model"]) for row in rows]


def author(bench, response_id):
    return bench.store.responses.get(response_id).model


@SIZES
async def test_the_end_offers_a_guess_a_look_and_the_reveal_and_names_nobody(sit, size):
    async with sit("text-classification", size=size, blind=True) as bench:
        await grade_all(bench)
        text = bench.text()
        for offered in ("guess who wrote 5 answers", "beside the report", "shows which model", "q Quit"):
            assert offered in text
        assert not any(title in text for title in TITLES)
        assert "the same" not in text
        assert looks(bench) == []


@SIZES
async def test_guesses_are_stored_one_by_one_and_none_is_asked_for_again(sit, size):
    async with sit("text-classification", size=size, blind=True) as bench:
        await grade_all(bench)
        asked = bench.session.to_guess()
        await bench.press("g")
        text = bench.text()
        assert "Who wrote this? 1 of 5" in text
        assert all(title in text for title in TITLES)
        await bench.press("2")
        assert guesses(bench) == [(asked[0].response_id, "falcon-40b-instruct")]
        await bench.press("space", "4", "9")
        assert [id_ for id_, _ in guesses(bench)] == [asked[0].response_id, asked[2].response_id]
        await bench.press("escape")
        assert isinstance(bench.app.screen, EndScreen)
        await bench.press("g")
        assert "Who wrote this? 1 of 3" in bench.text()
        await bench.press("1", "1", "1")
        assert isinstance(bench.app.screen, EndScreen)
        await bench.press("g")
        assert not isinstance(bench.app.screen, GuessScreen)
        assert len(guesses(bench)) == 5


async def test_the_reveal_tells_how_many_guesses_were_right_and_what_chance_would_give(sit):
    async with sit("text-classification", blind=True) as bench:
        await grade_all(bench)
        names = list(bench.session.guessable())
        asked = bench.session.to_guess()
        await bench.press("g")
        for place, each in enumerate(asked):
            right = names.index(author(bench, each.response_id))
            await bench.press(str((right if place < 2 else (right + 1) % 4) + 1))
        await bench.press("B", "y")
        assert isinstance(bench.app.screen, EndScreen)
        models = [len(bench.session._answers.keys(place)) for place in range(2)]
        of_item = dict(zip((item.name for item in bench.session.items), models, strict=True))
        chance = sum(1 / of_item[each.item.name] for each in asked)
        assert f"You guessed 2 of 5; by chance it would be {chance:.1f}." in bench.text()
        await bench.press("g", "B")
        assert isinstance(bench.app.screen, EndScreen)
        await bench.press("escape")
        assert any(title in bench.text() for title in TITLES)


async def test_a_reveal_at_the_end_names_the_guess_that_was_not_made(sit):
    async with sit("text-classification", blind=True) as bench:
        await grade_all(bench)
        await bench.press("B")
        assert "g guesses first" in bench.text()
        await bench.press("n")
        assert isinstance(bench.app.screen, EndScreen)
        await bench.press("g", "1", "escape", "B")
        assert "g guesses first" not in bench.text()


async def test_a_look_before_the_reveal_asks_once_is_recorded_and_names_nobody(sit):
    async with sit("text-classification", blind=True) as bench:
        await grade_all(bench)
        await bench.press("a")
        assert "You have judged 7 of 7 answers. Looking now is recorded" in bench.text()
        await bench.press("n")
        assert isinstance(bench.app.screen, EndScreen)
        assert looks(bench) == []
        await bench.press("a", "y")
        assert isinstance(bench.app.screen, AgreementScreen)
        assert "of 7 the same" in bench.text()
        assert not any(title in bench.text() for title in TITLES)
        assert looks(bench) == [("others", 7, 7)]
        await bench.press("escape", "a")
        assert isinstance(bench.app.screen, AgreementScreen)
        await bench.press("escape", "B", "y", "a")
        assert isinstance(bench.app.screen, AgreementScreen)
        assert any(title in bench.text() for title in TITLES)
        assert len(looks(bench)) == 3


async def test_what_is_changed_after_a_look_is_of_another_occasion(sit):
    async with sit("text-classification", blind=True) as bench:
        await grade_all(bench)
        await bench.press("a", "y", "enter")
        assert isinstance(bench.app.screen, MainScreen)
        await bench.until(lambda: bench.screen.judging.readable)
        await bench.press("1")
        rows = bench.store.query(
            "SELECT occasion FROM judgements WHERE level = 'fail' ORDER BY seq DESC LIMIT 1"
        )
        assert [row["occasion"] for row in rows] == ["after_others"]


async def test_a_look_that_cannot_be_recorded_shows_nothing(sit, monkeypatch):
    async with sit("text-classification", blind=True) as bench:
        await grade_all(bench)

        def refuse(*_, **__):
            raise StoreError("the disk is full")

        monkeypatch.setattr(bench.store.sessions, "look", refuse)
        await bench.press("a", "y")
        await bench.shows("the disk is full")
        assert not isinstance(bench.app.screen, AgreementScreen)
