"""A written document, read back as others would read it."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from tui.analysis.results import Filters
from tui.report.material import Circumstances, material
from tui.report.report import write

if TYPE_CHECKING:
    from tui.report.material import Material
    from tui.report.report import Format
    from tui.store.database import Store

CIRCUMSTANCES = Circumstances("2026-01-02", "0", "llm-grader report")
VOID = {"meta", "link", "path", "line", "br"}


def report(
    store: Store, file_format: Format = "html", filters: Filters | None = None, **wanted: object
) -> str:
    return written(material(store, filters or Filters(), CIRCUMSTANCES, seed=2023, **wanted), file_format)


def written(of: Material, file_format: Format = "html") -> str:
    stream = io.StringIO()
    write(of, file_format, stream)
    return stream.getvalue()


class Page(HTMLParser):
    """The elements of a page. Fails on one that is not closed, or closed where another one is open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        for tag in set(self._open):
            self.texts[tag][-1] += data

    def all(self, attribute: str) -> list[str]:
        return [attributes[attribute] for _, attributes in self.tags if attribute in attributes]

    @property
    def headings(self) -> list[int]:
        return [int(tag[1]) for tag, _ in self.tags if re.fullmatch("h[1-6]", tag)]


PLAIN = {
    r"\textbackslash{}": "\\", r"\textasciitilde{}": "~", r"\textasciicircum{}": "^",
    r"\textasciigrave{}": "`", r"\textquotesingle{}": "'", r"\textquotedbl{}": '"', r"\textless{}": "<",
    r"\textgreater{}": ">", r"\textbar{}": "|", r"\replaced{}": "\N{REPLACEMENT CHARACTER}",
    r"\allowbreak{}": "",
}  # fmt: skip
_TOKEN = re.compile(r"\\[A-Za-z]+\{\}|\\.|\{[\[*]\}|\{\}|[^\\{}$&#_%^~\n]|(~)", re.DOTALL)
_LIGATURE = re.compile("--|,,|''|``|<<|>>|[?!]`")


def as_set(latex: str) -> str:
    """What TeX prints of an escaped text. Fails on anything in it that is not a printed character."""
    assert not _LIGATURE.search(latex)
    shown, place = [], 0
    while place < len(latex):
        found = _TOKEN.match(latex, place)
        assert found, latex[place:]
        token = found[0]
        if token.startswith("\\") and token.endswith("{}"):
            token = PLAIN[token]
        elif token.startswith("\\"):
            token = token[1]
            assert token in "{}$&#_%"
        elif token.startswith("{"):
            token = token[1:-1]
        shown.append(" " if token == "~" and found[1] else token)
        place = found.end()
    return "".join(shown)
