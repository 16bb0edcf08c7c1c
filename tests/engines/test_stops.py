from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tui.engines.llama.worker.stops import StopMatcher

letters = st.text(alphabet="abc", max_size=30)
stops = st.lists(st.text(alphabet="abc", min_size=1, max_size=4), max_size=4)
cuts = st.lists(st.integers(min_value=0, max_value=30), max_size=12)


def deltas(pieces: list[str], stop_texts: list[str]) -> tuple[list[str], bool]:
    matcher = StopMatcher(stop_texts)
    given = [matcher.feed(piece) for piece in pieces]
    return [*given, matcher.finish()], matcher.stopped


def split(text: str, at: list[int]) -> list[str]:
    bounds = [0, *sorted(min(cut, len(text)) for cut in at), len(text)]
    return [text[start:end] for start, end in pairwise(bounds)]


@given(text=letters, stop_texts=stops, at=cuts)
def test_any_split_gives_what_is_before_the_earliest_stop(
    text: str, stop_texts: list[str], at: list[int]
) -> None:
    starts = [text.index(stop) for stop in stop_texts if stop in text]

    given, stopped = deltas(split(text, at), stop_texts)

    assert "".join(given) == text[: min(starts, default=len(text))]
    assert stopped == bool(starts)


@given(text=letters, stop_texts=stops)
def test_what_cannot_become_a_stop_is_not_held_back(text: str, stop_texts: list[str]) -> None:
    matcher = StopMatcher(stop_texts)

    given = matcher.feed(text)

    held = "" if matcher.stopped else text[len(given) :]
    assert not held or any(stop.startswith(held) for stop in stop_texts)


def test_a_stop_waits_while_an_earlier_one_may_still_complete() -> None:
    assert deltas(["ab", "c", "d"], ["bcd", "c"]) == (["a", "", "", ""], True)
    assert deltas(["ab", "c", "x"], ["bcd", "c"]) == (["a", "", "b", ""], True)


def test_the_end_of_the_answer_decides_for_the_stop_that_is_there() -> None:
    assert deltas(["abc"], ["bcd", "c"]) == (["a", "b"], True)


def test_half_a_stop_at_the_end_is_text() -> None:
    assert deltas(["answer\nUs"], ["\nUser:"]) == (["answer", "\nUs"], False)


def test_nothing_comes_after_a_stop() -> None:
    assert deltas(["a###b", "c"], ["###"]) == (["a", "", ""], True)


def test_an_empty_stop_text_stops_nothing() -> None:
    assert deltas(["abc"], [""]) == (["abc", ""], False)
