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
    "_": r"\_\allowbreak{}",
    "%": r"\%",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "`": r"\textasciigrave{}",
    "'": r"\textquotesingle{}",
    '"': r"\textquotedbl{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "-": r"-{}",
    ",": r",{}",
    "?": r"?{}",
    "!": r"!{}",
    "[": r"{[}",
    "]": r"{]}",
    "*": r"{*}",
    "=": r"{=}",
    REPLACEMENT: r"\replaced{}",
}
"""Those with a meaning, and those that join with the next one to another sign."""
_LONG: Final = 16
"""Characters after which a word may go on in the next line."""
_TAB: Final = 4


def line(text: str) -> str:
    """A text in one line."""
    return _escaped(safe_line(text))


def lines(text: str) -> str:
    """Each line a paragraph of its own, with all its spaces. Nothing in it ends what it stands in."""
    return "\n".join(map(_whole_line, safe(text).split("\n")))


def _whole_line(text: str) -> str:
    text = text.expandtabs(_TAB)
    words = text.lstrip(" ")
    indent = "~" * (len(text) - len(words))
    spaced = re.sub("  +", lambda found: " " + "\N{NULL}" * (len(found[0]) - 1), words)
    return rf"\noindent{{}}{indent}{_escaped(spaced).replace(chr(0), '~')}\strut\par"


def _escaped(text: str) -> str:
    return "".join(map(_word, re.split("( )", text)))


def _word(word: str) -> str:
    escaped = [_SPECIAL.get(letter, letter) for letter in word]
    if len(word) <= _LONG:
        return "".join(escaped)
    parts = (escaped[place : place + _LONG] for place in range(0, len(word), _LONG))
    return r"\allowbreak{}".join("".join(part) for part in parts)
