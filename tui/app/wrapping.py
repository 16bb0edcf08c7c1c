"""Word wrapping that can go on where it stopped, so that appending to a long line costs only what is new."""

from __future__ import annotations

import re

from rich.cells import cell_len, split_graphemes

# A row may also end between characters of Chinese and Japanese, which write no spaces.
_IDEOGRAPH = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BELONGS_TO_IT = "\ufe00-\ufe0f\U000e0100-\U000e01ef\u3099\u309a"
_WORD = re.compile(f" +|[{_IDEOGRAPH}][{_BELONGS_TO_IT}]*|[^ {_IDEOGRAPH}]+")


def wrap(line: str, width: int) -> list[str]:
    """`line` (no newlines, no tabs) as rows of at most `width` cells, at least one; joined they give it back.

    A single space at the end of a row may hang over its edge, so that the next row begins with a word. Rows
    before the last do not change when text is added to the line: only the last has to be wrapped again.
    """
    width = max(width, 2)
    if not line.isascii():
        return _wrap_words(line, width)
    return [line] if len(line) <= width else _wrap_ascii(line, width)


def _wrap_words(line: str, width: int) -> list[str]:
    rows, row, used = [], "", 0
    for word in _WORD.findall(line):
        cells = cell_len(word)
        if used + cells <= width or (word == " " and row):
            row, used = row + word, used + cells
            continue
        if row.strip(" ") and word[0] != " ":
            rows.append(row)
            row = ""
        *full, row = _chop(row + word, width)
        rows.extend(full)
        used = sum(map(cell_len, _WORD.findall(row)))  # as if wrapping went on from here
    rows.append(row)
    return rows


def _chop(text: str, width: int) -> list[str]:
    """Rows that end anywhere but within what is seen as one character; Rich's own loses marks at the end."""
    if text.isascii():
        return [text[start : start + width] for start in range(0, len(text), width)]
    rows, begun, used = [], 0, 0
    for start, _, cells in split_graphemes(text)[0]:
        if used + cells > width:
            rows.append(text[begun:start])
            begun, used = start, 0
        used += cells
    return [*rows, text[begun:]]


def _wrap_ascii(line: str, width: int) -> list[str]:
    """The same, by places instead of words: every character is a cell."""
    rows, start, length = [], 0, len(line)
    while length - start > width:
        end = start + width
        if line[end] == " ":
            hangs = line[end - 1] != " " and line[end + 1 : end + 2] != " "
            end += hangs
        elif line[end - 1] != " ":
            space = line.rfind(" ", start, end)
            if space >= start and line[start:space].strip(" "):
                end = space + 1
        rows.append(line[start:end])
        start = end
    rows.append(line[start:])
    if len(rows) > 1 and not rows[-1]:
        rows.pop()
    return rows
