"""Prompts that a person writes in the app."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tui.catalogue.item import Item, items_of
from tui.catalogue.own_prompt import USUAL_LEVELS, levels_of_lines, lines_of_levels
from tui.errors import UsageError
from tui.store.database import Store
from tui.store.exchange.merging import Other, merge
from tui.store.items import item_record, rubric_record

from . import make

if TYPE_CHECKING:
    from pathlib import Path

LEVELS = levels_of_lines("none: says nothing\nsome: says a little\nall: says it all")


def own(store: Store) -> list[Item]:
    return list(items_of(store.own_items.task()))


def test_an_own_prompt_has_an_input_and_levels_of_its_own(store: Store) -> None:
    store.own_items.add("Sum up", "Sum this up.", input_="A long text.", levels=LEVELS)

    (item,) = own(store)

    assert (item.name, item.prompt.text, item.prompt.input) == ("own/1", "Sum this up.", "A long text.")
    assert [(level.label, level.value) for level in item.rubric.levels] == [
        ("none", 0.0),
        ("some", 0.5),
        ("all", 1.0),
    ]
    assert '"all"' in rubric_record(item).criteria


def test_without_levels_it_has_the_usual_ones(store: Store) -> None:
    store.own_items.add("Say hello", "Say hello.")

    assert own(store)[0].rubric.levels == USUAL_LEVELS


def test_an_edit_keeps_the_number_and_asks_anew(store: Store) -> None:
    store.own_items.add("First", "First.")
    store.own_items.add("Second", "Second.")
    before, other = own(store)

    store.own_items.edit(before.prompt.own_id, "Edited", "Edited.", input_="x", levels=LEVELS)

    edited, still = own(store)
    assert (edited.name, edited.prompt.title, edited.prompt.input) == ("own/1", "Edited", "x")
    assert edited.prompt.own_id == before.prompt.own_id
    assert edited.asked != before.asked
    assert still.prompt == other.prompt
    assert len(list(store.query("SELECT 1 FROM own_items"))) == 3


def test_another_rubric_is_another_item_to_a_grader_and_the_same_to_a_model(store: Store) -> None:
    store.own_items.add("First", "First.")
    (before,) = own(store)

    store.own_items.edit(before.prompt.own_id, "First", "First.", levels=LEVELS)

    (after,) = own(store)
    records = [item_record(item, rubric_record(item)) for item in (before, after)]
    assert before.asked == after.asked
    assert len({record.sheet_hash for record in records}) == 2


def test_a_removed_prompt_is_gone_and_its_number_is_never_given_again(store: Store) -> None:
    store.own_items.add("First", "First.")
    store.own_items.add("Last", "Last.")

    store.own_items.remove(own(store)[1].prompt.own_id)

    assert [item.name for item in own(store)] == ["own/1"]
    assert store.own_items.add("Next", "Next.") == 3


def test_own_prompts_of_two_databases_have_the_same_names_whichever_was_merged(tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.db" for name in ("a", "b", "c")]
    for path, written in zip(paths, (("A1", "A2"), ("B1", "B2", "B3"), ("C1",)), strict=True):
        with Store.open(path) as store:
            for title in written:
                store.own_items.add(title, f"Say {title}.")
    with Store.open(paths[2]) as store:
        (item,) = own(store)
        rubric = rubric_record(item)
        asked = item_record(item, rubric)
        answered = make.response(make.new_id(), to=asked)
        store.responses.add(replace(make.recorded(answered, to=asked), rubric=rubric))
    seen = []
    for order in permutations(paths):
        target = tmp_path / f"{len(seen)}.db"
        for path in order:
            with Store.open(target) as store, Other.open(path) as other:
                merge(store, other)
        with Store.open(target) as store:
            seen.append([(item.name, item.prompt.title) for item in own(store)])

    titles = ("A1", "A2", "B3", "B1", "C1", "B2")
    expected = [(f"own/{number}", title) for number, title in enumerate(titles, 1)]
    assert seen == [expected] * 6
    with Store.open(target) as store:
        assert store.own_items.add("Next", "Next.") == 7
        assert [(item.name, item.prompt.title) for item in own(store)] == [*expected, ("own/7", "Next")]
        named = next(item for item in own(store) if item.prompt.title == "C1")
        assert store.progress.of_prompt(*named.asked)[0].id == answered.id
        store.own_items.edit(named.prompt.own_id, "C1 again", "Say C1 again.")
        store.own_items.remove(own(store)[0].prompt.own_id)
        names = {item.prompt.title: item.name for item in own(store)}
        assert names["C1 again"] == named.name
        assert names["A2"] == "own/2"


def test_levels_are_read_back_as_they_were_written() -> None:
    lines = "not-at-all: wrong: or nothing\n\n  quite:   right  "

    assert lines_of_levels(levels_of_lines(lines)) == "not-at-all: wrong: or nothing\nquite: right"


@pytest.mark.parametrize(
    ("lines", "mistake"),
    [
        ("", "0 levels are written here; there can be 2 to 10, one a line."),
        ("pass: right", "1 levels are written here; there can be 2 to 10, one a line."),
        ("\n".join(f"l{n}: x" for n in range(11)), "11 levels are written here; there can be 2 to 10"),
        ("no: wrong\nYes: right", '"Yes" cannot name a level: at most 24 of the characters a-z 0-9 -'),
        ("no: wrong\nyes", '"yes" does not say what earns it: write it as in pass: right and complete'),
        ("no: wrong\nno: right", 'The level "no" is there twice.'),
    ],
)
def test_a_mistake_in_levels_is_one_line(lines: str, mistake: str) -> None:
    with pytest.raises(UsageError) as raised:
        levels_of_lines(lines)

    assert str(raised.value).startswith(mistake)
    assert "\n" not in str(raised.value)
