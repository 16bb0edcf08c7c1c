"""Answers with a NUL in them, of which SQLite's functions of text see no more than what stands before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui.store.connection import Connection

# A text of ASCII without NUL has as many bytes as characters: few others have to be looked through.
_TEXTS: Final = """
SELECT id, text, reasoning_start, reasoning_end FROM responses
WHERE length(CAST(text AS BLOB)) <> length(text) AND instr(CAST(text AS BLOB), X'00')"""


def cut_texts(store: Connection) -> dict[str, str]:
    """These answers whole, without their reasoning, by id."""
    return {
        id_: text if start is None else text[:start] + text[end:]
        for id_, text, start, end in store.tuples(_TEXTS)
    }
