"""The text of a file that a person wrote."""

from __future__ import annotations

import codecs

_OTHER_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


class EncodingError(ValueError):
    """The text is no UTF-8. Its words go on after the name of the file."""


def decoded(data: bytes) -> str:
    """UTF-8, with or without a byte order mark, which is no part of the text. Raises EncodingError."""
    for mark, name in _OTHER_MARKS:
        if data.startswith(mark):
            raise EncodingError(f"this is {name} text; save the file as UTF-8")
    if b"\0" in data[:200]:
        raise EncodingError("this is UTF-16 text, or no text at all; save the file as UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise EncodingError(f"line {line}: this is not UTF-8 text; save the file as UTF-8") from error
