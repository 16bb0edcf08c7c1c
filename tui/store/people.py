"""People who judge: each with all the ids that are theirs, and the names that may mean them."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from tui.store.graders import ID_SHOWN, name_key
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.store.connection import Connection

_SHORTEST = 3
"""Letters of a name in which one may be a slip."""


class Person(NamedTuple):
    """A grader; of one with several ids, all of them. The first name is that of the oldest."""

    ids: frozenset[str]
    names: tuple[str, ...]
    kind: str
    since: str
    """When they came into the database."""

    @property
    def id(self) -> str:
        return min(self.ids)

    @property
    def name(self) -> str:
        return self.names[0]

    @property
    def keys(self) -> frozenset[tuple[str, str]]:
        return frozenset((name_key(name), self.kind) for name in self.names)


def people(connection: Connection) -> list[Person]:
    """All graders of a database, the oldest first. They are few, and nothing else is read."""
    return joined(connection, sames(connection))


def sames(*connections: Connection) -> dict[str, frozenset[str]]:
    """The ids of whoever each grader is, by what is known in any of the databases."""
    found: dict[str, frozenset[str]] = {}
    for connection in connections:
        for row in connection.query("SELECT grader_id, other_id FROM same_graders"):
            one, other = row["grader_id"], row["other_id"]
            together = found.get(one, frozenset((one,))) | found.get(other, frozenset((other,)))
            found |= dict.fromkeys(together, together)
    return found


def joined(connection: Connection, same: dict[str, frozenset[str]]) -> list[Person]:
    """The graders of a database as people."""
    rows = connection.query("SELECT id, name, kind, created_at FROM graders ORDER BY id")
    found: dict[frozenset[str], Person] = {}
    for row in rows:
        ids = same.get(row["id"], frozenset((row["id"],)))
        known = found.get(ids, Person(ids, (), row["kind"], row["created_at"]))
        found[ids] = known._replace(names=(*known.names, row["name"]))
    return list(found.values())


def described(connection: Connection, person: Person) -> str:
    """What tells a person apart from another of the same name."""
    ids = msgspec.json.encode(sorted(person.ids)).decode()
    sql = "SELECT count(*) AS judged FROM judgements WHERE grader_id IN (SELECT value FROM json_each(?))"
    (row,) = connection.query(sql, [ids])
    return f"since {person.since[:10]}, {counted(row['judged'], 'judgement')}"


def meant(name: str, among: Iterable[Person]) -> list[Person]:
    """The persons of that name, in whatever case it is written, or of the id that begins so."""
    wanted = (name_key(name), "person")
    found = [person for person in among if wanted in person.keys]
    begun = [person for person in among if any(_begins(name, id_) for id_ in person.ids)]
    return begun or found


def _begins(name: str, id_: str) -> bool:
    return len(name) >= ID_SHOWN and id_.startswith(name)


def near(name: str, among: Iterable[Person]) -> list[Person]:
    """The persons of a name that differs by its form, its spaces, or one slip in typing."""
    persons = (person for person in among if person.kind == "person")
    return [person for person in persons if any(_are_near(name, other) for other in person.names)]


def _are_near(one: str, other: str) -> bool:
    one, other = sorted(map(_loose, (one, other)), key=len)
    if one == other:
        return True
    begin = next((place for place, letter in enumerate(one) if letter != other[place]), len(one))
    left, right = one[begin:], other[begin:]
    same_length = len(left) == len(right)
    swapped = same_length and left[:2] == right[1::-1] and left[2:] == right[2:]
    slipped = swapped or right[1:] == (left[1:] if same_length else left)
    # Numbers are given to tell people apart.
    numbered = any(letter.isdigit() for letter in left[:1] + right[:1])
    return slipped and not numbered and len(other) >= _SHORTEST


def _loose(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
