"""The first half of the gate to the terminal: text, while it is still apart from Textual's escape sequences.

All that widgets draw comes by here as strips, on its way to be one string with the sequences that colour and
place it. Whatever widget drew it, and whether or not it made its text safe: no segment holds a character that
steers, no style a link (OSC 8), and no segment is a control sequence of the widget's own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual._compositor import ChopsUpdate, InlineUpdate, LayoutUpdate
from textual.strip import Strip

from tui.text import REPLACEMENT, STEERING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

# Lines are separate strips by now: a newline or a tab would move what is beside it.
_MOVES = re.compile(f"{STEERING.pattern}|[\n\t]")


def harmless(frame: RenderableType) -> RenderableType:
    """The same frame with every strip harmless."""
    if isinstance(frame, LayoutUpdate):
        return LayoutUpdate([_strips(line) for line in frame.strips], frame.region)
    if isinstance(frame, InlineUpdate):
        return InlineUpdate(_strips(frame.strips), frame.clear)
    if isinstance(frame, ChopsUpdate):
        drawn = {y for y, _, _ in frame.spans}
        chops = [
            {x: strip and harmless_strip(strip) for x, strip in line.items()} if y in drawn else line
            for y, line in enumerate(frame.chops)
        ]
        return ChopsUpdate(chops, frame.spans, frame.chop_ends)
    raise TypeError(f"{type(frame).__name__} is no frame whose text could be made safe")


def harmless_strip(strip: Strip) -> Strip:
    """The strip itself, where nothing in it steers."""
    for text, style, control in strip:
        # Only what is not printable can steer; to ask for that is quicker than to search.
        if control or (style and style._link) or (not text.isprintable() and _MOVES.search(text)):
            break
    else:
        return strip
    segments = [_harmless(segment) for segment in strip if not segment.control]
    # What took no cell takes one now: what stands beside the strip must not move.
    return Strip(segments).adjust_cell_length(strip.cell_length)


def _strips(strips: Iterable[Strip]) -> list[Strip]:
    return [harmless_strip(strip) for strip in strips]


def _harmless(segment: Segment) -> Segment:
    text, style, _ = segment
    if style is not None and style._link:
        style = style.update_link(None)
    return Segment(_MOVES.sub(REPLACEMENT, text), style)
