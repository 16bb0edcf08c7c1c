"""Controls: known answers that stand unmarked among those of a blind session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.grading.lot import drawn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tui.catalogue.item import Item
    from tui.grading.planned import Planned
    from tui.store.database import Store
    from tui.store.progress import Listed

    Judged = Mapping[str, set[str]]


def with_controls(sheets: Sequence[Planned], left: Iterable[Listed], seed: int) -> list[Planned]:
    """The same sheets with these controls, each in a place by lot: one on each sheet of its item, as far as
    there are sheets, and none on a sheet that comes again. The rest are for another session."""
    waiting: dict[tuple[str, str], list[Listed]] = {}
    for control in left:
        waiting.setdefault(control.asked, []).append(control)
    found = []
    for sheet in sheets:
        of_item = [] if sheet.repeats else waiting.get(sheet.item.asked, [])
        found.append(_joined(sheet, of_item.pop(0), seed) if of_item else sheet)
    return found


def controls_left(store: Store, sheets: Iterable[Planned], judged: Judged, here: Judged) -> list[Listed]:
    """Those of the sheets' items that their grader has not `judged` elsewhere than `here`. Stores them where
    they are new."""
    items: dict[tuple[str, str], Item] = {sheet.item.asked: sheet.item for sheet in sheets}
    named = [item for item in items.values() if item.prompt.controls]
    criteria = {item.asked: item.criteria for item in named}
    controls = (each.listed for each in store.known_answers.put(named) if each.role == "control")
    return [
        each for each in controls if each.id in here or not criteria[each.asked] <= judged.get(each.id, set())
    ]


def _joined(sheet: Planned, control: Listed, seed: int) -> Planned:
    slots = list(sheet.ids.items())
    lot = int.from_bytes(drawn(seed, "control", control.id)[:8], "big")
    slots.insert(lot % (len(slots) + 1), (control.key, (control.id,)))
    return sheet._replace(ids=dict(slots))
