"""Text as LaTeX that no character of it can break."""

from __future__ import annotations

import re
from typing import Final

from tui.text import REPLACEMENT, safe, safe_line

_SPECIAL: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "%": r"\%",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "`": r"\textasciigrave{}",
    '"': r"\textquotedbl{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    REPLACEMENT: r"\replaced{}",
}
_AS_TYPED: Final = _SPECIAL | {"'": r"\textquotesingle{}"}
_JOINED: Final = re.compile("(?<=-)(?=-)|(?<=,)(?=,)|(?<=')(?=')")
"""Between characters that would be set as one: a dash, a quotation mark."""
_OPTION: Final = re.compile(r"\A[\[*]")
"""What the end of a row before it would take for its own."""
_LONG: Final = 24
"""Characters after which a word may go on in the next line."""
_TAB: Final = 4


def line(text: str) -> str:
    """A text in one line."""
    escaped = _escaped(safe_line(text), _SPECIAL)
    return _OPTION.sub(lambda found: f"{{{found[0]}}}", escaped)


def lines(text: str) -> str:
    """Each line a paragraph of its own, with all its spaces. Nothing in it ends what it stands in."""
    return "\n".join(map(_whole_line, safe(text).split("\n")))


def _whole_line(text: str) -> str:
    text = text.expandtabs(_TAB)
    words = text.lstrip(" ")
    indent = "~" * (len(text) - len(words))
    spaced = re.sub("  +", lambda found: " " + "\N{NULL}" * (len(found[0]) - 1), words)
    return rf"\noindent{{}}{indent}{_escaped(spaced, _AS_TYPED).replace(chr(0), '~')}\strut\par"


def _escaped(text: str, special: dict[str, str]) -> str:
    return _JOINED.sub("{}", "".join(_word(word, special) for word in re.split("( )", text)))


def _word(word: str, special: dict[str, str]) -> str:
    escaped = [special.get(letter, letter) for letter in word]
    if len(word) <= _LONG:
        return "".join(escaped)
    parts = (escaped[place : place + _LONG] for place in range(0, len(word), _LONG))
    return r"\allowbreak{}".join("".join(part) for part in parts)
