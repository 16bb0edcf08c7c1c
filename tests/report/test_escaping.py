"""No text can break the document that it is printed in, or pass for a part of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, strategies
from markdown_it import MarkdownIt

from tui.report import html_text, latex_text, markdown
from tui.report.document import Document, Link, Paragraph, Section, Table, Verbatim
from tui.report.html import html
from tui.report.latex import latex
from tui.text import REPLACEMENT, safe, safe_line

from .reading import Page, as_set

ANY = strategies.text(max_size=200) | strategies.text("\\{}$&#_%~^`'\"<>|-,?![]*=\n\t 1.)+:@a", max_size=60)
HOSTILE = (
    "</pre></section><script>alert(1)</script>",
    r"\end{verbatimtext}\end{document}\input{/etc/passwd}",
    "```\n````\n~~~",
    "\n\n  two  spaces\n\tand a tab\n",
    "1. list\n- item\n> quote\n# head\n| a | b |\n===",
    "[a](http://x) ![b](http://y/z.png) <http://z> &amp; &#60;",
    "evil \u202e live \x00\x1b[31m \ufffe \U0010ffff",
    "w" * 200,
    "中文" * 100 + " שלום مرحبا",
    "[1em] * -- --- ,, `` '' << >> ?` !`",
)
RENDERERS = (html, markdown.markdown, latex)


def with_hostile(test):
    for text in HOSTILE:
        test = example(text)(test)
    return test


def made_of(text: str) -> Document:
    cells = ((text, Link(text, "one")),)
    blocks = (Paragraph(text), Verbatim(text), Table(text, (text, text), cells))
    return Document(text, text, (Section("one", text, blocks, (Section("two", text),)),))


def shown_in_html(text: str) -> str:
    return "".join(
        REPLACEMENT if ord(each) & 0xFFFE == 0xFFFE or "\ufdd0" <= each <= "\ufdef" else each for each in text
    )


@with_hostile
@given(ANY)
def test_html_shows_the_text_and_nothing_of_it_is_a_tag(text):
    page = Page("".join(html(made_of(text))))
    assert page.texts["pre"] == ["\n" + shown_in_html(safe(text))]
    assert page.texts["h1"] == [shown_in_html(safe_line(text))]
    assert page.texts["td"] == [shown_in_html(safe_line(text))]
    assert page.all("href") == ["data:,", "#one", "#two", "#one"]
    assert "script" not in page.texts


@with_hostile
@given(ANY)
def test_a_line_of_markdown_is_that_text(text):
    (paragraph, *rest) = MarkdownIt("commonmark").parse(markdown.line(text) or "empty")[1:-1]
    assert rest == []
    children = paragraph.children
    assert {each.type for each in children} <= {"text", "text_special"}
    assert "".join(each.content for each in children) == (safe_line(text) or "empty")


@with_hostile
@given(ANY)
def test_a_cell_of_markdown_is_that_text(text):
    table = Table("", ("a", "b"), ((text, "end"),))
    tokens = MarkdownIt("commonmark").enable("table").parse("".join(markdown._table(table)))
    cells = [each for each in tokens if each.type == "inline"]
    shown = ["".join(child.content for child in each.children) for each in cells]
    assert shown == ["a", "b", safe_line(text), "end"]


@with_hostile
@given(ANY)
def test_no_text_ends_the_fence_around_it(text):
    tokens = MarkdownIt("commonmark").parse(markdown.fenced(safe(text)))
    assert [(each.type, each.content) for each in tokens] == [("fence", f"{safe(text)}\n")]


@with_hostile
@given(ANY)
def test_latex_sets_the_text_and_nothing_of_it_is_a_command(text):
    line = latex_text.line(text)
    assert as_set(line) == safe_line(text)
    assert not line.startswith(("[", "*"))
    lines = latex_text.lines(text).split("\n")
    for line, said in zip(lines, safe(text).split("\n"), strict=True):
        inner = line.removeprefix(r"\noindent{}").removesuffix(r"\strut\par")
        assert as_set(inner) == said.expandtabs(4)


@pytest.mark.parametrize("render", RENDERERS)
@pytest.mark.parametrize("text", HOSTILE)
def test_every_format_takes_any_text_anywhere(render, text):
    written = "".join(render(made_of(text)))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", written)


def test_a_word_of_latex_may_go_on_in_the_next_line():
    assert latex_text.line("w" * 200).count(r"\allowbreak{}") >= 5


def test_html_leaves_a_leading_line_end_to_the_answer():
    assert html_text.lines("\n\na").startswith("\n\n")
