"""A newcomer finds a thing by the folders alone, and reads a file in one go."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from statistics import median, quantiles

import pytest

ROOT = Path(__file__).parent.parent
TUI = ROOT / "tui"
FILES = sorted(TUI.rglob("*.py"))
PACKAGES = [file for file in FILES if file.name == "__init__.py"]
TREES = {file: ast.parse(file.read_text()) for file in FILES}
MOST_LINES = 300
LONGEST_FUNCTION = 60
LONGER = {"tui/cli/run.py:command"}
"""Its options take a line each, twice."""


def function_lines() -> dict[str, int]:
    return {
        f"{file.relative_to(ROOT)}:{node.name}": node.end_lineno - node.lineno + 1
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None
    }


def rooms() -> set[str]:
    """As the page on the architecture writes them."""
    packages = {f"{file.parent.name}/" for file in PACKAGES if file.parent.parent == TUI}
    return packages | {file.name for file in FILES if file.parent == TUI and not file.name.startswith("__")}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda file: str(file.parent.relative_to(ROOT)))
def test_a_room_says_in_one_sentence_what_it_is(package):
    sentence = ast.get_docstring(TREES[package]) or ""
    assert sentence.endswith(".")
    assert len(sentence.splitlines()) == 1


def test_the_page_on_the_architecture_names_every_room_and_no_other():
    page = (ROOT / "docs" / "architecture.md").read_text()
    table = page.partition("| room |")[2].partition("\n\n")[0]
    named = {name for row in table.splitlines() for name in re.findall(r"`([^`]+)`", row.split("|")[1:2][0])}
    assert named == rooms()


def test_the_page_on_the_architecture_names_only_files_that_exist():
    page = (ROOT / "docs" / "architecture.md").read_text().replace("`tui/checks/`, a room", "")
    named = {name for name in re.findall(r"`([\w/]+(?:\.py|/))`", page) if "NAME" not in name}
    there = [f"{path}/" if path.is_dir() else f"{path}" for path in TUI.rglob("*")]
    assert [
        name
        for name in sorted(named)
        if not (ROOT / name).exists() and not any(path.endswith(f"/{name}") for path in there)
    ] == []


def test_no_file_is_long():
    lines = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in FILES}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_functions_are_short():
    lines = function_lines()
    assert {name: count for name, count in lines.items() if count > LONGEST_FUNCTION}.keys() <= LONGER
    assert median(lines.values()) <= 6
    assert quantiles(lines.values(), n=10)[-1] <= 15
