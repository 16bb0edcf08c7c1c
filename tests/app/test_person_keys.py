"""Keys that a person chose are refused in one line, or are what every place says."""

from __future__ import annotations

import pytest
from making import task

from tui.app.key_choice import mistakes, normal_keys
from tui.catalogue.task import Prompt


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"skip": "1"}, "skip: 1 is grade-1"),
        ({"skip": "u"}, "skip: u is undo"),
        ({"skip": "d", "undo": "d"}, "undo: d is skip"),
        ({"skip": "s,n"}, "skip: n is note"),
        ({"skip": "?"}, "skip: question_mark is help"),
        ({"skip": ""}, "skip: no key is named"),
        ({"skip": "s,"}, "skip: no key is named"),
        ({"skip": "spaec"}, "did you mean space?"),
        ({"skip": "ctrl+m"}, "skip: ctrl+m is enter to a terminal"),
        ({"skip": "ctrl+i"}, "tab to a terminal"),
        ({"skip": "ctrl+["}, "escape to a terminal"),
        ({"skip": "shift+s"}, "the capital"),
        ({"skip": "control+s"}, "there is no key"),
        ({"skip": "ctrl+q"}, "always quits"),
        ({"skip": "alt+["}, "a terminal says by itself"),
        ({"skip": "alt+_"}, "a terminal says by itself"),
        ({"skip": "shift+@"}, "the capital"),
        ({"skip": "escape"}, "skip: escape is stop"),
        ({"verify": "d"}, "verify: d is download"),
        ({"verify": "j"}, "verify: j moves about"),
    ],
)
def test_keys_that_cannot_be_are_refused_with_the_id(chosen, words):
    found = list(mistakes(chosen))
    assert any(words in mistake for mistake in found), found
    assert all("\n" not in mistake and len(mistake) < 150 for mistake in found)


@pytest.mark.parametrize(
    "chosen",
    [
        {"skip": "d"},
        {"grade-1": "f3"},
        {"skip": "1", "grade-1": "space"},
        {"skip": "f2,ctrl+s,é"},
        {"undo": "n", "note": "u"},
        {"skip": "apostrophe"},
        {"skip": "!", "help": "f1"},
        {"next-pane": "alt+x"},
        {"verify": "V"},
        {"skip": "@"},
        {"skip": "_"},
        {"skip": "\\"},
        {"skip": "ctrl+@"},
        {"skip": "ctrl+backslash"},
        {"skip": "ctrl+underscore"},
    ],
)
def test_keys_that_can_be_are_taken(chosen):
    assert list(mistakes(chosen)) == []


def test_a_mistake_stops_the_start_with_one_line(llm_grader, home, monkeypatch):
    file = home / "config_dir" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('[keys]\nskip = "1"\n')
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    from tui.cli import open_app
    from tui.config import load_config
    from tui.errors import ConfigError

    with pytest.raises(ConfigError, match=r"keys: skip: 1 is grade-1"):
        open_app.refuse_mistaken_keys(load_config().keys)


OWN = {
    "grade-1": "0",
    "grade-2": "f",
    "run": "X",
    "details": "D",
    "quit": "Q",
    "next-prompt": "f6",
    "next-pane": "f7",
    "run-again": "f8",
}


async def test_every_place_that_names_a_key_names_the_persons(start):
    long = task("long", 1, prompts=(Prompt(number=1, title="long", text="many words " * 200),))
    async with start(keys=normal_keys(OWN), tasks=(long,), size=(120, 60)) as bench:
        await bench.shows("Press X to run")
        await bench.shows("D: all of it")
        await bench.shows("X Run")
        bench.app.action_help_quit()
        await bench.shows("Press Q to quit")
        await bench.press("X")
        await bench.until(lambda: all(each.phase == "done" for each in bench.slots))
        levels = bench.levels
        assert [level.keys for level in levels] == [["0"], ["f", "a"], ["3", "p"]]
        assert str(levels[0].tooltip).startswith("Press 0: ")
        await bench.press("1")
        assert bench.store.judgements.events() == []
        bench.stage.draw_changes()
        await bench.press("0", "f")
        assert bench.labels()[:2] == ["fail", "partial"]
        await bench.press("X")
        await bench.shows(" f8 ")
        await bench.press("?")
        await bench.shows("f6 and [")
        rows = [" ".join(row.split()) for row in bench.text().splitlines()]
        for words in ("0 Grade: fail", "f a Grade: partial", "X Run: "):
            assert any(words in row for row in rows)


async def test_keys_of_the_persons_stand_where_ours_stood(start):
    async with start(keys=normal_keys({"quit": "Q", "note": "f2"}), size=(80, 24)) as bench:
        await bench.answered()
        assert "space Skip u Undo f2 Note tab Next r Run ] Next prompt ? Help Q Quit" in bench.text()


async def test_with_no_model_the_welcome_names_the_persons_keys(start):
    async with start(count=0, keys={"models": "M", "quit": "Q"}) as bench:
        await bench.shows("press M to see the models")
        await bench.shows("leave with Q")
