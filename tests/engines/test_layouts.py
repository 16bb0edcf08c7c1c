"""What was learnt of the extra layouts is kept for this build on this CPU, whatever became of its file."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

import llama_cpp.llama_cpp as llama
import pytest
from odd_machine import as_a_worker, command

from tui import paths
from tui.engines.llama import installed
from tui.engines.llama.layouts import Layouts
from tui.engines.llama.protocol import LoadSpec
from tui.engines.llama.trying_layouts import try_layouts
from tui.engines.llama.worker.weights import _reads_whole

from .decoding_stage import Stage

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import MakeTiny


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "layouts.json"


def test_nothing_is_known_before_and_a_crash_is_known_ever_after(file: Path) -> None:
    layouts = Layouts(file)
    assert (layouts.extra, layouts.crash) == (True, None)

    layouts.remember_crash()

    assert not Layouts(file).extra
    assert [each.name for each in file.parent.iterdir()] == ["layouts.json"]
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_its_place_is_the_state_folder() -> None:
    assert Layouts().file == paths.state_dir() / "layouts.json"


def test_another_build_or_another_processor_is_tried_anew_and_the_first_is_not_forgotten(file: Path) -> None:
    Layouts(file, build="a", cpu="x").remember_crash()
    assert Layouts(file, build="b", cpu="x").extra
    assert Layouts(file, build="a", cpu="y").extra

    Layouts(file, build="b", cpu="x").remember_crash()
    assert not Layouts(file, build="a", cpu="x").extra
    assert not Layouts(file, build="b", cpu="x").extra


def test_two_processes_that_learn_it_know_it_once(file: Path) -> None:
    one, other = Layouts(file), Layouts(file)
    one.remember_crash()
    before = file.read_bytes()
    other.remember_crash()
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"crashes": [1]}',
        b'{"crashes": {}}',
        b"\xff\xfe",
        b"x" * 100_000,
        b"[" * 50_000,
    ],
)
def test_a_file_that_is_not_ours_is_nothing_learnt_and_is_replaced(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    layouts = Layouts(file)
    assert layouts.extra

    layouts.remember_crash()

    assert not Layouts(file).extra


def test_a_folder_or_a_pipe_in_its_place_is_nothing_learnt_and_nobody_waits(file: Path) -> None:
    file.mkdir(parents=True)
    layouts = Layouts(file)
    layouts.remember_crash()
    assert not layouts.extra
    assert Layouts(file).extra
    if hasattr(os, "mkfifo"):
        pipe = file / "pipe.json"
        os.mkfifo(pipe)
        assert Layouts(pipe).extra


def test_where_it_cannot_be_written_the_process_remembers(tmp_path: Path) -> None:
    (tmp_path / "in the way").touch()
    layouts = Layouts(tmp_path / "in the way" / "layouts.json")
    layouts.remember_crash()
    assert not layouts.extra


def test_a_build_is_told_from_another_by_its_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLAMA_CPP_LIB_PATH", str(tmp_path))
    library = tmp_path / "libggml-cpu.so"
    told = set()
    for content in (b"one", b"two", b"one"):
        library.write_bytes(content)
        os.utime(library, (1, 1))
        told.add(installed.installed_build.__wrapped__())
    assert len(told) == 2


def test_the_real_build_and_processor_have_names_and_loading_llama_cpp_is_not_needed() -> None:
    assert installed.installed_build().startswith("llama-cpp-python 0.")
    assert len(installed.this_cpu()) > 16
    assert installed.library_folders()[0].is_dir()


def test_weights_that_are_not_laid_out_anew_are_mapped(tmp_path: Path) -> None:
    from tui.engines.llama.children.quantising import quantise
    from tui.engines.llama.tiny_weights import write_tiny_weights

    source, target = tmp_path / "f32.gguf", tmp_path / "q8.gguf"
    write_tiny_weights(source)
    quantise(source, target, "Q8_0", on_progress=lambda _: None)
    assert _reads_whole(LoadSpec(path=str(target), gpu_layers=0))
    assert not _reads_whole(LoadSpec(path=str(target), gpu_layers=0, extra_layouts=False))


def test_a_trial_of_this_machine_decodes_without_the_extra_layouts_at_the_least(
    file: Path, extra_layouts: bool
) -> None:
    trials = try_layouts(Layouts(file))
    assert trials.plain.said == "works"
    assert trials.extra.works == Layouts(file).extra == extra_layouts


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins die of signals")
@pytest.mark.parametrize(
    ("kind", "extra", "plain", "is_learnt"),
    [
        ("amx", "crashes with Q4_0 (SIGSEGV)", "works", True),
        ("batches", "crashes with Q4_0 (SIGSEGV)", "crashes with Q4_0 (SIGSEGV)", False),
    ],
)
def test_a_trial_says_what_crashes_and_remembers_what_only_the_layouts_explain(
    file: Path, kind: str, extra: str, plain: str, is_learnt: bool
) -> None:
    layouts = Layouts(file)
    trials = try_layouts(layouts, command=command(kind, "tui.engines.llama.children.trial"))
    assert (trials.extra.said, trials.plain.said) == (extra, plain)
    assert layouts.extra == (not is_learnt)


def test_a_trial_that_hangs_is_ended_and_said(file: Path) -> None:
    trials = try_layouts(
        Layouts(file), command=command("hang", "tui.engines.llama.children.trial"), seconds=2
    )
    assert trials.plain.said == "does not end with Q4_0, and was ended after 2 s"
    assert Layouts(file).extra


def test_weights_in_pytest_s_own_process_are_loaded_as_a_worker_loads_them(
    tiny: MakeTiny, file: Path, extra_layouts: bool
) -> None:
    """Or a processor on which batches crash would take the tests with them."""
    stage = Stage(tiny(), 1)
    assert stage.weights.facts.extra_layouts == extra_layouts
    stage.close()

    crashing = Layouts(file)
    crashing.remember_crash()
    with as_a_worker(crashing):
        assert not llama.llama_model_default_params().use_extra_bufts
        stage = Stage(tiny(), 1)
        assert not stage.weights.facts.extra_layouts
        stage.close()
    assert llama.llama_model_default_params().use_extra_bufts == extra_layouts
