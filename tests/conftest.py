from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from tui.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from hub_server import HubServer


NO_GPU = {"CUDA_VISIBLE_DEVICES": "-1", "HIP_VISIBLE_DEVICES": "-1", "GGML_VK_VISIBLE_DEVICES": ""}


def pytest_configure(config: pytest.Config) -> None:
    """Tests that are not for a GPU run as on a machine without one: they give weights so much memory of the
    machine, or find out what its processor does. llama.cpp reads this once, when it is loaded."""
    if config.getoption("markexpr") != "gpu":
        os.environ.update(NO_GPU)


@pytest.fixture(scope="session", autouse=True)
def extra_layouts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[bool]:
    """Whether a batch decodes with llama.cpp's extra layouts here, found out once, in a child process: where
    it does not, weights in pytest's own process are loaded as a worker would load them.

    PRETEND_MACHINE=amx runs the tests as on a machine where it does not.
    """
    from odd_machine import as_a_worker, command, have

    from tui.engines.llama.engine import LlamaEngine
    from tui.engines.llama.layouts import Layouts
    from tui.engines.llama.trying_layouts import try_layouts

    pretended = os.environ.get("PRETEND_MACHINE", "")
    if pretended:
        have(pretended)
        LlamaEngine.__init__.__kwdefaults__["command"] = command(pretended)
        try_layouts.__kwdefaults__["command"] = command(pretended, "tui.engines.llama.children.trial")
    layouts = Layouts(tmp_path_factory.mktemp("layouts") / "layouts.json")
    try_layouts(layouts)
    with as_a_worker(layouts):
        yield layouts.extra


@pytest.fixture(autouse=True)
def home(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, extra_layouts: bool
) -> Path:
    """Every test has places of its own: nothing of the person's is read or written. What is known of the
    machine before is in them, so that no test has to find it out by a crash."""
    folder = tmp_path_factory.mktemp("home")
    for variable in ("DATA_DIR", "CONFIG_DIR", "STATE_DIR"):
        monkeypatch.setenv(f"LLM_GRADER_{variable}", str(folder / variable.lower()))
    for variable in ("DB", "MODELS_DIR", "GRADER", "THEME"):
        monkeypatch.delenv(f"LLM_GRADER_{variable}", raising=False)
    monkeypatch.setenv("HF_HUB_CACHE", str(folder / "hub"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    if not extra_layouts:
        from tui.engines.llama.layouts import Layouts

        Layouts().remember_crash()
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
