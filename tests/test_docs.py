"""The pages under docs/ name what there is."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from tui.app.keys import ANYWHERE, GRADING, MAIN, MODELS, PANES, RESULTS
from tui.cli.main import cli
from tui.config import Config

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]


def test_every_key_that_can_be_changed_is_named_and_no_other():
    _, _, names = (ROOT / "docs" / "keys.md").read_text().partition("The names: ")
    named = set(re.findall(r"`([\w-]+)`", names))
    ends = {GRADING[0].id, GRADING[-1].id, PANES[0].id, PANES[-1].id}
    assert named == ends | {binding.id for binding in (*MAIN, *MODELS, *RESULTS, *ANYWHERE)}


def test_every_setting_is_described():
    settings = (ROOT / "docs" / "commands.md").read_text()
    assert [
        name for name in Config.__struct_fields__ if not re.search(rf"\| `\[?{name}\]?` \|", settings)
    ] == []


def test_every_command_is_described():
    commands = (ROOT / "docs" / "commands.md").read_text()
    context = click.Context(cli)
    assert [name for name in cli.list_commands(context) if f"`llm-grader {name}" not in commands] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_folder_of_tests_is_on_the_map():
    table = (ROOT / "CONTRIBUTING.md").read_text().partition("| folder |")[2]
    folders = {file.parent.name for file in (ROOT / "tests").glob("*/test_*.py")}
    assert [name for name in sorted(folders) if f"`tests/{name}/`" not in table] == []
