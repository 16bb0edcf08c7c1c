"""A screen as text that can be read in a diff: its rows as drawn, then which words stand out, and how.

Colours are named by what they mean in the theme, not by their numbers, so that another shade changes nothing
here. Spaces at the end of a row are left out, and so are the sides of a frame: its top says where it is.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from textual.color import Color

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.style import Style
    from textual.app import App
    from textual.strip import Strip

MEANINGS = ("text-success", "text-warning", "text-error", "text-primary", "text-secondary", "border")
CURSORS = ("block-cursor-background", "block-cursor-blurred-background", "input-cursor-background")
EFFECTS = ("bold", "italic", "underline", "reverse", "dim")
FRAME = re.compile(r"[╭╰](─+)[╮╯]")


def drawn(app: App[None]) -> str:
    strips = app.screen._compositor.render_strips()
    theme = "dark" if app.current_theme.dark else "light"
    colours = f"{theme} theme{'' if _is_coloured(strips) else ', without colour'}"
    rows = [strip.text.rstrip() for strip in strips]
    return "\n".join(
        [f"{app.size.width} x {app.size.height}, {colours}", "", *rows, "", *_stands_out(app, strips), ""]
    )


def _stands_out(app: App[None], strips: list[Strip]) -> Iterator[str]:
    meanings, cursors = _named(app, MEANINGS), _named(app, CURSORS)

    def look(style: Style | None) -> str:
        if style is None:
            return ""
        looks = [effect for effect in EFFECTS if getattr(style, effect)]
        looks += [meanings[colour] for colour in _colours(style.color) if colour in meanings]
        looks += ["under the cursor" for colour in _colours(style.bgcolor) if colour in cursors]
        return " ".join(looks)

    for number, strip in enumerate(strips, 1):
        if runs := list(_runs(strip, look)):
            yield f"row {number}: {', '.join(runs)}"


def _runs(strip: Strip, look) -> Iterator[str]:
    column = 1
    for how, segments in groupby(strip, key=lambda segment: look(segment.style)):
        run = list(segments)
        text = "".join(segment.text for segment in run)
        if how and FRAME.fullmatch(text):
            yield f"{how} frame from column {column}"
        elif how and ((words := text.strip(" │╭─╮╰╯")) or "cursor" in how):
            yield f"{how} {words!r}" if words else f"{how} column {column}"
        column += sum(segment.cell_length for segment in run)


def _named(app: App[None], variables: tuple[str, ...]) -> dict[Color, str]:
    """The first name of several with the same colour."""
    known = app.theme_variables
    return {Color.parse(known[name]): name.removeprefix("text-") for name in reversed(variables)}


def _is_coloured(strips: list[Strip]) -> bool:
    styles = {segment.style for strip in strips for segment in strip if segment.style}
    colours = (each for style in styles for part in (style.color, style.bgcolor) for each in _colours(part))
    return any(len({*colour.rgb}) > 1 for colour in colours)


def _colours(colour) -> list[Color]:
    """It, unless it is the terminal's own."""
    return [] if colour is None or colour.is_default else [Color.from_rich_color(colour)]
