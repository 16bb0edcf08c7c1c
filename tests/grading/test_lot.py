"""The order of slots: by lot, and by nothing else."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise, permutations
from typing import TYPE_CHECKING

import pytest
from making import runnable_models, task
from store import make

from grading.test_stored_session import answer
from tui.catalogue.item import items_of
from tui.engines.scripted import ScriptedEngine
from tui.generation.live import LiveResponses
from tui.grading import opening
from tui.grading.judged import ItemState
from tui.grading.live_answers import LiveAnswers
from tui.grading.opening import Shelf
from tui.grading.planned import planned
from tui.grading.repeats import again
from tui.grading.selection import Chosen, ToJudge
from tui.store.database import Store
from tui.store.records import ModelKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    Order = tuple[str, ...]
    Orders = Mapping[object, Order]

NAMES = ("model-1", "model-2", "model-3", "model-4")
ITEMS = items_of(task("code", 1000))
SEEDS = (0, 1, 2, 7, 1000, 2**31, 2**32 - 1)
TASKS = (task("code", 6), task("text", 6))
LIMIT = {3: 22.0, 15: 45.0, 23: 57.0}
"""The chi-square value that fewer than one of 10,000 fair lots is above, by its degrees of freedom."""


def chosen(names: Sequence[str] = NAMES, samples: int = 1) -> Chosen:
    found = Chosen()
    for item in ITEMS:
        keys = (ModelKey(name, make.digest(name), f"sha256:{make.digest(name)}") for name in names)
        found.add(item, {key: tuple(f"{key.name} {number}" for number in range(samples)) for key in keys})
    return found


def stored(seed: int, of: Chosen, *, sample: int = 0) -> Orders:
    """The order of the models on the sheet of a sample of each item."""
    return {
        sheet.item.asked: tuple(key.name for key in sheet.ids)
        for sheet in planned(of, seed, apart=True)
        if next(iter(sheet.ids.values()))[0].endswith(f" {sample}")
    }


def repeated(seed: int, of: Chosen) -> Orders:
    sheets = (again(sheet, seed) for sheet in planned(of, seed, apart=True))
    return {sheet.item.asked: tuple(key.name for key in sheet.ids) for sheet in sheets}


@pytest.fixture
def on_screen(tmp_path: Path) -> Iterator[Callable[[int], Orders]]:
    """The order of the models on the main screen."""
    with Store.open(tmp_path / "grades.db") as store:
        models = runnable_models(tmp_path, len(NAMES))
        live = LiveResponses(runnable_models=models, store=store, engine=ScriptedEngine(lambda _: []))
        answers = LiveAnswers(ITEMS, live)

        def orders(seed: int) -> Orders:
            answers.order_seed = seed
            dealt = (answers.samples(place, ItemState({}, {})) for place in range(len(ITEMS)))
            titles = (tuple(each.author.title.casefold() for each in samples) for samples in dealt)
            return dict(zip((item.asked for item in ITEMS), titles, strict=True))

        yield orders


def assert_fair(counts: Counter[object], cells: int) -> None:
    expected = counts.total() / cells
    missing = (cells - len(counts)) * expected
    chi_square = sum((count - expected) ** 2 / expected for count in counts.values()) + missing
    assert chi_square < LIMIT[cells - 1]


def assert_uniform(orders: Iterable[Order]) -> None:
    found = list(orders)
    assert_fair(Counter(found), 24)
    for name in NAMES:
        assert_fair(Counter(order.index(name) for order in found), 4)
    assert {*found} == {*permutations(NAMES)}


def assert_independent(some: Orders, others: Orders) -> None:
    """The place of a model in the one says nothing of its place in the other."""
    for name in NAMES:
        places = Counter((order.index(name), others[asked].index(name)) for asked, order in some.items())
        assert_fair(places, 16)
    same = sum(order == others[asked] for asked, order in some.items())
    assert 15 < same < 75


@pytest.mark.parametrize("seed", SEEDS)
def test_each_order_and_each_place_is_as_likely_as_any_other(seed: int) -> None:
    of = chosen(samples=2)
    first, second, repeats = stored(seed, of), stored(seed, of, sample=1), repeated(seed, chosen())
    for orders in (first, second, repeats):
        assert len(orders) == 1000
        assert_uniform(orders.values())
    assert_independent(first, second)
    assert_independent(first, repeats)


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_the_screen_deals_as_fairly(on_screen: Callable[[int], Orders], seed: int) -> None:
    orders, of_another = on_screen(seed), on_screen(seed + 1)
    assert_uniform(orders.values())
    assert_independent(orders, of_another)


def test_the_orders_of_two_sessions_of_one_set_have_nothing_in_common() -> None:
    of = chosen()
    for seed, other in pairwise(SEEDS):
        assert_independent(stored(seed, of), stored(other, of))


def test_the_other_models_keep_their_order_whoever_is_there() -> None:
    whole = stored(3, chosen())
    for missing in NAMES:
        rest = stored(3, chosen([name for name in NAMES if name != missing]))
        assert rest == {
            asked: tuple(name for name in order if name != missing) for asked, order in whole.items()
        }
    assert stored(3, chosen(NAMES[::-1])) == whole


def dealt(store: Store) -> Orders:
    """The order on each sheet of a session with one seed, by the models that texts begin with."""
    session = Shelf(store, TASKS, "mei", blind=True).open(ToJudge()).session
    assert session is not None
    sheets = [session.go_to(place) for place in range(len(session.items))]
    return {
        sheet.item.asked: tuple(slot.text.split()[0] for slot in sheet.slots) for sheet in sheets if sheet
    }


def test_neither_time_nor_length_nor_the_order_of_rows_nor_what_comes_later_has_a_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "new_seed", lambda: 99)
    with Store.open(tmp_path / "1.db") as store:
        for name in NAMES:
            answer(store, TASKS, (name,), text=f"{name} says yes", seconds=1.0, tokens=3)
        first = dealt(store)
        answer(store, TASKS, ("model-0", *NAMES), text="later", sample=2)
        assert dealt(store) == first
    with Store.open(tmp_path / "2.db") as store:
        for each in TASKS[::-1]:
            for number, name in enumerate(NAMES[::-1]):
                text = f"{name} {'at length ' * 50 * number}"
                answer(store, (each,), (name,), text=text, seconds=9.0 - number, tokens=100 * number)
        assert dealt(store) == first
    assert len(first) == 12
    assert len({*first.values()}) > 6
