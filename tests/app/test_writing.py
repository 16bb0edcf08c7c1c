"""Prompts of the person's own: written, edited and removed in the app."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from textual import events

from tui.app.screens.dialogs.compose_prompt import ComposePromptScreen
from tui.app.screens.dialogs.confirm import ConfirmScreen
from tui.app.widgets.safe_input import SafeTextArea

SMALL = (80, 24)


def field(bench, name):
    return bench.app.screen.query_one(f"#own-{name}", SafeTextArea)


def name_of(bench):
    return bench.session.items[bench.session.place].name


async def shows(bench, *texts):
    await bench.until(lambda: all(text in bench.text() for text in texts))


async def write(bench, text, **fields):
    """Compose a prompt in its form, up to the key that saves."""
    await bench.press("e")
    for name, content in {"prompt": text, **fields}.items():
        field(bench, name).text = content


async def test_a_prompt_with_an_input_and_levels_is_asked_and_graded_by_them(start):
    async with start(count=1) as bench:
        await write(bench, "Sum up.", input="A long text.", levels="none: nothing\nall: everything")
        await bench.press("ctrl+s")
        await bench.until(lambda: name_of(bench) == "own/1")
        await shows(bench, "all", "everything")
        await bench.answered()
        request = bench.engine.requests[0][1]
        assert (request.instruction, request.input) == ("Sum up.", "A long text.")
        await bench.press("2")
        await bench.until(lambda: bench.labels() == ["all"])


async def test_all_of_the_form_is_in_view_in_a_small_terminal(start):
    async with start(count=1, size=SMALL) as bench:
        await write(bench, "the prompt", input="the input")
        await shows(bench, "the prompt", "the input", "fail: wrong or useless", "pass: right and complete")
        await shows(bench, "Prompt", "Input, which", "Levels, worst first", "Save", "Cancel", "In $EDITOR")
        await bench.press("ctrl+s", "e")
        await shows(bench, "Your own prompt 1", "New one", "Remove")


async def test_tab_goes_to_the_next_field_and_is_text_in_what_is_pasted(start):
    async with start(count=1) as bench:
        await bench.press("e")
        await bench.press("tab")
        assert bench.app.focused is field(bench, "input")
        bench.app.post_message(events.Paste("a\tb"))
        await bench.until(lambda: field(bench, "input").written == "a\tb")
        await bench.press("shift+tab")
        assert bench.app.focused is field(bench, "prompt")


@pytest.mark.parametrize(
    ("levels", "said"),
    [("pass: right", "there can be 2 to 10"), ("no: wrong\nYes!: right", '"Yes!" cannot name a level')],
)
async def test_a_mistake_in_the_levels_is_said_and_what_was_written_stays(start, levels, said):
    async with start(count=1) as bench:
        await write(bench, "Say hello.", levels=levels)
        await bench.press("ctrl+s")
        await bench.shows(said)
        assert isinstance(bench.app.screen, ComposePromptScreen)
        assert (field(bench, "prompt").written, field(bench, "levels").written) == ("Say hello.", levels)
        assert bench.app.focused is field(bench, "levels")
        assert bench.store.own_items.all() == []


async def test_an_own_prompt_is_edited_where_it_stands_and_its_old_answers_stay(start):
    async with start(count=1) as bench:
        await write(bench, "Name a fruit.")
        await bench.press("ctrl+s")
        await bench.answered()
        await bench.press("3")
        await bench.until(lambda: bench.labels() == ["pass"])
        await bench.until(lambda: (bench.session.progress() or (0,))[0] == 1)
        await write(bench, "Name two fruits.")
        await bench.press("ctrl+s")
        await bench.until(lambda: bench.labels() == [None])
        assert name_of(bench) == "own/1"
        assert bench.session.items[-1].prompt.text == "Name two fruits."
        assert len(bench.store.responses.all()) == 1
        assert bench.session.progress().judged == 0
        await bench.press("e")
        assert field(bench, "prompt").written == "Name two fruits."


async def test_a_new_one_can_be_written_from_an_own_prompt(start):
    async with start(count=1) as bench:
        await write(bench, "First.", levels="no: wrong\nyes: right")
        await bench.press("ctrl+s", "e", "ctrl+n")
        assert field(bench, "prompt").written == ""
        assert field(bench, "levels").written.startswith("fail: wrong or useless")
        assert not any(area.is_changed for area in bench.app.screen.query(SafeTextArea))
        field(bench, "prompt").text = "Second."
        await bench.press("ctrl+s")
        await bench.until(lambda: name_of(bench) == "own/2")
        assert [own.instruction for own in bench.store.own_items.all()] == ["First.", "Second."]


async def test_what_was_changed_goes_into_the_new_one(start):
    async with start(count=1) as bench:
        await write(bench, "First.")
        await bench.press("ctrl+s")
        await write(bench, "First, and more.")
        await bench.press("ctrl+n", "ctrl+s")
        await bench.until(lambda: name_of(bench) == "own/2")
        assert [own.instruction for own in bench.store.own_items.all()] == ["First.", "First, and more."]


async def test_an_own_prompt_is_removed_after_a_question_and_its_answers_stay(start):
    async with start(count=1) as bench:
        before = len(bench.session.items)
        await write(bench, "Name a fruit.")
        await bench.press("ctrl+s")
        await bench.answered()
        await bench.press("e", "ctrl+d")
        assert isinstance(bench.app.screen, ConfirmScreen)
        await bench.press("n")
        assert isinstance(bench.app.screen, ComposePromptScreen)
        await bench.press("ctrl+d", "y")
        await bench.until(lambda: len(bench.session.items) == before)
        await bench.until(lambda: bench.session.place == before - 1)
        assert bench.screen.focused is not None
        assert len(bench.store.responses.all()) == 1


async def test_a_new_prompt_cannot_be_removed_nor_begun_again(start):
    async with start(count=1) as bench:
        await bench.press("e", "x", "ctrl+n", "ctrl+d")
        assert isinstance(bench.app.screen, ComposePromptScreen)
        assert field(bench, "prompt").written == "x"


async def test_the_editor_gets_the_field_with_the_focus(start, monkeypatch, tmp_path):
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nprintf ' and more' >> \"$1\"\n")
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    async with start(count=1) as bench:
        monkeypatch.setattr(bench.app, "suspend", nullcontext)
        await bench.press("e", "tab", "a", "ctrl+o")
        await bench.until(lambda: field(bench, "input").written == "a and more")
        assert field(bench, "input").is_changed
