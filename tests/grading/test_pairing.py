"""The promises of the schedule of pairs, at every place where a session may stop."""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations, groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tui.grading.pairing import schedule
from tui.store.records import ModelKey

if TYPE_CHECKING:
    from tui.grading.pairing import Pair
    from tui.grading.selection import Ids

SESSIONS = 500


class Session(NamedTuple):
    whole: bool
    """True where no answer is missing."""
    ids: Ids
    pairs: list[Pair]


def answers(draw: random.Random, missing: float, *, models: int, items: int, rounds: int, tasks: int) -> Ids:
    """An id says what it is: model, item, sample."""
    found: Ids = {}
    for item in range(items):
        by_model = {}
        for model in range(models):
            count = sum(draw.random() >= missing for _ in range(rounds))
            if count:
                ids = tuple(f"m{model} {item} {sample}" for sample in range(count))
                by_model[ModelKey(f"m{model}", "config", "origin")] = ids
        if by_model:
            found[f"task {draw.randrange(tasks)}", f"{item}"] = by_model
    return found


def drawn(number: int) -> Session:
    draw = random.Random(number)
    missing = draw.choice((0, 0, 0.02, 0.1, 0.3, 0.6))
    sizes = {"models": draw.randint(2, 6), "items": draw.randint(1, 30)}
    ids = answers(draw, missing, **sizes, rounds=draw.randint(1, 3), tasks=draw.randint(1, 4))
    return Session(missing == 0, ids, list(schedule(ids, draw.randrange(2**32))))


@pytest.fixture(scope="module")
def sessions() -> list[Session]:
    return [drawn(number) for number in range(SESSIONS)]


def model(response: str) -> str:
    return response.split()[0]


def duel(pair: Pair) -> frozenset[str]:
    return frozenset((model(pair.left), model(pair.right)))


def blocks(pairs: list[Pair]) -> list[list[Pair]]:
    """Those of a round and a task, as they follow one another."""
    found = groupby(pairs, lambda pair: (pair.left.split()[2], pair.asked[0]))
    return [list(block) for _, block in found]


def test_every_round_asks_each_two_answers_to_an_item_once(sessions: list[Session]) -> None:
    for session in sessions:
        wanted = [
            frozenset(two)
            for of in session.ids.values()
            for sample in range(3)
            for two in combinations([ids[sample] for ids in of.values() if sample < len(ids)], 2)
        ]
        asked = [frozenset((pair.left, pair.right)) for pair in session.pairs]
        assert Counter(asked) == Counter(wanted)
        rounds = [pair.left.split()[2] for pair in session.pairs]
        assert rounds == sorted(rounds)


def test_tasks_are_blocks(sessions: list[Session]) -> None:
    for session in sessions:
        found = [(block[0].left.split()[2], block[0].asked[0]) for block in blocks(session.pairs)]
        assert len(found) == len(set(found))


def test_stopped_anywhere_each_two_models_and_each_item_have_had_their_share(sessions: list[Session]) -> None:
    for session in sessions:
        for block in blocks(session.pairs):
            for things in ([duel(pair) for pair in block], [pair.asked for pair in block]):
                assert furthest_from_share(things) < (1 if session.whole else 2)


def furthest_from_share(things: list[object]) -> float:
    all_, furthest, seen = Counter(things), 0.0, Counter[object]()
    for place, thing in enumerate(things, 1):
        seen[thing] += 1
        part = place / len(things)
        furthest = max(furthest, max(abs(seen[each] - count * part) for each, count in all_.items()))
    return furthest


def test_stopped_anywhere_no_two_of_a_whole_block_are_apart_by_more_than_one(sessions: list[Session]) -> None:
    for session in (each for each in sessions if each.whole):
        for block in blocks(session.pairs):
            for things in ([duel(pair) for pair in block], [pair.asked for pair in block]):
                seen = Counter[object](dict.fromkeys(things, 0))
                for thing in things:
                    seen[thing] += 1
                    assert max(seen.values()) - min(seen.values()) <= 1


def test_stopped_anywhere_left_and_right_are_even(sessions: list[Session]) -> None:
    for session in sessions:
        most = 1 if session.whole else 2
        more = Counter[object]()
        for pair in session.pairs:
            left, right = model(pair.left), model(pair.right)
            side = 1 if left < right else -1
            more.update({duel(pair): side, left: 1, right: -1})
            assert max(abs(more[each]) for each in (duel(pair), left, right)) <= most


def test_an_item_hardly_ever_comes_twice_in_a_row(sessions: list[Session]) -> None:
    again, all_ = Counter[bool](), 0
    for session in sessions:
        for block in blocks(session.pairs):
            if len({pair.asked for pair in block}) > 2:
                all_ += len(block)
                again[session.whole] += sum(one.asked == two.asked for one, two in pairwise(block))

    assert again[True] == 0
    assert again[False] < all_ / 1000


def test_a_round_does_not_begin_with_the_item_that_ended_the_one_before() -> None:
    ids = answers(random.Random(0), 0, models=3, items=3, rounds=3, tasks=1)
    for seed in range(50):
        pairs = schedule(ids, seed)
        assert all(one.asked != two.asked for one, two in pairwise(pairs))


def test_the_order_is_the_seeds_and_not_the_databases(sessions: list[Session]) -> None:
    _, ids, _ = max(sessions, key=lambda session: len(session.pairs))
    turned = {asked: dict(reversed(of.items())) for asked, of in reversed(ids.items())}

    assert list(schedule(ids, 7)) == list(schedule(turned, 7))
    orders = [list(schedule(ids, seed)) for seed in range(20)]
    firsts = {(order[0].asked, order[0].left) for order in orders}
    assert len(firsts) > 10


def test_each_answer_is_as_likely_to_begin_at_the_left() -> None:
    ids = answers(random.Random(0), 0, models=4, items=3, rounds=1, tasks=1)
    lefts = Counter(model(next(schedule(ids, seed)).left) for seed in range(2000))
    assert all(420 <= lefts[f"m{each}"] <= 580 for each in range(4))


def test_a_pair_is_named_as_a_judgement_names_it() -> None:
    ids = answers(random.Random(0), 0, models=2, items=8, rounds=1, tasks=1)
    for pair in schedule(ids, 0):
        smaller, larger = pair.ids
        assert smaller < larger
        assert (pair.left, pair.right)[pair.place - 1] == smaller


def test_identical_answers_have_their_place_and_are_marked() -> None:
    ids = answers(random.Random(0), 0, models=3, items=2, rounds=1, tasks=1)
    twins = {"m0 0 0": "a", "m2 0 0": "a", "m1 1 0": "b", "m1 0 0": "b"}

    marked = [pair for pair in schedule(ids, 0, twins) if pair.identical]

    assert [pair.ids for pair in marked] == [("m0 0 0", "m2 0 0")]
    plain = [pair._replace(identical=False) for pair in schedule(ids, 0, twins)]
    assert plain == list(schedule(ids, 0))
