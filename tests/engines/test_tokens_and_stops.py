"""From tokens to deltas: whatever tokens it comes in, a text ends at its earliest stop."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tui.engines.llama.protocol import LoadSpec
from tui.engines.llama.worker.prompt import Prompt
from tui.engines.llama.worker.sequence import Sequence
from tui.engines.llama.worker.weights import Weights

from .listening import SMOLLM2, ask

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from tui.engines.events import Delta, Finished
    from tui.engines.llama.worker.vocabulary import Vocabulary

    from .conftest import MakeTiny

VOCABULARIES = ["llama", "mpt", "gptneox", "falcon", "smollm2"]
ALPHABET = st.one_of(st.sampled_from(list("abc \n#é你👩‍👧\u200d\u0301")), st.characters(codec="utf-8"))
texts = st.text(alphabet=ALPHABET, max_size=40)


@pytest.fixture(scope="module")
def vocabularies(tiny: MakeTiny) -> Iterator[dict[str, Vocabulary]]:
    paths = {name: tiny(name) for name in VOCABULARIES if name != "smollm2"} | {"smollm2": SMOLLM2}
    weights = {name: Weights(LoadSpec(path=str(path), context_length=64)) for name, path in paths.items()}
    yield {name: each.vocabulary for name, each in weights.items()}
    for each in weights.values():
        each.close()


class Splitter:
    """Every token of a vocabulary by what it writes."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._tokens: dict[bytes, list[int]] = defaultdict(list)
        for token in range(vocabulary.size):
            if piece := vocabulary.piece(token):
                self._tokens[piece].append(token)
        self._longest = max(map(len, self._tokens))

    def split(self, text: bytes, chance: Random) -> list[int] | None:
        """Tokens by chance of all that write it; None where a vocabulary has none for one of its bytes."""
        tokens: list[int] = []
        start = 0
        while start < len(text):
            ends = range(start + 1, min(start + self._longest, len(text)) + 1)
            candidates = [(end, token) for end in ends for token in self._tokens.get(text[start:end], ())]
            if not candidates:
                return None
            start, token = chance.choice(candidates)
            tokens.append(token)
        return tokens


class Recital:
    """In place of a sampler."""

    def __init__(self, tokens: list[int]) -> None:
        self._tokens = iter(tokens)

    def choose(self, _context: object, _index: int) -> int:
        return next(self._tokens)

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def splitters(vocabularies: dict[str, Vocabulary]) -> dict[str, Splitter]:
    return {name: Splitter(vocabulary) for name, vocabulary in vocabularies.items()}


@pytest.fixture(scope="module", autouse=True)
def _every_piece_of_text_is_a_delta() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tui.engines.llama.worker.sequence.DELTA_SECONDS", 0.0)
        yield


@st.composite
def texts_and_stops(draw: st.DrawFn) -> tuple[str, tuple[str, ...]]:
    """Most of the stops are in the text, some of them inside others."""
    text = draw(texts)
    begins, lengths = st.integers(0, max(len(text) - 1, 0)), st.integers(1, 12)
    in_it = [text[begin : begin + length] for begin, length in draw(st.lists(st.tuples(begins, lengths)))]
    beside = draw(st.lists(st.text(alphabet=ALPHABET, min_size=1, max_size=4), max_size=2))
    return text, (*draw(st.permutations(in_it))[:3], *beside)


@pytest.mark.parametrize("name", VOCABULARIES)
@given(texts_and_stops(), st.randoms(use_true_random=False))
def test_any_tokens_of_any_text_end_at_its_earliest_stop(
    vocabularies: dict[str, Vocabulary],
    splitters: dict[str, Splitter],
    name: str,
    text_and_stops: tuple[str, tuple[str, ...]],
    chance: Random,
) -> None:
    text, stops = text_and_stops
    tokens = splitters[name].split(text.encode(), chance)
    assume(tokens is not None)
    assert tokens is not None
    found = [text.index(stop) for stop in stops if stop and stop in text]

    deltas, finished = recited(vocabularies[name], tokens, stops)

    assert "".join(delta.text for delta in deltas) == text[: min(found, default=len(text))]
    assert finished.reason == "stop"
    assert finished.tokens <= len(tokens)
    assert all(delta.text for delta in deltas)


def recited(
    vocabulary: Vocabulary, tokens: list[int], stops: tuple[str, ...]
) -> tuple[list[Delta], Finished]:
    """What a sequence makes of it when the model writes these tokens and then ends its answer."""
    deltas: list[Delta] = []
    prompt = Prompt("", "", [vocabulary.bos], frozenset(), ())
    room = len(tokens) + 10
    sequence = Sequence(ask(stop_texts=stops), prompt, vocabulary, room=room, emit=deltas.append)
    sequence.close()
    sequence._sampler = Recital([*tokens, vocabulary.eos])  # type: ignore[assignment]
    while sequence.reason is None:
        sequence.choose(None, 0)
    return deltas, sequence.finished()
