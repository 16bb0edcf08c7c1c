"""The app with widgets that make nothing safe, each given one text of a file at a time.

python -m terminal.hosted_bypass TEXTS.json

`n` shows the next text, in every widget; `y` copies "copied"; `q` quits.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.control import Control
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.app import App
from textual.content import Content
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import DataTable, Log, Markdown, OptionList, RichLog, Static, TextArea

from tui.app.app import GraderApp

if TYPE_CHECKING:
    from textual.app import ComposeResult


class RawLine(Widget):
    """Hands over what it is given, as text, as a link and as control sequences."""

    DEFAULT_CSS = "RawLine { height: 4; }"

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render_line(self, y: int) -> Strip:
        segments = {
            0: [Segment(self.text)],
            1: [Segment("a link", Style(link=f"http://x/{self.text}"))],
            2: [Segment(self.text, None, Control.bell().segment.control), Control.title(self.text).segment],
            3: [Segment(self.text, Style(bold=True)), Segment(self.text)],
        }
        return Strip(segments[y]).adjust_cell_length(self.size.width)


class Texts(Screen[None]):
    CSS = "Log, RichLog, TextArea, DataTable, OptionList { height: 3; }"
    BINDINGS = [("n", "next", "Next"), ("y", "copy", "Copy"), ("q", "app.exit", "Quit")]

    def __init__(self, texts: list[str]) -> None:
        super().__init__()
        self.texts = texts
        self.count = 0

    def compose(self) -> ComposeResult:
        yield Static("shown 0", id="count")

    async def action_next(self) -> None:
        text = self.texts[self.count]
        self.count += 1
        await self.query("Screen > *").exclude("#count").remove()
        table: DataTable[Text] = DataTable()
        table.add_column(Text(text))
        table.add_row(Text(text))
        static = Static(Content(text), markup=False)
        static.border_title = Content(text).plain.replace("[", "(")
        log, rich_log = Log(), RichLog()
        widgets = [RawLine(text), static, table, log, rich_log, TextArea(text), OptionList(Content(text))]
        await self.mount(*widgets, Markdown(text))
        log.write_line(text)
        rich_log.write(Text(text))
        App.notify(self.app, text, title=text.replace("[", "("), markup=False)
        self.query_one("#count", Static).update(f"shown {self.count}")

    def action_copy(self) -> None:
        self.app.copy_to_clipboard("copied")


class Bypass(GraderApp):
    def _open(self) -> None:
        self.push_screen(Texts(json.loads(Path(sys.argv[1]).read_bytes())))

    def action_exit(self) -> None:
        self.exit()


if __name__ == "__main__":
    Bypass(lambda: None).run()  # type: ignore[arg-type,return-value]
