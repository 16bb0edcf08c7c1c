"""What `doctor` says, and that it says it of any machine."""

from __future__ import annotations

import json
import re
import shutil
import sys

import pytest
from odd_machine import command

from tui.cli import doctor_facts, doctor_layouts
from tui.cli.doctor_layouts import LayoutFacts
from tui.engines.llama import trying_layouts
from tui.engines.llama.engine import LlamaEngine
from tui.engines.llama.layouts import Layouts
from tui.engines.llama.probing import Build, probe
from tui.memory.free import Device

CPU = Device(name="CPU", description="a processor", kind="cpu", free=0, total=0)
WORKS = LayoutFacts("works", "works", used=True, works=True)
CARD = Device(name="CUDA0", description="a card", kind="gpu", free=24_000_000_000, total=25_000_000_000)


def pretend(monkeypatch, *, free=14_100_000_000, offloads=False, devices=(CPU,)):
    build = Build(binding="1.2.3", system="CPU : AVX2 = 1 | FMA = 0 |", offloads=offloads, devices=devices)
    monkeypatch.setattr(doctor_facts, "probe", lambda: build)
    monkeypatch.setattr(doctor_facts, "examine_layouts", lambda: WORKS)
    monkeypatch.setattr("tui.memory.fit.free_memory", lambda: free)


def test_it_tells_of_this_machine_one_fact_a_line(llm_grader):
    code, output, error = llm_grader("doctor", "--demo")
    facts = dict(re.split(" {2,}", line, maxsplit=1) for line in output.partition("\n\n")[0].splitlines())
    assert (code, error) == (0, "")
    assert {"Python", "engine", "backends", "CPU features", "threads", "memory", "database", "hub"} <= {
        *facts
    }
    assert facts["engine"].startswith("llama-cpp-python ")
    assert "CPU" in facts["backends"]
    assert facts["layouts"].startswith("a batch with llama.cpp's extra layouts ")
    assert "SmolLM2 greedy Q4_1 needs 0.23 GB, " in output
    assert "can be written" in facts["database"]


def test_a_card_stands_in_a_line_of_its_own_and_beside_the_processor_s_features(llm_grader, monkeypatch):
    system = "CUDA : ARCHS = 890 | USE_GRAPHS = 1 | CPU : SSE3 = 1 | FMA = 0 | REPACK = 1 | "
    build = Build(binding="1.2.3", system=system, offloads=True, devices=(CARD, CPU))
    monkeypatch.setattr(doctor_facts, "probe", lambda: build)
    _, output, _ = llm_grader("doctor", "--demo")
    facts = dict(re.split(" {2,}", line, maxsplit=1) for line in output.partition("\n\n")[0].splitlines())
    assert facts["device CUDA0"] == "a card, 24.0 of 25.0 GB free"
    assert facts["backends"] == "CUDA, CPU"
    assert facts["CPU features"] == "SSE3, REPACK"


def test_json_is_one_object_with_the_same(llm_grader):
    code, output, _ = llm_grader("doctor", "--demo", "--json")
    report = json.loads(output)
    assert (code, report["can_run"], report["engine_works"]) == (0, True, True)
    assert [model["fits"] for model in report["models"]] == [True] * 4


def test_what_will_not_fit_is_told_with_what_is_smaller(llm_grader, monkeypatch):
    pretend(monkeypatch)
    code, output, _ = llm_grader("doctor")
    [falcon] = [line for line in output.splitlines() if line.startswith("Falcon-40B")]
    assert "Q4_K_M needs 26.2 GB, 14.1 free: will not fit; Q2_K 16.5" in falcon
    assert code == 0


def machine(monkeypatch, kind, *, system="CPU : AVX2 = 1 | AMX_INT8 = 1 | REPACK = 1 | "):
    """What decodes and what crashes is as on a machine of this kind, with the real llama.cpp."""
    pretend(monkeypatch)
    build = Build(binding="1.2.3", system=system, offloads=True, devices=(CPU,))
    monkeypatch.setattr(doctor_facts, "probe", lambda: build)
    monkeypatch.setattr(doctor_facts, "examine_layouts", doctor_layouts.examine_layouts)
    monkeypatch.setitem(
        trying_layouts.try_layouts.__kwdefaults__,
        "command",
        command(kind, "tui.engines.llama.children.trial"),
    )
    monkeypatch.setattr(doctor_facts.sys, "platform", "linux")


def layouts_line(output):
    [line] = [line for line in output.splitlines() if line.startswith("layouts ")]
    return re.split(" {2,}", line)[1]


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins die of signals")
def test_layouts_that_crash_are_named_remembered_and_come_with_the_line_that_rebuilds(
    llm_grader, monkeypatch
):
    machine(monkeypatch, "amx")
    code, output, _ = llm_grader("doctor", "--demo")
    assert code == 0
    assert layouts_line(output) == (
        "a batch with llama.cpp's extra layouts crashes with Q4_0 (SIGSEGV), one without works:"
        " they are not used; answers are as good without them, and about as fast"
    )
    [advice] = [line for line in output.splitlines() if line.startswith("For full speed")]
    flags = "-mno-amx-tile -mno-amx-int8 -mno-amx-bf16"
    assert f"CMAKE_ARGS=\"-DCMAKE_C_FLAGS='{flags}' -DCMAKE_CXX_FLAGS='{flags}'\" pip install" in advice
    assert not Layouts().extra

    report = json.loads(llm_grader("doctor", "--demo", "--json")[1])
    assert report["layouts"]["extra"] == "crashes with Q4_0 (SIGSEGV)"
    assert (report["layouts"]["plain"], report["layouts"]["used"]) == ("works", False)
    assert report["rebuild"] == advice
    assert report["can_run"]


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins die of signals")
def test_a_build_that_crashes_either_way_can_run_nothing(llm_grader, monkeypatch):
    machine(monkeypatch, "batches", system="CPU : AVX2 = 1 | ")
    code, output, _ = llm_grader("doctor", "--demo")
    assert code == 1
    assert layouts_line(output).count("crashes with Q4_0 (SIGSEGV)") == 2
    assert layouts_line(output).endswith(": no answer can be written")
    assert "Build llama.cpp anew for this very CPU: pip install " in output
    assert "Nothing can run here." in output


def test_a_crash_of_an_answer_counts_where_a_small_batch_works(llm_grader, monkeypatch, extra_layouts):
    if not extra_layouts:
        pytest.skip("here a small batch crashes as well")
    machine(monkeypatch, "never")
    Layouts().remember_crash()
    _, output, _ = llm_grader("doctor", "--demo")
    said = layouts_line(output)
    assert "extra layouts works, one without works: they are not used; an answer crashed with them on" in said
    assert str(Layouts().file) in said


def test_where_nothing_fits_it_fails(llm_grader, monkeypatch):
    pretend(monkeypatch, free=100_000_000)
    code, output, _ = llm_grader("doctor", "--demo")
    assert code == 1
    assert "Nothing can run here." in output


def test_a_card_is_shown_with_its_free_memory_and_the_layers_on_it(llm_grader, monkeypatch):
    pretend(monkeypatch, offloads=True, devices=(CARD, CPU))
    _, output, _ = llm_grader("doctor")
    assert "a card, 24.0 of 25.0 GB free" in output
    assert "+ 24.0 on CUDA0: fits, " in output


def test_a_card_that_the_build_cannot_use_is_one_line_to_run(llm_grader, monkeypatch):
    pretend(monkeypatch)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(doctor_facts.sys, "platform", "linux")
    _, output, _ = llm_grader("doctor", "--demo")
    assert 'CMAKE_ARGS="-DGGML_CUDA=on" pip install --force-reinstall' in output
    pretend(monkeypatch, offloads=True, devices=(CARD, CPU))
    _, output, _ = llm_grader("doctor", "--demo")
    assert "CMAKE_ARGS" not in output


def test_a_broken_binding_is_one_line_and_a_failure(llm_grader, monkeypatch, tmp_path):
    (tmp_path / "llama_cpp").mkdir()
    (tmp_path / "llama_cpp" / "__init__.py").write_text("raise RuntimeError('libllama.so is gone')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    code, output, _ = llm_grader("doctor", "--demo")
    assert code == 1
    [line] = [line for line in output.splitlines() if line.startswith("engine")]
    said = "llama-cpp-python does not work here: RuntimeError: libllama.so is gone"
    assert re.split(" {2,}", line) == ["engine", said]


def test_the_token_for_the_hub_is_never_shown(llm_grader, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    _, output, _ = llm_grader("doctor", "--demo")
    assert "HF_TOKEN set" in output
    assert "secret" not in output


def test_the_probe_finds_the_processor():
    assert any(device.kind == "cpu" and device.name == "CPU" for device in probe().devices)


@pytest.mark.parametrize(
    ("arguments", "environment", "told"),
    [
        (["--device", "CUDA7"], {}, "there is no device CUDA7"),
        ([], {"LLM_GRADER_DEVICE": "CUDA8,CUDA9"}, "there is no device CUDA8"),
        (["--device", "CUDA7"], {"LLM_GRADER_DEVICE": "CUDA8"}, "there is no device CUDA7"),
    ],
)
def test_a_device_by_flag_or_environment_reaches_llama_cpp(
    llm_grader, monkeypatch, arguments, environment, told
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    run = ["run", "--demo", "-m", "smollm2-raw", "-p", "code-generation/1"]
    code, _, error = llm_grader(*run, *arguments)
    assert code == 1
    assert told in error


def test_a_number_of_layers_that_is_none_is_a_usage_error(llm_grader, monkeypatch):
    monkeypatch.setenv("LLM_GRADER_GPU_LAYERS", "many")
    code, _, error = llm_grader("run", "--demo")
    assert code == 2
    assert "--gpu-layers" in error


def test_a_run_refuses_what_does_not_fit_by_the_model_s_name(llm_grader, monkeypatch):
    scarce = {**LlamaEngine.__init__.__kwdefaults__, "available": lambda _pids: 1_000_000}
    monkeypatch.setattr(LlamaEngine.__init__, "__kwdefaults__", scarce)
    code, _, error = llm_grader("run", "--demo", "-m", "smollm2-raw", "-p", "code-generation/1")
    assert code == 1
    assert "SmolLM2 no template Q4_1 needs 0.23 GB, 0.00 free: will not fit; --force tries" in error
