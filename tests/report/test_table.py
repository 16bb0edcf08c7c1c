"""The table of results in terminals of any width."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from store import marks

from tui.analysis.results import Filters, results
from tui.report.layout import DRAWN, TYPED, Column, Page, bar, scale, sentence, table
from tui.report.table import lines
from tui.store.database import Store
from tui.store.figure_rows import figure_rows

NAMES = {
    "falcon-40b-instruct~1a2b": "ppppffpp",
    "模型模型模型模型模型模型模型模型模型": "pfpfpfpf",
    "x" * 90: "ffffpfff",
    "oasst-sft-1-pythia-12b": "ffpfpsff",
}
WIDTHS = (60, 80, 100, 120, 200)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    with Store.open(tmp_path_factory.mktemp("table") / "grades.db") as store:
        of = marks.graded(store, NAMES)
        for grader in ("ada", "Jürgen with a rather long name"):
            session = marks.begun(store, grader, blind=False)
            marks.give(store, session, of, dict.fromkeys(NAMES, "pfpfpapf"))
        return results(figure_rows(store), Filters())


@pytest.mark.parametrize("width", WIDTHS)
def test_every_line_fits_but_for_names_longer_than_it(found, width):
    told = [line.text for line in lines(found, Page(width, signs=DRAWN))]
    assert [text for text in told if cell_len(text) > width and "x" * 60 not in text] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_a_name_is_there_whole_however_it_is_folded(found, width):
    told = [line.text for line in lines(found, Page(width, signs=DRAWN))]
    start = next(place for place, text in enumerate(told) if text.startswith("model "))
    rows = told[start + 1 : told.index("", start)]
    room = cell_len(told[start].partition("rank")[0])
    names = "".join(text[: len(text) if cell_len(text) < room else room].split("  ")[0] for text in rows)
    assert all(name in names for name in NAMES)


def test_a_pipe_gets_the_same_lines_in_any_terminal_and_a_sentence_is_one_of_them(found):
    told = [line.text for line in lines(found, Page(200, wraps=False))]
    assert any(text.startswith("strict: share") and text.endswith("those compared.") for text in told)
    assert not any(sign in "".join(told) for sign in DRAWN)


def test_the_models_are_in_the_order_of_what_is_measured(found):
    told = [line.text for line in lines(found, Page(200), measure="mean")]
    start = next(place for place, text in enumerate(told) if text.startswith("model "))
    figures = [float(text.split("[")[0].split()[-1]) for text in told[start + 1 : start + 5]]
    assert figures == sorted(figures, reverse=True)
    assert "rank" not in told[start]


@given(st.tuples(*[st.floats(0, 1)] * 3).map(sorted), st.integers(9, 60))
def test_a_bar_is_as_wide_as_its_scale_and_in_order(ends, width):
    drawn = bar(*ends, width, TYPED)
    assert len(drawn) == len(scale(width)) == width
    assert drawn.count("o") == 1
    assert drawn.strip()[0] in "[o"
    assert drawn.strip()[-1] in "]o"


def test_names_are_broken_where_a_part_ends():
    column = Column("model", ["falcon-40b-instruct@report-2023"], most=20)
    assert [line.text for line in table([column])] == ["model", "falcon-40b-instruct", "@report-2023"]


@given(st.text(max_size=80), st.integers(20, 100))
def test_a_sentence_keeps_its_words(text, width):
    told = [line.text for line in sentence(text, Page(width))]
    assert " ".join(" ".join(told).split()) == " ".join(
        " ".join(line.text for line in sentence(text, Page(9, wraps=False))).split()
    )
