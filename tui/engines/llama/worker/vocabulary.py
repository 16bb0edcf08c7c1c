"""Text to token ids and back, so that a person's text can never become a special token."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

import llama_cpp.llama_cpp as llama

from tui.chat.rendering import Special, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.chat.rendering import Part

_SPECIAL = llama.LLAMA_TOKEN_ATTR_CONTROL | llama.LLAMA_TOKEN_ATTR_UNKNOWN
"""Tokens that llama.cpp ignores in text when parse_special is off; it always matches user-defined ones."""
_COVERING = (llama.LLAMA_VOCAB_TYPE_SPM, llama.LLAMA_VOCAB_TYPE_BPE)
"""Vocabularies in which the tokens' pieces joined are the text, so that its length bounds their number."""
_C_SPACES = b" \t\n\v\f\r"


class Vocabulary:
    def __init__(self, model: Any) -> None:
        self._vocab = llama.llama_model_get_vocab(model)
        self._buffer = ctypes.create_string_buffer(256)
        self.size: int = llama.llama_vocab_n_tokens(self._vocab)
        self.special_tokens = self._find_special_tokens()
        self.bos: int = llama.llama_vocab_bos(self._vocab)
        self.eos: int = llama.llama_vocab_eos(self._vocab)
        self.add_bos: bool = llama.llama_vocab_get_add_bos(self._vocab) and self.bos >= 0
        pieces = [self.piece(token) for token in range(self.size)]
        self._longest_piece = max(map(len, pieces), default=0)
        # Some vocabularies lack a token for some bytes, and leave those out of the prompt.
        self._lacking = bytes({*range(256)} - {piece[0] for piece in pieces if len(piece) == 1})
        self._covering = llama.llama_vocab_type(self._vocab) in _COVERING

    def _find_special_tokens(self) -> dict[str, int]:
        return {
            self.text(token): token
            for token in range(self.size)
            if llama.llama_vocab_get_attr(self._vocab, token) & _SPECIAL
        }

    def text(self, token: int) -> str:
        """The token as the vocabulary writes it; empty for a token that does not exist."""
        if token < 0:
            return ""
        text: bytes = llama.llama_vocab_get_text(self._vocab, token)
        return text.decode("utf-8", "replace")

    def piece(self, token: int) -> bytes:
        """The bytes that a token adds to an answer, at times part of a character; none for a special one."""
        buffer = self._buffer
        length: int = llama.llama_token_to_piece(self._vocab, token, buffer, len(buffer), 0, False)
        if length < 0:
            self._buffer = ctypes.create_string_buffer(-length)
            return self.piece(token)
        return ctypes.string_at(buffer, length)

    def ends_answer(self, token: int) -> bool:
        return bool(llama.llama_vocab_is_eog(self._vocab, token))

    def find(self, text: str) -> int | None:
        """The id of the single token that `text` names, if there is one."""
        if text in self.special_tokens:
            return self.special_tokens[text]
        ids = self._ids(text.encode("utf-8", "replace"), parse_special=True)
        return ids[0] if len(ids) == 1 and self.text(ids[0]) == text else None

    def least_tokens(self, parts: Sequence[Part]) -> int:
        """A number of tokens that the prompt has at least, known without tokenising it."""
        specials = sum(isinstance(part, Special) for part in parts)
        if not self._covering or not self._longest_piece:
            return specials
        texts = [part.text.encode("utf-8", "replace") for part in parts if isinstance(part, Text)]
        size = sum(len(text.translate(None, self._lacking)) for text in texts)
        return specials + size // self._longest_piece

    def tokenise(self, parts: Sequence[Part]) -> list[int]:
        """The ids of a rendered prompt, with BOS in front where the vocabulary asks for one.

        A stretch of text between two special tokens is tokenised whole: cutting it elsewhere would move
        word boundaries. For a prompt whose text holds no special token the ids are those llama.cpp gives
        the whole prompt.
        """
        ids = [self.bos] if self.add_bos and not self._begins_with_bos(parts) else []
        for stretch in self._stretches(parts):
            ids += [stretch] if isinstance(stretch, int) else self._ids(stretch, parse_special=False)
        return ids

    def _begins_with_bos(self, parts: Sequence[Part]) -> bool:
        return bool(parts) and isinstance(parts[0], Special) and self._id(parts[0]) == self.bos

    def _id(self, part: Special) -> int:
        return self.special_tokens[part.token]

    def _stretches(self, parts: Sequence[Part]) -> list[int | bytes]:
        """Ids and encoded text, spaces taken off beside the few tokens that swallow them."""
        stretches: list[int | bytes] = []
        swallow = False
        for part in parts:
            if isinstance(part, Text):
                text = part.text.encode("utf-8", "replace")
                stretches.append(text.lstrip(_C_SPACES) if swallow else text)
                swallow = False
                continue
            token = self._id(part)
            attributes = llama.llama_vocab_get_attr(self._vocab, token)
            if attributes & llama.LLAMA_TOKEN_ATTR_LSTRIP and stretches and isinstance(stretches[-1], bytes):
                stretches[-1] = stretches[-1].rstrip(_C_SPACES)
            stretches.append(token)
            swallow = bool(attributes & llama.LLAMA_TOKEN_ATTR_RSTRIP)
        return stretches

    def _ids(self, text: bytes, *, parse_special: bool) -> list[int]:
        if not text:
            return []
        room = len(text) + 2
        while True:
            ids = (llama.llama_token * room)()
            count: int = llama.llama_tokenize(self._vocab, text, len(text), ids, room, False, parse_special)
            if count >= 0:
                return ids[:count]
            room = -count
