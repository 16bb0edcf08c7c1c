"""Text that tries to do something to the terminal or to the app; MARKER stands where it would act."""

from __future__ import annotations

from typing import Final

MARKER: Final = "Evil7337"
"""What no sequence of ours holds."""

ALIVE: Final = "still legible"
"""Ends every piece of text: what came before did not swallow it."""

SEQUENCES: Final = (
    f"\x1b]52;c;{MARKER}\x07",
    f"\x1b]52;c;{MARKER}\x1b\\",
    f"\x1b]8;;https://{MARKER}.example/\x1b\\{MARKER}\x1b]8;;\x1b\\",
    f"\x1b]0;{MARKER}\x07",
    f"\x1b[2J{MARKER}",
    f"\x1b[?1049l{MARKER}",
    f"\x1b[?25h\x1b[?1000l{MARKER}",
    f"\x1b[c{MARKER}",
    f"\x1b[>c\x1b[6n\x1b[5n{MARKER}",
    f"\x1b[20t\x1b[21t{MARKER}",
    f"\x1bP$q{MARKER}\x1b\\",
    f"\x1b_{MARKER}\x1b\\",
    f"\x1bc{MARKER}",
    f"\x1b[31m{MARKER}",
    f"\x1b{MARKER}",
    f"\u009b2J{MARKER}",
    f"\u009d52;c;{MARKER}\u009c",
    f"\u0090{MARKER}\u009c",
    f"\u0085{MARKER}\u008d",
    f"\u202e{MARKER}\u2066{MARKER}\u2069\u200f\u061c",
    f"first{MARKER}\rsecond",
    f"{MARKER}\b\b\b\b\x7f\x7f",
    f"\x00{MARKER}\x0e\x0f\x0b\x0c\x05",
    f"\u2028{MARKER}\u2029\ufff9\ufffb",
    "\x1b",
)

MARKUP: Final = (
    "[/INST]",
    "[@click=app.quit]x[/]",
    "[@click=app.bell]bell[/@click]",
    "[bold]",
    "[bold red on blue]x[/bold red on blue]",
    "[link=https://example.com]x[/link]",
    "[",
    "\\[",
    "[$no-such-variable]x[/]",
    "[/]",
    "list[/]",
    "[x](https://example.com/) ![x](https://example.com/x.png) <https://example.com/>",
    "<script>alert(1)</script>",
)

SHAPES: Final = (
    "zero\u200bwidth\u200d\ufeff\u2060joined",
    "e" + "\u0301\u0327\u0489" * 20,
    "漢字かな交じり文" * 5,
    "👩‍👩‍👧‍👦👍🏽🇩🇪🏳️‍🌈" * 5,
    "עברית العربية",
    "\t\t\ttabs",
    "\ud83d",  # half of a surrogate pair, which JSON can bring
)

LINE: Final = f"{' '.join(SEQUENCES)} {' '.join(MARKUP)} {' '.join(SHAPES)} {ALIVE}"
"""All of it."""

TEXT: Final = "\n".join((*SEQUENCES, *MARKUP, *SHAPES, ALIVE))
"""A line of its own for each."""


def storable(text: str) -> str:
    """Without what UTF-8 cannot say, and so no file or database can hold."""
    return text.encode("utf-8", "ignore").decode()
