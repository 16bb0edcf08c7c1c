"""What a key counts as where it has no meaning of its own."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from textual.keys import KEY_NAME_REPLACEMENTS, _character_to_key

if TYPE_CHECKING:
    from collections.abc import Iterator

_FULL_WIDTH = range(0xFF01, 0xFF5F)
_WIDE_SPACE = "\u3000"


def forms(key: str, character: str | None) -> Iterator[str]:
    """The key itself, then the plain form of a full-width character, then the small letter of a capital."""
    seen = {key}
    yield key
    if character is None or len(character) != 1:
        return
    plain = character
    if ord(character) in _FULL_WIDTH or character == _WIDE_SPACE:
        plain = unicodedata.normalize("NFKC", character)
    for form in (plain, plain.lower()):
        name = form if form.isalnum() else _named(form)
        if name not in seen:
            seen.add(name)
            yield name


def _named(character: str) -> str:
    name = _character_to_key(character)
    return KEY_NAME_REPLACEMENTS.get(name, name)
