"""Text as HTML and SVG that no character of it can break."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import Final

from tui.text import REPLACEMENT, safe, safe_line

_LAST_TWO: Final = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_NO_CHARACTER: Final = re.compile(f"[\ufdd0-\ufdef{_LAST_TWO}]")
"""Code points that HTML forbids."""


@lru_cache(maxsize=8192)
def line(text: str) -> str:
    """A text in one line. Names and levels come again and again."""
    return _escaped(safe_line(text))


def lines(text: str) -> str:
    """A text with its lines and all its spaces."""
    return _escaped(safe(text))


def _escaped(text: str) -> str:
    return escape(_NO_CHARACTER.sub(REPLACEMENT, text))
