"""Answers that try to reach the terminal, by the way they take; MARKER stands where they would act."""

from __future__ import annotations

from itertools import product
from typing import Final

from terminal.hostile import ALIVE, MARKER

_PAYLOADS: Final = {
    "osc52": f"\x1b]52;c;{MARKER}\x07",
    "osc52-st": f"\x1b]52;c;{MARKER}\x1b\\",
    "title": f"\x1b]0;{MARKER}\x07",
    "osc8": f"\x1b]8;;http://{MARKER}/\x1b\\x\x1b]8;;\x1b\\",
    "clear": f"\x1b[2J{MARKER}",
    "colour": f"\x1b[31m{MARKER}",
    "move": f"\x1b[1;1H{MARKER}",
    "report": f"\x1b[c\x1b[6n{MARKER}",
    "dcs": f"\x1bP$q{MARKER}\x1b\\",
    "apc": f"\x1b_G{MARKER}\x1b\\",
    "pm": f"\x1b^{MARKER}\x1b\\",
    "sos": f"\x1bX{MARKER}\x1b\\",
    "c1-csi": f"\x9b2J{MARKER}",
    "c1-osc": f"\x9d52;c;{MARKER}\x9c",
    "c1-dcs": f"\x90{MARKER}\x9c",
    "c1-apc": f"\x9f{MARKER}\x9c",
    "reset": f"\x1bc{MARKER}",
    "bidi": f"\u202e{MARKER}\u2066\u200f",
}
"""What would act, once it is decoded."""


def _percent(payload: str) -> str:
    return "".join(f"%{byte:02X}" if byte < 0x30 or byte > 0x7A else chr(byte) for byte in payload.encode())


def _decimal(payload: str) -> str:
    return "".join(c if c.isalnum() else f"&#{ord(c)};" for c in payload)


def _hex(payload: str) -> str:
    return "".join(c if c.isalnum() else f"&#x{ord(c):X};" for c in payload)


_ENCODINGS: Final = {"percent": _percent, "decimal": _decimal, "hex": _hex}

_CONSTRUCTS: Final = {
    "autolink": "a <http://x/{}> b",
    "mail": "a <mailto:{}@x.yz> b",
    "link": "[text](http://x/{})",
    "link-in-brackets": "[text](<http://x/{}>)",
    "link-text": "[{}](http://x/)",
    "link-title": '[text](http://x/ "{}")',
    "image": "![{}](http://x/{})",
    "reference": "[text][r]\n\n[r]: http://x/{} '{}'",
    "code": "`{}`",
    "fence": "```{}\n{}\n```",
    "indented": "    {}",
    "heading": "# {}\n\n{}\n===",
    "list": "- {}\n  1. {}",
    "quote": "> {}\n> > {}",
    "cell": "| {} | b |\n|---|---|\n| {} | <http://x/{}> |",
    "emphasis": "**{}** *{}* ~~{}~~",
    "html": '<a href="{}">{}</a>',
    "footnote": "a[^1]\n\n[^1]: {}",
    "task": "- [x] {}",
    "escape": "\\{} \\[{}\\]",
}

_FEW: Final = ("osc52", "title", "clear", "c1-osc", "bidi")


def _decoded() -> dict[str, str]:
    found = {}
    for (construct, shape), (encoding, encode) in product(_CONSTRUCTS.items(), _ENCODINGS.items()):
        for payload in _FEW[:3] if construct in ("html", "task", "escape", "mail") else _FEW:
            found[f"{construct}-{encoding}-{payload}"] = shape.replace("{}", encode(_PAYLOADS[payload]))
    return found


def _raw() -> dict[str, str]:
    shapes = {"plain": "{}", "fence": "```python\n{}\n```", "cell": "| {} |\n|---|\n| {} |"}
    return {
        f"{shape}-{name}": text.replace("{}", payload)
        for (shape, text), (name, payload) in product(shapes.items(), _PAYLOADS.items())
    }


_FLOODS: Final = {
    "entities": "&lrm;&rlm;&#x202e;&#x2066;&ZeroWidthSpace;&#8232;&#8233;&shy;&#xFEFF;",
    "zero-width": "a" + "\u200b\u200c\u200d\u2060\ufeff" * 200,
    "tags": "a" + "".join(chr(0xE0000 + ord(c)) for c in MARKER) * 40,
    "selectors": "☺" + "\ufe0f" * 500 + "x" + "\U000e0101" * 500,
    "zalgo": "Z" + "\u0301\u0489\u0327" * 2_000,
    "zalgo-by-word": ("Z" + "\u0301" * 25 + " ") * 400,
    "joined": "👩\u200d" * 500,
    "surrogates": "\ud83d \ude00 \udcff",
    "no-end": "\x1b]52;c;" + "A" * 20_000,
    "no-end-dcs": "\x1bP" + "A" * 20_000,
    "no-end-csi": "\x1b[" + "1;" * 10_000,
    "all-c0": "".join(map(chr, range(32))) + "\x7f",
    "all-c1": "".join(map(chr, range(0x80, 0xA0))),
    "returns": f"good\r{MARKER}\r\n\r\r\n\x0b\x0c\x1c\x1d\x1e\x85",
    "stars": "*" * 30_000,
    "quotes": ">" * 5_000,
    "brackets": "[" * 5_000,
    "list": "- a\n" * 400,
    "table": "| a " * 39 + "|\n" + "|---" * 39 + "|\n" + ("| b " * 39 + "|\n") * 240,
}

ANSWERS: Final = {name: f"{text}\n\n{ALIVE}" for name, text in {**_decoded(), **_raw(), **_FLOODS}.items()}
"""By the way they take."""
