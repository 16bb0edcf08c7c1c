from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tui.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from hub_server import HubServer


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has places of its own: nothing of the person's is read or written."""
    folder = tmp_path / "home"
    for variable in ("DATA_DIR", "CONFIG_DIR", "STATE_DIR"):
        monkeypatch.setenv(f"LLM_GRADER_{variable}", str(folder / variable.lower()))
    for variable in ("DB", "MODELS_DIR", "GRADER", "THEME"):
        monkeypatch.delenv(f"LLM_GRADER_{variable}", raising=False)
    monkeypatch.setenv("HF_HUB_CACHE", str(folder / "hub"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return folder


@pytest.fixture
def hub(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    """A server that the real huggingface_hub of this process takes for the Hub."""
    from hub_server import HubServer
    from huggingface_hub import close_session, constants

    server = HubServer()
    # It reads its environment once, when it is imported.
    monkeypatch.setattr(constants, "ENDPOINT", server.url)
    monkeypatch.setattr(
        constants, "HUGGINGFACE_CO_URL_TEMPLATE", server.url + "/{repo_id}/resolve/{revision}/{filename}"
    )
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(home / "hub"))
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(home / "token"))
    yield server
    server.close()
    close_session()


@pytest.fixture
def llm_grader(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run a command in this process; exit code, standard output, standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["llm-grader", *arguments])
        # Those of the test runner stay in place.
        monkeypatch.setattr(sys.modules["tui.cli.main"], "note_what_nobody_catches", lambda: None)
        with pytest.raises(SystemExit) as ended:
            main()
        output, error = capfd.readouterr()
        return ended.value.code, output, error

    return run
