"""Databases of judged answers, each made from a seed: the rows of each, and how they are stored."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tui.store.database import Store

if TYPE_CHECKING:
    import random
    from pathlib import Path

AT = "2026-01-02T03:04:05.000000+00:00"
Row = tuple[str, dict[str, Any]]
"""A table, and what goes into it."""


@dataclass
class Plan:
    """What a database will hold."""

    chance: random.Random
    before: list[Row] = field(default_factory=list)
    """All but what graders did."""
    done: dict[str, list[Row]] = field(default_factory=dict)
    """What they did with each answer or pair: what has to stay in order."""

    def new_id(self) -> str:
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def happens(self, share: float) -> bool:
        return self.chance.random() < share

    def put(self, table: str, **row: Any) -> None:
        self.before.append((table, row))

    def do(self, about: str, *events: dict[str, Any]) -> None:
        self.done.setdefault(about, []).extend(("judgements", event) for event in events)

    def write(self, path: Path) -> None:
        with Store.open(path) as store:
            store._database.execute("PRAGMA synchronous = OFF")
            with store.transaction():
                for table, row in (*self.before, *(row for rows in self.done.values() for row in rows)):
                    store.insert(table, row, keep_existing=True)

    def shuffled(self) -> Plan:
        """The same where what was done with one answer comes before or after what was done with another."""
        names = self.chance.sample([*self.done], k=len(self.done))
        return Plan(self.chance, self.before, {name: self.done[name] for name in names})
