"""Rows of a CSV or JSON lines file that another program wrote, each with the line that it begins on."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from tui.store.exchange.source import LONGEST_ROW, json_mistake
from tui.toml.mistakes import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.store.exchange.source import Source


_SEPARATORS = re.compile("[;\t|]")


class Row(NamedTuple):
    line: int
    cells: dict[str, Any]
    """What stands in it, by column."""
    named_on: int
    """The line that names its columns."""


def csv_rows(source: Source) -> Iterator[Row]:
    reader = _CsvReader(source)
    first, columns = next(reader, (1, []))
    _refuse_twice(source, columns)
    if len(columns) == 1 and (other := _SEPARATORS.search(columns[0])):
        raise source.mistake(f"its columns are separated by {shown(other[0])}: write it with commas", first)
    for line, cells in reader:
        if len(cells) != len(columns):
            wrong = f"it has {len(cells)} cells, and the first line names {len(columns)} columns"
            raise source.mistake(f"{wrong}: quote what holds commas or line ends", line)
        yield Row(line, dict(zip(columns, cells, strict=True)), first)


class _CsvReader:
    """The rows that are not blank, as cells, with the line that each begins on."""

    def __init__(self, source: Source) -> None:
        csv.field_size_limit(LONGEST_ROW)
        self._source = source
        self._size = 0
        self._reader = csv.reader(self._texts(), strict=True)

    def __iter__(self) -> _CsvReader:
        return self

    def __next__(self) -> tuple[int, list[str]]:
        cells: list[str] = []
        line = 1
        while not cells:
            self._size, line = 0, self._source.line + 1
            try:
                cells = next(self._reader)
            except csv.Error as error:
                raise self._source.mistake(_csv_words(str(error)), line) from error
        return line, cells

    def _texts(self) -> Iterator[str]:
        for text in self._source.texts():
            self._size += len(text)
            if self._size > LONGEST_ROW:
                raise csv.Error("field larger than field limit")
            yield text


def _csv_words(error: str) -> str:
    if "unexpected end of data" in error:
        return "a quote that begins a cell in this row is never closed"
    if "field limit" in error:
        return f"this row is longer than {LONGEST_ROW // 1_000_000} MB: is a quote not closed?"
    if "expected after" in error:
        return "text stands after the end of a quoted cell: double the quotes inside of one"
    if "new-line character" in error:
        return "a carriage return stands alone in it: save the file with line ends of LF or CR LF"
    return f"this is no CSV: {error.partition(' - ')[0]}"


def json_rows(source: Source) -> Iterator[Row]:
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    for text in source.texts():
        if not text.strip():
            continue
        try:
            cells = decode(text)
        except (msgspec.DecodeError, RecursionError) as error:
            words, column = json_mistake(error)
            raise source.mistake(words, source.line, column) from error
        if keys_in(text) > len(cells):
            json.loads(text, object_pairs_hook=lambda pairs: _refuse_twice(source, [key for key, _ in pairs]))
        yield Row(source.line, cells, source.line)


def keys_in(line: str) -> int:
    """Of all its objects: inside of a text no quote stands without a backslash."""
    return line.count('":') - line.count('\\":')


def _refuse_twice(source: Source, columns: list[str]) -> None:
    for place, column in enumerate(columns):
        if column in columns[:place]:
            raise source.mistake(f"the column {shown(column)} is there twice", source.line)
