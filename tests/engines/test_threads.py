from __future__ import annotations

import pytest

from tui.engines.llama import threads
from tui.engines.llama.threads import Threads, choose_threads, how_to_wait


@pytest.mark.parametrize(
    ("cores", "weights", "chosen"),
    [
        (8, 4_000_000_000, Threads(reading=8, writing=7)),
        (8, 98_000_000, Threads(reading=8, writing=1)),
        (2, 4_000_000_000, Threads(reading=2, writing=2)),
        (1, 4_000_000_000, Threads(reading=1, writing=1)),
    ],
)
def test_the_app_keeps_a_core_where_there_are_more_than_two(
    monkeypatch: pytest.MonkeyPatch, cores: int, weights: int, chosen: Threads
) -> None:
    monkeypatch.setattr("psutil.cpu_count", lambda logical: None if logical else cores)
    monkeypatch.setattr(threads, "usable_cores", lambda: 64)

    assert choose_threads(weights) == chosen


def test_threads_that_wait_do_not_spin_for_long_unless_the_person_wants_them_to() -> None:
    assert how_to_wait({}) == {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "500"}
    assert how_to_wait({"OMP_WAIT_POLICY": "active"}) == {}
    assert how_to_wait({"GOMP_SPINCOUNT": "0"}) == {}
