"""Code coloured line by line: the lexer's state is carried over, so that a line more costs one line."""

from __future__ import annotations

from functools import cache
from time import thread_time
from typing import TYPE_CHECKING, Any

from pygments.lexer import ExtendedRegexLexer, LexerContext, RegexLexer
from pygments.token import Token

from tui.app.written.inline import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pygments.lexer import Lexer
    from pygments.token import _TokenType

    LexedToken = tuple[int, _TokenType, str]

LONGEST_LINE = 1_000
"""Characters; a lexer's regular expressions may take the square of it."""
PATIENCE_SECONDS = 0.05
"""Processor time for one line. A lexer that takes longer is not asked again."""

_LANGUAGES = frozenset(
    """
    ada awk bash sh shell zsh console basic bat batch c c++ cpp cc clojure cmake coffeescript cs
    csharp c# css cuda d dart diff patch docker dockerfile elixir elm erlang f# fortran fsharp go
    golang graphql groovy haskell hs html ini java javascript js jsx json julia kotlin latex tex
    less lisp lua make makefile markdown md matlab nginx nim nix objective-c objc ocaml octave
    pascal perl php powershell ps1 prolog proto protobuf py python python3 pycon r rb rs ruby rust
    sass scala scheme scss solidity sql sqlite postgresql mysql swift tcl terraform hcl toml ts tsx
    typescript vb vhdl verilog vim xml yaml yml zig
    """.split()  # noqa: SIM905
)
"""Lexers of others are not asked: there are some hundreds, which models seldom write and nobody has timed."""
_KINDS = {
    Token.Comment: "comment",
    Token.Keyword: "keyword",
    Token.Keyword.Constant: "number",
    Token.Operator.Word: "keyword",
    Token.Literal.String: "string",
    Token.Literal.Number: "number",
    Token.Name.Function: "name",
    Token.Name.Class: "name",
    Token.Name.Decorator: "name",
    Token.Name.Tag: "keyword",
    Token.Name.Attribute: "name",
    Token.Name.Builtin: "name",
    Token.Generic.Deleted: "number",
    Token.Generic.Inserted: "string",
    Token.Generic.Heading: "keyword",
    Token.Generic.Subheading: "keyword",
}
_COMMENTS = {"/*": "*/", "<!--": "-->", "(*": "*)", "{-": "-}", "--[[": "]]"}
"""Comments that many lexers take for one token, however many lines there are."""


class CodeLines:
    """The lines of one fence, given in their order."""

    def __init__(self, language: str) -> None:
        self._lexer = _lexer(language.lower())
        self._stack: tuple[str, ...] = ("root",)
        self._comment_end = ""

    def spans(self, line: str) -> list[Span]:
        """Styles of the next line."""
        spans, self._stack, self._comment_end = self._lex(line)
        return spans

    def unfinished(self, line: str) -> list[Span]:
        """Styles of a line that is still being written; nothing is remembered after it."""
        return self._lex(line)[0]

    def _lex(self, line: str) -> tuple[list[Span], tuple[str, ...], str]:
        start = 0
        if self._comment_end:
            end = line.find(self._comment_end)
            if end < 0:
                return [Span(0, len(line), "comment")], self._stack, self._comment_end
            start = end + len(self._comment_end)
        if self._lexer is None or len(line) > LONGEST_LINE:
            return [], self._stack, ""
        begun = thread_time()
        stack = list(self._stack)
        try:
            tokens = list(_tokens(self._lexer, f"{line[start:]}\n", stack))
        except Exception:  # of a lexer, which is no code of ours and reads text that is not ours either
            tokens = []
            self._lexer = None
        if thread_time() - begun > PATIENCE_SECONDS:
            self._lexer = None
        spans = [Span(0, start, "comment")] if start else []
        spans += _spans(tokens, start, len(line))
        # Where the lexer has a state for comments, that is enough.
        open_comment = "" if "comment" in stack[-1] else _open_comment(tokens)
        return spans, tuple(stack), open_comment


@cache
def _lexer(language: str) -> Lexer | None:
    if language not in _LANGUAGES:
        return None
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _tokens(lexer: Lexer, line: str, stack: list[str]) -> Iterator[LexedToken]:
    """Changes `stack` to what it is after the line."""
    if isinstance(lexer, ExtendedRegexLexer):
        context = LexerContext(line, 0, stack)
        yield from lexer.get_tokens_unprocessed(context=context)
    elif isinstance(lexer, RegexLexer):
        yield from _regex_tokens(lexer, line, stack)
    else:
        yield from lexer.get_tokens_unprocessed(line)


def _regex_tokens(lexer: RegexLexer, line: str, stack: list[str]) -> Iterator[LexedToken]:
    """The same steps as RegexLexer, which keeps its stack to itself."""
    place, rules = 0, lexer._tokens
    while place < len(line):
        found, action, change = _first_match(rules[stack[-1]], line, place)
        if found is None:
            yield place, Token.Text, line[place]
            place += 1
            continue
        if isinstance(action, type(Token)):
            yield place, action, found[0]
        elif action is not None:
            yield from action(lexer, found)
        place = found.end()
        _change(stack, change)


def _first_match(rules: list[tuple[Any, Any, Any]], line: str, place: int) -> tuple[Any, Any, Any]:
    for matches, action, change in rules:
        if found := matches(line, place):
            return found, action, change
    return None, None, None


def _change(stack: list[str], change: tuple[str, ...] | int | str | None) -> None:
    for step in change if isinstance(change, tuple) else (change,):
        if step == "#push":
            stack.append(stack[-1])
        elif step == "#pop" or isinstance(step, int):
            count = 1 if step == "#pop" else abs(int(step))
            del stack[max(len(stack) - count, 1) :]
        elif step is not None:
            stack.append(step)


def _spans(tokens: list[LexedToken], start: int, end: int) -> Iterator[Span]:
    for place, token, text in tokens:
        if kind := _kind(token):
            yield Span(start + place, min(start + place + len(text), end), kind)


@cache
def _kind(token: _TokenType) -> str:
    while token is not None:
        if token in _KINDS:
            return _KINDS[token]
        token = token.parent
    return ""


def _open_comment(tokens: list[LexedToken]) -> str:
    """The end of the comment that this line leaves open."""
    comment = ""
    for _, token, text in reversed(tokens):
        if token in Token.Comment:
            comment = text + comment
        elif not text.isspace() or comment:
            break
    for begin, end in _COMMENTS.items():
        if comment.startswith(begin) and end not in comment[len(begin) :]:
            return end
    return ""
