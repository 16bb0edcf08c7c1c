from pathlib import Path

import pytest
from tasks_in_toml import PROMPT, TASK

from tui.catalogue.item import items_of
from tui.catalogue.loading import load_task
from tui.errors import ConfigError

HEAD = """
name = "sums"
title = "Sums"
"""
CRITERION = """
[[criteria]]
name = "correct"
question = "Is it right?"
[[criteria.levels]]
label = "no"
value = 0
anchor = "wrong"
[[criteria.levels]]
label = "yes"
value = 1
anchor = "right"
"""

PRACTICE = """
[[prompts.practice]]
text = "3"
level = "fail"
reason = "3 is not the sum"
"""
CONTROL = """
[[prompts.controls]]
text = "2"
level = "pass"
"""
TRUE = CRITERION.replace('"correct"', '"true"')

MISTAKES_IN_TASKS = {
    "missing name": (TASK.replace('name = "sums"', ""), 'the key "name" is missing'),
    "unknown key of a prompt": (
        TASK + PROMPT + 'txt = "x"',
        'prompts[0] (One and one): unknown key "txt", did you mean "text"?',
    ),
    "one level": (
        'name = "x"\ntitle = "x"\nlevels = [{ label = "a", key = "a", value = 1, anchor = "x" }]',
        "levels: expected a list of 2 to 10 tables, found a list",
    ),
    "letter of two": (
        TASK.replace('key = "p"', 'key = "pp"'),
        'levels[1] (pass).key: expected one letter a-z, found "pp"',
    ),
    "letter twice": (
        TASK.replace('key = "p"', 'key = "f"'),
        'levels[1] (pass).key: "f" is taken by levels[0] already',
    ),
    "label twice": (
        TASK.replace('label = "pass"', 'label = "fail"'),
        'levels[1] (fail).label: "fail" is taken by levels[0] already',
    ),
    "levels from best to worst": (
        TASK.replace("value = 1", "value = 0.5").replace("value = 0\n", "value = 1\n"),
        "levels[1] (pass).value: levels go from worst to best: 0.5 comes after 1",
    ),
    "value above one": (
        TASK.replace("value = 1", "value = 2"),
        "levels[1] (pass).value: expected a number from 0 to 1, found 2",
    ),
    "prompt number twice": (
        TASK + PROMPT + PROMPT,
        "prompts[1] (One and one).number: 1 is taken by prompts[0] already",
    ),
    "prompt number that a place has already": (
        TASK + PROMPT.replace("number = 1", "") + PROMPT,
        "prompts[1] (One and one).number: 1 is taken by prompts[0] already",
    ),
    "place that a prompt number has already": (
        TASK + PROMPT.replace("number = 1", "number = 2") + PROMPT.replace("number = 1", ""),
        "prompts[1] (One and one).number: 2 is taken by prompts[0] already; "
        "it has this one by its place: give it another",
    ),
    "prompt number nought": (
        TASK + PROMPT.replace("number = 1", "number = 0"),
        "prompts[0] (One and one).number: expected a whole number from 1 to 2147483647, found 0",
    ),
    "empty prompt": (
        TASK + PROMPT.replace("What is 1 + 1?", ""),
        'prompts[0] (One and one).text: expected a text that is not empty, found ""',
    ),
    "anchors for an unknown level": (
        TASK + PROMPT + 'anchors = { pas = "says 2" }',
        'prompts[0] (One and one).anchors: unknown level "pas", did you mean "pass"?',
    ),
    "anchors that are no text": (
        TASK + PROMPT + 'anchors = { fail = "x", pass = 2 }',
        "prompts[0] (One and one).anchors.pass: expected a text, found 2",
    ),
    "no levels": (TASK[: TASK.index("[[levels]]")], 'the key "levels" is missing'),
    "the task of the app": (
        TASK.replace('"sums"', '"own"'),
        'name: "own" is the task of the prompts that you write in the app',
    ),
    "meaning, as it was called": (
        TASK.replace('anchor = "wrong"', 'meaning = "wrong"'),
        'levels[0] (fail): the key "meaning" is called "anchor" now',
    ),
    "letter, as it was called": (
        TASK.replace('key = "f"', 'letter = "f"'),
        'levels[0] (fail): the key "letter" is called "key" now',
    ),
    "criteria of a prompt, as they were called": (
        TASK + PROMPT + '[prompts.criteria]\nfail = "says 3"',
        'prompts[0] (One and one): the key "criteria" is called "anchors" now',
    ),
    "levels beside criteria": (
        TASK + CRITERION,
        "criteria: give either [[criteria]], each with its levels, or [[levels]]",
    ),
    "more criteria than digits": (
        HEAD + "".join(CRITERION.replace('"correct"', f'"c{number}"') for number in range(10)),
        "criteria: expected a list of 1 to 9 tables, found a list",
    ),
    "a criterion twice": (
        HEAD + CRITERION + CRITERION,
        'criteria[1] (correct).name: "correct" is taken by criteria[0] already',
    ),
    "shows_expected that is no boolean": (
        HEAD + CRITERION.replace("question", 'shows_expected = "no"\nquestion'),
        'criteria[0] (correct).shows_expected: expected true or false, found "no"',
    ),
    "a criterion without a question": (
        HEAD + CRITERION.replace('question = "Is it right?"', ""),
        'criteria[0] (correct): the key "question" is missing',
    ),
    "a label of a criterion twice": (
        HEAD + CRITERION.replace('label = "yes"', 'label = "no"'),
        'criteria[0] (correct).levels[1] (no).label: "no" is taken by levels[0] already',
    ),
    "anchors for an unknown criterion": (
        HEAD + CRITERION + PROMPT + '[prompts.anchors.corect]\nno = "says 3"',
        'prompts[0] (One and one).anchors: unknown criterion "corect", did you mean "correct"?',
    ),
    "anchors for an unknown level of a criterion": (
        HEAD + CRITERION + PROMPT + '[prompts.anchors.correct]\nnoo = "says 3"',
        'prompts[0] (One and one).anchors.correct: unknown level "noo", did you mean "no"?',
    ),
    "anchors without their criterion": (
        HEAD + CRITERION + PROMPT + '[prompts.anchors]\nno = "says 3"',
        'prompts[0] (One and one).anchors: unknown criterion "no"; allowed: correct',
    ),
    "a practice answer without a reason": (
        TASK + PROMPT + PRACTICE.replace('reason = "3 is not the sum"', ""),
        'prompts[0] (One and one).practice[0]: the key "reason" is missing',
    ),
    "a practice answer with an empty reason": (
        TASK + PROMPT + PRACTICE.replace("3 is not the sum", ""),
        'prompts[0] (One and one).practice[0].reason: expected a text that is not empty, found ""',
    ),
    "a control without a text": (
        TASK + PROMPT + CONTROL.replace('"2"', '""'),
        'prompts[0] (One and one).controls[0].text: expected a text that is not empty, found ""',
    ),
    "a control without a level": (
        TASK + PROMPT + CONTROL.replace('level = "pass"', ""),
        'prompts[0] (One and one).controls[0]: the key "level" is missing',
    ),
    "an unknown key of a practice answer": (
        TASK + PROMPT + PRACTICE.replace("reason", "reasons"),
        'prompts[0] (One and one).practice[0]: unknown key "reasons", did you mean "reason"?',
    ),
    "a level that is no text": (
        TASK + PROMPT + CONTROL.replace('"pass"', "1"),
        "prompts[0] (One and one).controls[0].level: expected a text, found 1",
    ),
    "an unknown level of a practice answer": (
        TASK + PROMPT + PRACTICE.replace('"fail"', '"fial"'),
        'prompts[0] (One and one).practice[0].level: unknown level "fial", did you mean "fail"?',
    ),
    "levels by criterion where there are none": (
        TASK + PROMPT + CONTROL.replace('"pass"', '{ correct = "pass" }'),
        "prompts[0] (One and one).controls[0].level: expected the label of a level, found a table",
    ),
    "one level for criteria": (
        HEAD + CRITERION + PROMPT + CONTROL,
        'prompts[0] (One and one).controls[0].level: expected a table of labels by criterion, found "pass"',
    ),
    "an unknown criterion of a control": (
        HEAD + CRITERION + PROMPT + CONTROL.replace('"pass"', '{ corect = "yes" }'),
        'prompts[0] (One and one).controls[0].level: unknown criterion "corect", did you mean "correct"?',
    ),
    "an unknown level of a criterion of a control": (
        HEAD + CRITERION + PROMPT + CONTROL.replace('"pass"', '{ correct = "yess" }'),
        'prompts[0] (One and one).controls[0].level.correct: unknown level "yess", did you mean "yes"?',
    ),
    "a level by criterion that is no text": (
        HEAD + CRITERION + PROMPT + CONTROL.replace('"pass"', "{ correct = 1 }"),
        "prompts[0] (One and one).controls[0].level.correct: expected a text, found 1",
    ),
    "a criterion that is not judged": (
        HEAD + CRITERION + TRUE + PROMPT + CONTROL.replace('"pass"', '{ correct = "yes" }'),
        'prompts[0] (One and one).controls[0].level: the criterion "true" is missing',
    ),
    "a practice answer twice": (
        TASK + PROMPT + PRACTICE + PRACTICE,
        'prompts[0] (One and one).practice[1].text: "3" is taken by practice[0] already',
    ),
    "a control that was practised": (
        TASK + PROMPT + PRACTICE + CONTROL.replace('"2"', '"3"'),
        "prompts[0] (One and one).controls[0].text: "
        "a practice answer has this text: who practised knows its level",
    ),
}


@pytest.mark.parametrize(("content", "message"), MISTAKES_IN_TASKS.values(), ids=MISTAKES_IN_TASKS.keys())
def test_a_mistake_in_a_task_file_is_explained(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "sums.toml"
    file.write_text(content, encoding="utf-8")

    with pytest.raises(ConfigError) as refusal:
        load_task(file)

    assert str(refusal.value) == f"{file}: {message}"


def test_a_criterion_of_its_own_name_is_what_an_item_is_graded_by(tmp_path: Path) -> None:
    file = tmp_path / "sums.toml"
    file.write_text(HEAD + CRITERION + PROMPT + '[prompts.anchors.correct]\nyes = "says 2"')

    (item,) = items_of(load_task(file))

    assert (item.rubric.criterion.name, item.rubric.criterion.question) == ("correct", "Is it right?")
    assert [level.anchor for level in item.rubric.levels] == ["wrong", "says 2"]


def test_a_prompt_without_a_number_has_that_of_its_place(tmp_path: Path) -> None:
    file = tmp_path / "sums.toml"
    unnumbered = PROMPT.replace("number = 1", "")
    file.write_text(TASK + unnumbered + PROMPT.replace("number = 1", "number = 9") + unnumbered)

    assert [prompt.number for prompt in load_task(file).prompts] == [1, 9, 3]


def test_each_of_several_criteria_has_its_own_levels_and_anchors(tmp_path: Path) -> None:
    file = tmp_path / "sums.toml"
    blind = CRITERION.replace('"correct"', '"true"').replace("question", "shows_expected = false\nquestion")
    anchors = '[prompts.anchors.correct]\nyes = "says 2"\n[prompts.anchors.true]\nyes = "nothing made up"'
    file.write_text(HEAD + CRITERION + blind + PROMPT + anchors)

    (item,) = items_of(load_task(file))
    correct, true = item.rubric.criteria

    assert (correct.name, correct.shows_expected, correct.levels[1].anchor) == ("correct", True, "says 2")
    assert (true.name, true.shows_expected, true.levels[1].anchor) == ("true", False, "nothing made up")
    assert item.rubric.criterion == correct


def test_up_to_ten_levels_without_a_letter_are_read(tmp_path: Path) -> None:
    file = tmp_path / "sums.toml"
    level = '[[levels]]\nlabel = "l{n}"\nvalue = {v}\nanchor = "x"\n'
    levels = "".join(level.format(n=number, v=number / 10) for number in range(10))
    file.write_text(HEAD + levels)

    assert len(load_task(file).levels) == 10


def test_known_answers_have_a_level_for_each_criterion(tmp_path: Path) -> None:
    file = tmp_path / "sums.toml"
    several = CONTROL.replace('"pass"', '{ correct = "yes", true = "no" }')
    file.write_text(HEAD + CRITERION + TRUE + PROMPT + several)
    (item,) = items_of(load_task(file))
    (control,) = item.prompt.controls
    assert {name: each.label for name, each in control.levels(item.rubric).items()} == {
        "correct": "yes",
        "true": "no",
    }

    file.write_text(TASK + PROMPT + PRACTICE + CONTROL)
    (item,) = items_of(load_task(file))
    (practice,), (control,) = item.prompt.practice, item.prompt.controls
    assert (practice.text, practice.reason, control.reason) == ("3", "3 is not the sum", "")
    assert [level.label for level in practice.levels(item.rubric).values()] == ["fail"]
