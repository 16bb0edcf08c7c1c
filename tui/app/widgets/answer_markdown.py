"""A finished answer as Markdown, with everything off that could act or hide text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from textual.widgets import Markdown

from tui.text import safe

if TYPE_CHECKING:
    from markdown_it.rules_core import StateCore

MOST_CHARACTERS = 20_000
MOST_LINES = 400
LONGEST_LINE = 4_000
MOST_CELLS_IN_A_LINE = 40
"""Of a table."""


class AnswerMarkdown(Markdown):
    def __init__(self) -> None:
        super().__init__(parser_factory=_parser, open_links=False)

    async def show(self, raw: str) -> None:
        """Returns when it is laid out."""
        await self.update(safe(raw))


def fits_markdown(raw: str) -> bool:
    """Whether laying this out is quick; longer answers stay plain text."""
    lines = raw.split("\n")
    return (
        len(raw) <= MOST_CHARACTERS
        and len(lines) <= MOST_LINES
        and all(len(line) <= LONGEST_LINE and line.count("|") <= MOST_CELLS_IN_A_LINE for line in lines)
    )


def _parser() -> MarkdownIt:
    # HTML stays text: a grader must see `List<int>` and `<b>` as they were written. Links are not made up.
    parser = MarkdownIt("gfm-like", {"html": False, "linkify": False})
    parser.core.ruler.push("keep_line_breaks", _keep_line_breaks)
    return parser


def _keep_line_breaks(state: StateCore) -> None:
    """A model that writes one label a line means lines; Markdown would run them together."""
    for block in state.tokens:
        for token in block.children or ():
            if token.type == "softbreak":
                token.type = "hardbreak"
