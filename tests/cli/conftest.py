from __future__ import annotations

import sys

import pytest

from tui.cli.main import main


@pytest.fixture
def llm_grader(monkeypatch, capfd):
    """Run a command in this process; exit code, standard output, standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["llm-grader", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        output, error = capfd.readouterr()
        return ended.value.code, output, error

    return run
