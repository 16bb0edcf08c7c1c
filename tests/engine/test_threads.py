from __future__ import annotations

import pytest

from tui.engine import threads
from tui.engine.threads import Threads, choose_threads


@pytest.mark.parametrize(
    ("cores", "weights", "chosen"),
    [
        (8, 4_000_000_000, Threads(reading=8, writing=7)),
        (8, 98_000_000, Threads(reading=8, writing=1)),
        (1, 4_000_000_000, Threads(reading=1, writing=1)),
    ],
)
def test_the_app_keeps_a_core(
    monkeypatch: pytest.MonkeyPatch, cores: int, weights: int, chosen: Threads
) -> None:
    monkeypatch.setattr("psutil.cpu_count", lambda logical: None if logical else cores)
    monkeypatch.setattr(threads, "_usable", lambda: 64)

    assert choose_threads(weights) == chosen
