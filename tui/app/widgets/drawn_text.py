"""The base of both views of an answer: rows, drawn where they are in view, with a style for each kind."""

from __future__ import annotations

from rich.style import Style
from textual.scroll_view import ScrollView

from tui.app.written.inline import KINDS, Kinds


class DrawnText(ScrollView, can_focus=False):
    # Of the colours of a theme only these can be read in all of Textual's, the light ones too.
    DEFAULT_CSS = """
    DrawnText {
        & > .written--heading { text-style: bold; color: $text-primary; }
        & > .written--strong { text-style: bold; }
        & > .written--emphasis { text-style: italic; }
        & > .written--code { color: $text-secondary; }
        & > .written--marker { color: $text-muted; }
        & > .written--keyword { text-style: bold; color: $text-primary; }
        & > .written--string { color: $text-secondary; }
        & > .written--number { color: $text-error; }
        & > .written--name { text-style: bold; }
        & > .written--differs { text-style: bold underline; color: $text-error; }
        & > .written--comment { text-style: italic; color: $text-muted; }
    }
    """
    COMPONENT_CLASSES = {f"written--{kind}" for kind in KINDS}

    def __init__(self, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._base = Style()
        self._styles_of_kinds: dict[Kinds, Style] = {}

    @property
    def row_count(self) -> int:
        raise NotImplementedError

    @property
    def is_whole(self) -> bool:
        """True if `row_count` is that of the whole text."""
        return True

    @property
    def visible_rows(self) -> int:
        """The number of rows that are really in view; 0 where the screen has no room for any."""
        if not self.is_attached or not self.region:
            return 0
        region = self.screen.find_widget(self).visible_region
        if not region.width:
            return 0
        rows = min(region.height, self.scrollable_content_region.height)
        return max(min(rows, self.row_count - self.scroll_offset.y), 0)

    def base_style(self) -> Style:
        """Ask once for each drawing: it is too dear to be asked for by each line."""
        if (base := self.rich_style) != self._base:
            self._base = base
            self._styles_of_kinds.clear()
        return base

    def style_of(self, kinds: Kinds) -> Style:
        style = self._styles_of_kinds.get(kinds)
        if style is None:
            style = self._base
            for kind in kinds:
                style += self._style_of_kind(f"written--{kind}")
            self._styles_of_kinds[kinds] = style
        return style

    def _style_of_kind(self, name: str) -> Style:
        component = self.get_component_styles(name)
        colour = self.get_component_rich_style(name).color if component.has_rule("color") else None
        return component.text_style + Style(color=colour)
