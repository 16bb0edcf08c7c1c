from __future__ import annotations

import json

import msgspec
import pytest
from making import task

from tui.catalogue.item import Item
from tui.store.items import item_record, rubric_record


def recorded(of, prompt):
    item = Item(of, prompt)
    return item_record(item, rubric_record(item))


def test_an_item_says_all_that_is_asked_and_shown() -> None:
    code = task("code", 2, description="Judge the program.")
    prompt = msgspec.structs.replace(
        code.prompts[1], input="1, 2", expected="3", anchors={"pass": "prints 3"}
    )

    asked = Item(code, prompt)
    rubric = rubric_record(asked)
    item = item_record(asked, rubric)

    assert (item.source, item.task, item.task_title, item.number) == ("catalogue", "code", "Code", 2)
    assert (item.instruction, item.input, item.expected) == ("do code 2", "1, 2", "3")
    assert (item.guidelines, item.rubric_hash) == ("Judge the program.", rubric.hash)
    (criterion,) = json.loads(rubric.criteria)
    assert criterion["name"] == "overall"
    assert criterion["levels"][-1] == {
        "key": "p", "label": "pass", "ordinal": 3, "value": 1.0, "anchor": "prints 3",
    }  # fmt: skip
    assert recorded(task("own", 1), task("own", 1).prompts[0]).source == "own"


@pytest.mark.parametrize(
    ("change", "asked", "shown"),
    [
        ({}, False, False),
        ({"title": "another"}, False, True),
        ({"expected": "4"}, False, True),
        ({"anchors": {"pass": "prints 4"}}, False, True),
        ({"text": "do it"}, True, True),
        ({"input": "x"}, True, True),
    ],
)
def test_its_hashes_say_what_was_edited(change: dict[str, object], asked: bool, shown: bool) -> None:
    code = task("code", 1)
    before = recorded(code, code.prompts[0])
    after = recorded(code, msgspec.structs.replace(code.prompts[0], **change))

    assert (before.prompt_hash != after.prompt_hash) is asked
    assert (before.sheet_hash != after.sheet_hash) is shown
    assert (before.hash != after.hash) is bool(change)


def test_other_guidelines_or_levels_are_another_sheet_for_the_same_prompt() -> None:
    code = task("code", 1)
    before = recorded(code, code.prompts[0])
    levels = msgspec.structs.replace(code, levels=code.levels[1:])
    for changed in (levels, msgspec.structs.replace(code, description="Be strict.")):
        after = recorded(changed, code.prompts[0])
        assert after.prompt_hash == before.prompt_hash
        assert after.sheet_hash != before.sheet_hash
