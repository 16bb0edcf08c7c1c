"""Markdown laid out by Rich, as lines of segments: no line costs a widget, and nothing in them acts.

What the parser decodes (percent signs in links, entities) is made safe afterwards, in the segments, where
nothing is left to be decoded.
"""

from __future__ import annotations

import re
from collections import Counter
from io import StringIO
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from rich.cells import get_character_cell_size
from rich.console import Console
from rich.markdown import CodeBlock, Markdown
from rich.padding import Padding
from rich.segment import Segment
from rich.text import Text
from rich.theme import Theme

from tui.app.written.code import CodeLines
from tui.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from markdown_it.rules_core import StateCore
    from rich.console import ConsoleOptions, RenderResult
    from rich.style import Style

MOST_CHARACTERS = 40_000
MOST_LINES = 1_000
LONGEST_LINE = 4_000
MOST_CELLS = 1_000
"""The most cells of all tables."""
MOST_CELLS_IN_A_LINE = 40
MOST_BRACKETS = 2_000
"""The most brackets: for each that opens, the parser searches all the rest for its end."""
NARROWEST = 10
"""Cells in which Rich can lay anything out."""
DEEPEST = 24
"""Characters before a line's own text, in quotes and lists in one another: there is no room for more."""
_NESTING = re.compile(r"(?:[ \t]|[>*+-](?=[ \t>]))*")

_KINDS = {
    **{f"markdown.h{level}": "heading" for level in range(1, 8)},
    "markdown.code": "code",
    "markdown.code_block": "code",
    "markdown.em": "emphasis",
    "markdown.emph": "emphasis",
    "markdown.strong": "strong",
    "markdown.item.bullet": "marker",
    "markdown.item.number": "marker",
    "markdown.hr": "marker",
    "markdown.block_quote": "marker",
    "markdown.link": "emphasis",
    "markdown.link_url": "marker",
    "markdown.table.border": "marker",
    "markdown.table.header": "strong",
}


def fits_markdown(raw: str) -> bool:
    """True if laying this out takes only a moment, judged without parsing it."""
    if len(raw) > MOST_CHARACTERS or raw.count("|") > MOST_CELLS or raw.count("[") > MOST_BRACKETS:
        return False
    lines = raw.split("\n")
    return len(lines) <= MOST_LINES and all(map(_fits, lines))


def _fits(line: str) -> bool:
    nesting = _NESTING.match(line)
    if nesting and nesting.end() > DEEPEST:
        return False
    return len(line) <= LONGEST_LINE and line.count("|") <= MOST_CELLS_IN_A_LINE


def lay_out(raw: str, width: int, styles: Mapping[str, Style]) -> list[list[Segment]] | None:
    """Lines of at most `width` cells; `styles` are by kind. None where Rich cannot lay it out, or leaves
    characters away for which there is no room: of a table's cells, of lists in one another."""
    if width < NARROWEST:
        return None
    theme = Theme({name: styles[kind] for name, kind in _KINDS.items()} | {**styles})
    console = Console(file=StringIO(), width=width, theme=theme, color_system="truecolor")
    try:
        markdown = _Markdown(raw)
        lines = console.render_lines(markdown, pad=False)
    except (
        RecursionError,
        ValueError,
        AssertionError,
    ):  # of tables and quotes that do not fit into the width
        return None
    texts = [[Segment(safe(text), style) for text, style, control in line if not control] for line in lines]
    left_away = _visible(markdown.contents) - _visible(text for line in texts for text, _, _ in line)
    return None if left_away else texts


def _visible(texts: Iterable[str]) -> Counter[str]:
    """The count of each character that takes room."""
    characters = Counter("".join(texts))
    for each in list(characters):
        if each.isspace() or not each.isprintable() or not get_character_cell_size(each):
            del characters[each]
    return characters


class _Code(CodeBlock):
    """Coloured as in the other view, by the same lexers under the same limits."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        language = CodeLines(self.lexer_name)
        text = Text(style="code", overflow="fold")
        for line in str(self.text).rstrip("\n").split("\n"):
            shown = Text(line)
            for start, end, kind in language.spans(line):
                shown.stylize(kind, start, end)
            text.append_text(shown).append("\n")
        yield Padding(text, (0, 0, 0, 2))


class _Markdown(Markdown):
    elements = {**Markdown.elements, "fence": _Code, "code_block": _Code}

    def __init__(self, raw: str) -> None:
        super().__init__("", hyperlinks=False)
        self.parsed = _parser().parse(safe(raw))

    @property
    def contents(self) -> Iterator[str]:
        """All that is to be read."""
        for block in self.parsed:
            yield from [block.content] * (block.type in ("fence", "code_block"))
            yield from (token.content for token in block.children or ())


def _parser() -> Any:
    # HTML stays text: a grader must see `List<int>` and `<b>` as they were written. Links are not made up.
    parser = MarkdownIt("gfm-like", {"html": False, "linkify": False, "maxNesting": 200})
    parser.core.ruler.push("keep_what_was_written", _keep_what_was_written)
    return parser


def _keep_what_was_written(state: StateCore) -> None:
    """A model that writes one label a line means lines, which Markdown would run together; a picture is what
    was written for it."""
    for block in state.tokens:
        for token in block.children or ():
            if token.type == "softbreak":
                token.type = "hardbreak"
            elif token.type == "image":
                token.type, token.content = "text", f"![{token.content}]({token.attrs.get('src', '')})"
