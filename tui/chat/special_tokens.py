"""A rendered prompt in pieces: special tokens, put in by id, and the stretches of text between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Text:
    """A stretch that is tokenised whole, with parse_special off."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Special:
    """A stretch that becomes exactly one token, the special one with this text."""

    token: str

    def __str__(self) -> str:
        return self.token


Part = Text | Special


def cut(prompt: str, special_tokens: Iterable[str]) -> tuple[Part, ...]:
    """Cut as llama.cpp does (`tokenizer_st_partition`): each special token, the longest first, takes its
    occurrences out of all the text that is left, from left to right. Of two that overlap the longer one
    stands, although the shorter one may begin earlier.
    """
    parts: list[Part] = [Text(prompt)] if prompt else []
    for token in _longest_first(_present(prompt, special_tokens)):
        parts = [piece for part in parts for piece in _cut_at(part, token)]
    return tuple(parts)


def specials(parts: Sequence[Part]) -> list[str]:
    return [part.token for part in parts if isinstance(part, Special)]


def _present(prompt: str, special_tokens: Iterable[str]) -> Iterator[str]:
    """The special tokens in a text, fast with thousands of them and megabytes of prompt: most tokens have a
    letter that it lacks."""
    letters = set(prompt)
    return (token for token in special_tokens if token and letters.issuperset(token) and token in prompt)


def _longest_first(tokens: Iterable[str]) -> list[str]:
    return sorted(
        dict.fromkeys(tokens), key=lambda token: len(token.encode("utf-8", "surrogatepass")), reverse=True
    )


def _cut_at(part: Part, token: str) -> list[Part]:
    if isinstance(part, Special) or token not in part.text:
        return [part]
    pieces: list[Part] = []
    for stretch in part.text.split(token):
        pieces += [Text(stretch), Special(token)] if stretch else [Special(token)]
    return pieces[:-1]
