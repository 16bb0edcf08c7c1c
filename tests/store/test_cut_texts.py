from __future__ import annotations

import pytest

from tui.store.figure_rows import figure_rows

from . import make


@pytest.mark.parametrize(
    ("text", "reasoning", "length", "blank"),
    [
        ("yes\0, and more", None, 14, False),
        ("é\0\0日本", None, 5, False),
        ("\0", None, 1, False),
        ("  \0 x", None, 5, False),
        ("hm\0m\n\n", (0, 4), 2, True),
        ("hm\0m yes\0", (0, 4), 5, False),
        ("éèê", None, 3, False),
        (" \n", None, 2, True),
    ],
)
def test_a_nul_ends_no_answer(store, text, reasoning, length, blank):
    start, end = reasoning or (None, None)
    make.store_response(store, text=text, reasoning_start=start, reasoning_end=end)
    (answer,) = figure_rows(store).answers
    assert (answer.length, answer.blank) == (length, blank)
