"""The prompt above the answers, in whatever size the terminal comes to have."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("sizes", [[(80, 24), (120, 36)], [(80, 24), (200, 50), (100, 32)]])
async def test_the_correct_answer_comes_into_view_when_a_terminal_grows(sit, sizes):
    async with sit("code-generation", size=sizes[0]) as bench:
        place = [item.prompt.title for item in bench.session.items].index("FizzBuzz")
        await bench.stage.go_to(place)
        for size in sizes[1:]:
            await bench.pilot.resize_terminal(*size)
            await bench.shows("Correct: The numbers 1 to 100")
            await bench.until(lambda: bench.board.shows_expected)
