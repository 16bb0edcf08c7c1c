from __future__ import annotations

import csv
import io
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils.utils import Format, rows_from_file

from tui.store.exchange.csv_format import _FORMULA, EXCEL_CELL_LIMIT, write_csv

# Everything but the control characters that CSV replaces and the line ends, which are tested beside it.
PLAIN = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("\t\n\r\",'"))


def as_csv(*cells: object, excel: bool = False) -> str:
    columns = [f"column {number}" for number, _ in enumerate(cells)]
    stream = io.StringIO(newline="")
    write_csv([dict(zip(columns, cells, strict=True))], columns, stream, excel=excel)
    return stream.getvalue()


def cells_of(text: str) -> list[str]:
    return list(csv.reader(io.StringIO(text, newline="")))[1]


def test_lines_end_with_cr_lf_and_cells_are_quoted_where_they_must_be() -> None:
    assert as_csv("a,b", 'say "x"', "two\nlines", "plain", "").splitlines(keepends=True) == [
        "column 0,column 1,column 2,column 3,column 4\r\n",
        '"a,b","say ""x""","two\n',
        'lines",plain,\r\n',
    ]


@given(st.lists(PLAIN, min_size=2, max_size=4))
def test_any_text_reads_back_with_the_csv_module(cells: list[str]) -> None:
    assert cells_of(as_csv(*cells)) == cells


@pytest.mark.parametrize("excel", [False, True])
@pytest.mark.parametrize(
    "text",
    ["日本語、「引用」", 'a "quoted" b', "one\ntwo", "one\r\ntwo", "a,b;c\td", "\ufeffmark", " padded "],
)
def test_awkward_text_reads_back_with_sqlite_utils(text: str, excel: bool) -> None:
    content = as_csv(text, "end", excel=excel).encode()

    encoding = "utf-8-sig" if excel else "utf-8"
    rows, _ = rows_from_file(io.BytesIO(content), Format.CSV, encoding=encoding)

    # It opens files with universal newlines, so a CR LF inside a cell is its LF.
    assert list(rows) == [{"column 0": text.replace("\r\n", "\n"), "column 1": "end"}]


def test_control_characters_become_the_replacement_character() -> None:
    assert cells_of(as_csv("a\0b", "\x1b[2Jc", "d\x9be", "\t\r\n")) == ["a�b", "�[2Jc", "d�e", "\t\r\n"]


def test_numbers_stay_numbers_and_nothing_is_an_empty_cell() -> None:
    assert cells_of(as_csv(-1, 0.5, True, False, None, excel=True)) == ["-1", "0.5", "1", "0", ""]


FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\ttab", "\rreturn", "  =1", "\n=1", "\u200b=1",
    "\ufeff=1", "\xa0-1", "\u202e=1", "＝1", "＋1", "－1", "＠x", "\u3000＝1", "﹦1", "=cmd|' /C calc'!A0",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_excel_gets_no_formula(text: str) -> None:
    (guarded,) = cells_of(as_csv(text, excel=True).removeprefix("\ufeff"))

    assert not runs(guarded)
    assert as_written(guarded) == text
    assert cells_of(as_csv(text)) == [text]


@pytest.mark.parametrize(
    "text", ["a=1", "1+1", "", " ", "x@y.org", "日本語 = Japanese", "…-", "a, -1", "'a'"]
)
def test_other_text_is_left_alone_for_excel(text: str) -> None:
    assert cells_of(as_csv(text, "end", excel=True).removeprefix("\ufeff")) == [text, "end"]


IN_THE_MIDDLE = [
    "a;=1+1",
    "a;;-1",
    'a;"=1+1"',
    "a\t@x",
    "- a\n- b",
    "a\r\n=1",
    "a; \u200b＝1",
    '";=1',
    "a;\n\n=1",
]


@pytest.mark.parametrize("separator", [";", "\t", ","])
@pytest.mark.parametrize("text", FORMULAS + IN_THE_MIDDLE)
def test_no_cell_is_a_formula_whatever_the_reader_takes_for_a_separator(text: str, separator: str) -> None:
    content = as_csv("first", text, -1, "last", excel=True).removeprefix("\ufeff")

    cells = [cell for row in csv.reader(content.splitlines(), delimiter=separator) for cell in row]

    # A number of ours, quoted or not, is a number where commas separate, and elsewhere inside another cell.
    assert [cell for cell in cells if runs(cell) and cell != "-1"] == []


@given(st.text(st.sampled_from("a=-+@;,\t\r\n'\" \u200b＝")) | PLAIN)
def test_what_was_put_before_formulas_can_be_taken_out_again(text: str) -> None:
    (guarded,) = cells_of(as_csv(text, excel=True).removeprefix("\ufeff"))

    assert as_written(guarded) == text


def test_a_long_text_of_line_ends_takes_no_longer_than_others() -> None:
    as_csv("\n;\t" * 200_000 + " " * 200_000, excel=True)


def runs(cell: str) -> bool:
    """Whether a spreadsheet takes a cell for a formula: by its first visible character."""
    visible = "".join(c for c in cell if unicodedata.category(c) not in ("Cf", "Zs", "Cn") and c not in '\n"')
    return visible.startswith(tuple("=+-@\t\r＝＋－＠﹦﹢﹣﹫"))


def as_written(guarded: str) -> str:
    """As docs/export.md says: one apostrophe taken away in each of the places."""
    return re.sub(f"(?:^|(?<=[;\t\r\n]))'(?={_FORMULA})", "", guarded)


def test_excel_recognises_utf_8() -> None:
    assert as_csv("é", excel=True).encode().startswith(b"\xef\xbb\xbf")
    assert not as_csv("é").startswith("\ufeff")


@pytest.mark.parametrize(
    ("text", "long"),
    [("x" * EXCEL_CELL_LIMIT, 0), ("x" * (EXCEL_CELL_LIMIT + 1), 1), ("👩" * (EXCEL_CELL_LIMIT // 2 + 1), 1)],
)
def test_cells_too_long_for_excel_are_counted_and_not_cut(text: str, long: int) -> None:
    stream = io.StringIO(newline="")

    written = write_csv([{"text": text}], ["text"], stream)

    assert (written.rows, written.long_cells) == (1, long)
    assert text in stream.getvalue()
