from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.store import ids

if TYPE_CHECKING:
    import pytest


def test_an_id_is_a_uuid_of_version_7_that_tells_the_time() -> None:
    before = time.time_ns() // 1_000_000

    made = uuid.UUID(ids.new_id())

    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert 0 <= (made.int >> 80) - before < 5_000


def test_ids_rise_as_text_and_never_repeat() -> None:
    made = [ids.new_id() for _ in range(50_000)]

    assert made == sorted(set(made))


def test_ids_differ_between_threads() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: ids.new_id(), range(10_000)))

    assert len(set(made)) == 10_000


def test_ids_rise_when_the_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ids.new_id()
    monkeypatch.setattr(time, "time_ns", lambda: 0)

    assert ids.new_id() > before


def test_now_is_utc_with_microseconds() -> None:
    text = ids.now()

    assert len(text) == len("2026-01-01T00:00:00.000000+00:00")
    assert abs((datetime.now(UTC) - datetime.fromisoformat(text)).total_seconds()) < 5
