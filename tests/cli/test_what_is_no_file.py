"""Pipes, devices, folders, links in a circle and worse, where the program expects a file of text."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from .every_command import check

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="commands are forked")

KINDS = (
    "a FIFO",
    "a folder",
    "a device",
    "nothing but zeros",
    "no text",
    "too large",
    "nested",
    "digits",
    "a circle",
)


def stand(kind: str, place: Path) -> None:
    match kind:
        case "a FIFO":
            os.mkfifo(place)
        case "a folder":
            place.mkdir()
        case "a device":
            place.symlink_to("/dev/zero")
        case "nothing but zeros":
            place.write_bytes(bytes(1000))
        case "no text":
            place.write_bytes(b"\xff" * 1000)
        case "too large":
            with place.open("wb") as file:
                file.truncate(5_000_000_000)
        case "nested":
            place.write_text("a = " + "[" * 100_000)
        case "digits":
            place.write_text("a = " + "9" * 5000)
        case "a circle":
            place.symlink_to(place)


CALLS = {
    "config.toml": [["run"]],
    "models.toml": [["models"], ["run"], ["models", "--models-file", "{}"]],
    "prompts/x.toml": [["prompts"]],
    "x.jinja": [["run", "-m", "nosuch.gguf", "--template", "{}"]],
    "x.gguf": [["run", "-m", "{}"]],
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", CALLS)
def test_what_stands_where_a_file_should_be(forked, tmp_path, kind, name):
    if name == "x.gguf" and kind in ("too large", "nested", "digits", "no text"):
        pytest.skip("weights may be large, and are no text")
    if name == "x.jinja" and kind in ("nothing but zeros", "nested", "digits"):
        pytest.skip("a template may be any text")
    place = tmp_path / name
    place.parent.mkdir(exist_ok=True)
    stand(kind, place)
    for call in CALLS[name]:
        arguments = [each.format(place) for each in call]
        done = forked(arguments, {"LLM_GRADER_CONFIG_DIR": tmp_path})
        check(done, (arguments, kind), (1, 2))
        assert place.name in done["err"], done
        assert ("larger than the 4 MB" in done["err"]) == (kind == "too large"), done


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_where_a_file_of_the_programs_own_should_be(forked, tmp_path, kind):
    for file in ("fingerprints.json", "app.json", "logs/errors.log"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        stand(kind, tmp_path / file)
    for call in (["models"], ["run"], ["pull", "mpt-7b-chat"], ["models", "path", "mpt-7b-chat"]):
        check(forked(call, {"LLM_GRADER_STATE_DIR": tmp_path}), (call, kind))
