"""Tables of LaTeX within the page."""

from __future__ import annotations

from tui.report.document import Table
from tui.report.latex_columns import fitting, parts

FIGURE = "0.69 [0.52, 0.79]"


def table(columns: int, numbers: int, cell: str = FIGURE) -> Table:
    names = tuple(f"c{place}" for place in range(columns))
    return Table("", names, (("a model", *[cell] * (columns - 1)),), numbers)


def test_a_table_that_fits_is_one_and_as_wide_as_what_is_in_it():
    (whole,) = parts(table(4, 3))
    assert whole == table(4, 3)
    size, columns = fitting(whole)
    assert size == "\\small"
    assert columns.startswith("l>")


def test_a_wide_one_is_several_each_with_the_first_column_and_no_column_twice_or_left_out():
    for wide in (table(30, 29), table(30, 0), table(30, 4), table(2, 1, "w" * 500), table(1, 0)):
        found = list(parts(wide))
        assert {each.columns[0] for each in found} == {"c0"}
        assert [name for each in found for name in each.columns[1:]] == list(wide.columns[1:])
        assert sum(each.numbers for each in found) == wide.numbers
        assert all(len(each.rows[0]) == len(each.columns) for each in found)
        assert all(fitting(each) for each in found)


def test_a_long_text_is_broken_and_figures_beside_it_are_not():
    size, columns = fitting(Table("", ("name", "note", "figure"), (("x", "word " * 90, FIGURE),), 1))
    assert columns.count("\\raggedright") == 2
    assert columns.count("\\raggedleft") == 1
    assert size == "\\small"
