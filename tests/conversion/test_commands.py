"""pull --convert and convert, as a person runs them."""

from __future__ import annotations

import os
import subprocess
import sys

import psutil
import pytest

from tui import paths

CATALOGUE = """\
[[models]]
name = "tiny-neox"
title = "Tiny NeoX"
licence = "Apache-2.0"
checkpoint = { repo = "someone/tiny-neox" }
"""


@pytest.fixture
def catalogue(tmp_path):
    (tmp_path / "my.toml").write_text(CATALOGUE)
    return ["--models-file", str(tmp_path / "my.toml")]


def target(quantisation="Q4_K_M"):
    return paths.models_dir() / "someone" / "tiny-neox" / f"tiny-neox-{quantisation}.gguf"


def test_pull_says_how_to_convert_and_does_not_without_being_told(llm_grader, hub, catalogue):
    code, output, error = llm_grader("pull", "tiny-neox", *catalogue)
    assert (code, output) == (1, "")
    assert error == (
        "llm-grader: tiny-neox: no GGUF file of it is published: "
        "make one of the original with `llm-grader pull --convert tiny-neox`\n"
    )
    assert hub.requests == []


def test_pull_converts_when_told_and_says_before_what_it_takes(
    llm_grader, converter, hub_checkpoint, catalogue
):
    code, output, error = llm_grader("pull", "--convert", "tiny-neox", *catalogue)
    assert (code, output) == (0, f"tiny-neox: converted, verified: {target()}\n")
    why, takes, *lines = error.splitlines()
    assert why == (
        "tiny-neox: no GGUF file of it is published; it can be made of the original, someone/tiny-neox"
    )
    assert takes.startswith("tiny-neox: converting takes 30 MB of disk, 15 MB to download, ")
    assert "tiny-neox: step 4 of 5, quantising to Q4_K_M" in lines
    assert "\x1b" not in error
    assert llm_grader("models", "verify", "tiny-neox", *catalogue)[0] == 0


def test_convert_a_repository_and_then_a_folder(llm_grader, converter, hub_checkpoint, checkpoint, tmp_path):
    code, output, error = llm_grader("convert", "someone/tiny-neox", "--quantisation", "q8_0")
    assert (code, output) == (0, f"someone/tiny-neox: converted, verified: {target('Q8_0')}\n")
    assert error.splitlines()[-1] == f"run it with: llm-grader -m {target('Q8_0')}"
    file = tmp_path / "mine.gguf"
    assert llm_grader("convert", str(checkpoint.folder), "--quantisation", "Q8_0", "-o", str(file))[0] == 0
    assert file.read_bytes() == target("Q8_0").read_bytes()


@pytest.mark.parametrize("source", ["no/such/folder", "nothing", "../up"])
def test_what_is_neither_a_folder_nor_a_repository_is_a_mistake_of_usage(llm_grader, source):
    code, _, error = llm_grader("convert", source)
    assert code == 2
    assert error == f"llm-grader: {source} is no folder here, and no OWNER/NAME of a repository on the Hub.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
@pytest.mark.parametrize("step", ["fetching the checkpoint", "making a GGUF file", "quantising", "trying it"])
def test_killed_at_any_step_it_leaves_no_process_and_goes_on(llm_grader, converter, hub_checkpoint, step):
    environment = os.environ | {"HF_ENDPOINT": hub_checkpoint.url, "HF_HUB_OFFLINE": "0"}
    command = [sys.executable, "-m", "tui", "convert", "someone/tiny-neox"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert any(step in line for line in process.stderr)
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
    psutil.wait_procs(children, timeout=20)
    assert not [child for child in children if child.is_running() and child.status() != "zombie"]
    assert llm_grader("convert", "someone/tiny-neox")[0] == 0
    fetched = [get.path for get in hub_checkpoint.gets if get.path.endswith("safetensors")]
    assert len(fetched) == 1 or step == "fetching the checkpoint"
    assert sorted(file.name for file in target().parent.iterdir()) == [
        "tiny-neox-Q4_K_M.gguf",
        "tiny-neox-Q4_K_M.gguf.origin.json",
    ]


@pytest.fixture
def asked(converter, hub_checkpoint, catalogue):
    """`pull` in a terminal, where it can ask."""
    if sys.platform == "win32":
        pytest.skip("there are no POSIX pseudo-terminals on Windows")
    from terminal.terminal import Terminal

    environment = {"HF_ENDPOINT": hub_checkpoint.url, "HF_HUB_OFFLINE": "0"}
    command = [sys.executable, "-m", "tui", "pull", "tiny-neox", *catalogue]
    with Terminal(command, size=(160, 30), environment=environment) as terminal:
        terminal.shows("it can be made of the original", "of disk", "Convert it now? [y/N]:")
        yield terminal


def test_in_a_terminal_pull_asks_and_no_means_no(asked, hub_checkpoint):
    asked.press("n\r")
    assert asked.ends() == 1
    assert hub_checkpoint.gets == []
    assert not paths.models_dir().exists()


def test_in_a_terminal_pull_asks_and_yes_converts(asked):
    asked.press("y\r")
    asked.shows("converted, verified")
    assert asked.ends() == 0
    assert target().is_file()
