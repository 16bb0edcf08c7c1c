"""The style of Markdown on text that stays as it was written: what each line is, and its spans."""

from __future__ import annotations

import re
from typing import Protocol

from tui.app.written.code import CodeLines
from tui.app.written.inline import Span, inline_spans

STYLED_CHARACTERS = 4_000
"""The styled part of a line; the rest is plain, so that a line of megabytes costs no more."""
COLOURED_CODE = 200_000
"""Characters of code of one answer that are lexed."""

_FENCE = re.compile(r"\s*(?:(`{3,})([^`]*)|(~{3,})(.*))\Z")
_LANGUAGE = re.compile(r"[\w+#.-]+")
_HEADING = re.compile(r" {0,3}#{1,6}(?=\s|\Z)")
_QUOTE = re.compile(r"(?:\s{0,3}>)+")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])(?=\s)(?:\s+\[[ xX]\](?=\s))?")
_RULE = re.compile(r"\s*(?:[-*_=]\s*){3,}\Z|\s*\|?\s*:?-+:?\s*(?:\|[\s:-]*)+\Z")


class LineStyles(Protocol):
    """Styles of the lines of a text. Lines are added in their order, once they are whole."""

    count: int
    """The number of lines so far."""

    def add(self, line: str) -> None: ...

    def spans(self, number: int, line: str) -> list[Span]:
        """Styles of a line that was added, or of the one after them, which may still grow."""
        ...


class MarkupStyles:
    def __init__(self) -> None:
        self.count = 0
        self._fence = ""
        self._code: CodeLines | None = None
        self._left = COLOURED_CODE
        self._code_spans: dict[int, list[Span]] = {}

    def add(self, line: str) -> None:
        if spans := self._fence_spans(line):
            self._code_spans[self.count] = spans
            self._open_or_close(line)
        elif self._fence:
            self._code_spans[self.count] = self._lexed(line)
        self.count += 1

    def spans(self, number: int, line: str) -> list[Span]:
        if number < self.count:
            known = self._code_spans.get(number)
            return _prose(line) if known is None else known
        if number > self.count:  # it will be known in a moment
            return []
        if fence := self._fence_spans(line):
            return fence
        if not self._fence:
            return _prose(line)
        return self._code.unfinished(line) if self._code and self._left > 0 else []

    def _lexed(self, line: str) -> list[Span]:
        self._left -= len(line)
        return self._code.spans(line) if self._code and self._left > 0 else []

    def _fence_spans(self, line: str) -> list[Span]:
        """Styles of a line that opens a fence or closes the open one."""
        found = _FENCE.match(line)
        if not found:
            return []
        fence, rest = found[1] or found[3], found[2] or found[4] or ""
        closes = fence.startswith(self._fence) and not rest.strip()
        return [] if self._fence and not closes else [Span(0, len(line), "marker")]

    def _open_or_close(self, line: str) -> None:
        if self._fence:
            self._fence, self._code = "", None
        elif found := _FENCE.match(line):
            self._fence = found[1] or found[3]
            language = _LANGUAGE.search(found[2] or found[4] or "")
            self._code = CodeLines(language[0]) if language else None


def _prose(line: str) -> list[Span]:
    line = line[:STYLED_CHARACTERS]
    if _RULE.match(line):
        return [Span(0, len(line), "marker")]
    if heading := _HEADING.match(line):
        return [Span(0, len(line), "heading"), Span(0, heading.end(), "marker"), *inline_spans(line)]
    spans = []
    start = 0
    for marker in (_QUOTE, _ITEM):
        if found := marker.match(line, start):
            spans.append(Span(found.start(), found.end(), "marker"))
            start = found.end()
    return spans + [span for span in inline_spans(line) if span.start >= start]


class SectionStyles:
    """Styles of a text of sections, whose headings are known by their line numbers."""

    def __init__(self, headings: set[int]) -> None:
        self.count = 0
        self._headings = headings

    def add(self, line: str) -> None:
        self.count += 1

    def spans(self, number: int, line: str) -> list[Span]:
        return [Span(0, len(line), "heading")] if number in self._headings else []
