"""The results, cell for cell, as they are in `stored/`."""

from __future__ import annotations

import pytest
from app.test_results import given, opened

from snapshots.test_screens import MEDIUM, SMALL, sizes
from tui.app.screens.results.state import VIEWS


@sizes(SMALL, MEDIUM)
@pytest.mark.parametrize("view", ["matrix", "models", "seconds"])
async def test_results_have_marks_totals_and_intervals(sit, looks_as_stored, monkeypatch, size, view):
    async with sit(size=size) as bench:
        monkeypatch.setattr(bench.session, "progress", lambda: None)  # no look is recorded
        given(bench.store, "mei", "pass")
        given(bench.store, "mei", "fail", of="import_id IS NOT NULL AND prompt_number = 2")
        given(bench.store, "ada", "partial", seconds=31.0)
        await opened(bench)
        await bench.press(f"{VIEWS.index(view) + 1}")
        await looks_as_stored(bench)
