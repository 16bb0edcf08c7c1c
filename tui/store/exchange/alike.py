"""Graders of two databases who have one name, and may be one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.store.people import joined, sames

if TYPE_CHECKING:
    from tui.store.connection import Connection
    from tui.store.people import Person


class Alike(NamedTuple):
    there: Person
    here: Person


def alike(here: Connection, there: Connection, *, also_known: bool = False) -> list[Alike]:
    """Who is to be asked about: two of one name and kind, neither of whom the other database knows. One that
    both know was asked about before; `also_known` has them too."""
    same = sames(here, there)
    mine, theirs = joined(here, same), joined(there, same)
    known = {person.ids for person in mine} & {person.ids for person in theirs}
    return [
        Alike(new, old)
        for new in theirs
        for old in mine
        if new.ids != old.ids and new.keys & old.keys and (also_known or not {new.ids, old.ids} & known)
    ]
