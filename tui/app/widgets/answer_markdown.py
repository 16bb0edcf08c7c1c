"""A finished answer as Markdown, with everything off that could act or hide text."""

from __future__ import annotations

from markdown_it import MarkdownIt
from textual.widgets import Markdown

from tui.text import safe

MOST_CHARACTERS = 60_000
LONGEST_LINE = 8_000


def _parser() -> MarkdownIt:
    # HTML stays text: a grader must see `List<int>` and `<b>` as they were written. Links are not made up.
    return MarkdownIt("gfm-like", {"html": False, "linkify": False})


class AnswerMarkdown(Markdown):
    def __init__(self) -> None:
        super().__init__(parser_factory=_parser, open_links=False)

    def show(self, raw: str) -> None:
        self.update(safe(raw))


def fits_markdown(raw: str) -> bool:
    """Whether laying this out is quick; longer answers stay plain text."""
    return len(raw) <= MOST_CHARACTERS and all(len(line) <= LONGEST_LINE for line in raw.split("\n"))
