"""No shape of text makes the screen slow."""

from __future__ import annotations

from time import thread_time

import pytest

from tui.app.written.inline import painted
from tui.app.written.laid_out import fits_markdown, lay_out
from tui.app.written.markup import MarkupStyles
from tui.app.written.rows import Rows

from .test_written import STYLES, shown

WORST = {
    "items": "- a\n" * 170,
    "table": "| cell " * 39 + "|\n" + "|---" * 39 + "|\n" + ("| cell " * 39 + "|\n") * 240,
    "open fence": "```python\n" + "def f(x): return 'text'  # comment\n" * 5_000,
    "asterisks": "*" * 100_000,
    "quotes": ">" * 100_000,
    "brackets": "[(" * 50_000,
    "open brackets": ("[" * 3_900 + "\n") * 9,
    "backticks": "".join("`" * (n % 50 + 1) + " " for n in range(4_000)),
    "one line": "word " * 200_000,
    "deep": "".join("  " * n + "- a\n" for n in range(300)),
    "marks": "e" + "\u0301" * 100_000,
    "zero width": "\u200b" * 100_000,
    "tabs": "\t" * 50_000,
    "ideographs": "漢字" * 50_000,
}


@pytest.mark.parametrize("name", WORST)
def test_no_shape_of_text_costs_more_than_its_length(name):
    """Twice the text takes at most some three times the time: nothing is quadratic."""

    def seconds(text):
        begun = thread_time()
        rows, styles = Rows(40), MarkupStyles()
        for start in range(0, len(text), 500):  # as it streams
            rows.append(text[start : start + 500])
            while styles.count < rows.line_count - 1:
                styles.add(rows.line(styles.count, 4_000))
            last = rows.line(rows.line_count - 1, 4_000)
            if start % 5_000 == 0:
                painted(last, styles.spans(rows.line_count - 1, last))
        return thread_time() - begun

    text = WORST[name]
    seconds(text[:1000])
    half = min(seconds(text[: len(text) // 2]) for _ in range(2))
    assert min(seconds(text) for _ in range(2)) < 3.5 * half + 0.05


def test_a_table_of_39_columns_is_all_there():
    rows = Rows(42)
    rows.append(WORST["table"])
    assert shown(rows.rows) == shown([WORST["table"]])
    assert max(map(len, rows.rows)) <= 43


@pytest.mark.parametrize("name", ["items", "table", "asterisks", "deep", "quotes", "open brackets"])
def test_laying_out_as_markdown_is_quick_or_refused(name):
    text = WORST[name]
    begun = thread_time()
    assert not fits_markdown(text) or lay_out(text, 40, STYLES)
    assert thread_time() - begun < 3
