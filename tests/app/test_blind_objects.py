"""What widgets can reach of a blind session holds no string of a model."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

import msgspec
import pytest
from terminal.menagerie import TASK, stored
from terminal.ways_to_text import STEMS

from tui.app.app import GraderApp
from tui.app.context import AppContext, Opened
from tui.app.screens.main.screen import MainScreen
from tui.grading.history import Filter
from tui.grading.opening import Shelf
from tui.grading.selection import ToJudge
from tui.store.database import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.grading.session import Session


def strings(thing: object, seen: set[int] | None = None) -> Iterator[str]:
    """All in it, through records, containers and their parts."""
    seen = set() if seen is None else seen
    if isinstance(thing, str):
        yield thing
        return
    if id(thing) in seen:
        return
    seen.add(id(thing))
    for part in _parts(thing):
        yield from strings(part, seen)


def _parts(thing: object) -> list[object]:
    if isinstance(thing, dict):
        return [*thing, *thing.values()]
    if isinstance(thing, tuple | list | set | frozenset):
        return list(thing)
    if isinstance(thing, msgspec.Struct):
        return [getattr(thing, name) for name in thing.__struct_fields__]
    if is_dataclass(thing) and not isinstance(thing, type | AppContext):
        return [getattr(thing, field.name) for field in fields(thing)]
    return []


def told(*things: object) -> set[str]:
    return {stem for thing in things for text in strings(thing) for stem in STEMS if stem in text.casefold()}


def handed_out(session: Session) -> list[object]:
    """All that a screen is given."""
    sheets = [session.go_to(place) for place in range(len(session.items))]
    found: list[object] = [
        sheets,
        session.current(),
        session.slot(0),
        session.last_judged(),
        session.ending(),
    ]
    found += [session.history(Filter(show)) for show in ("all", "open", "flagged", "skipped", "noted")]
    found += [session.agreement(), session.to_guess(), session.guessed(), session.take_lines()]
    found += [session.events(slot.id) for slot in session.current().slots]
    return [*found, session.progress(), [session.cells(place) for place in range(len(session.items))]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    stored(tmp_path / "grades.db")
    with Store.open(tmp_path / "grades.db") as opened:
        yield opened


async def test_neither_what_a_session_hands_out_nor_a_widget_holds_a_string_of_a_model(store):
    session = Shelf(store, (TASK,), "mei", blind=True).open(ToJudge()).session
    app = GraderApp(lambda: Opened(AppContext("title", store, session)), grace_seconds=0, least_seconds=0)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        while not isinstance(app.screen, MainScreen) or not app.screen.is_mounted:
            await pilot.pause()
        await pilot.press("n", *"odd", "enter")
        await pilot.press("3", "x", *"why", "enter", "space", "3")
        assert told(*handed_out(session)) == set()
        held = [vars(widget) for widget in app.screen.walk_children(with_self=True)]
        assert any("answer 1" in text for text in strings(held))
        assert told(*held) == set()
        session.reveal()
        assert {"quokka", "wombat", "cassowary", "echidna", "potoroo"} <= told(*handed_out(session))
