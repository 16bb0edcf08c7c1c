from __future__ import annotations

import importlib.util
import os
import shutil
import tarfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from neox_checkpoint import write_checkpoint

from tui.conversion.converter_script import converter_folder, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

SDIST = "LLM_GRADER_TEST_SDIST"
VOCABULARY = "vendor/llama.cpp/models/ggml-vocab-gpt-neox.gguf"


@pytest.fixture(scope="session")
def sdist() -> Path:
    """The source distribution of the installed llama-cpp-python. CI fetches it; tests fetch nothing."""
    if importlib.util.find_spec("torch") is None or importlib.util.find_spec("transformers") is None:
        pytest.skip("needs the convert extra: pip install -e '.[convert]'")
    folder = os.environ.get(SDIST)
    if not folder:
        what = f"llama-cpp-python=={version('llama-cpp-python')}"
        pytest.skip(
            f"pip download --no-deps --no-binary llama-cpp-python {what}, and name the folder in {SDIST}"
        )
    (archive,) = Path(folder).glob(f"llama_cpp_python-{version('llama-cpp-python')}.tar.gz")
    return archive


@pytest.fixture(scope="session")
def unpacked(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the converter, as it is kept after its first use."""
    folder = tmp_path_factory.mktemp("converter")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LLM_GRADER_CONVERTER_DIR", str(folder))
        unpack(sdist, converter_folder())
    return folder


@pytest.fixture
def converter(unpacked: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LLM_GRADER_CONVERTER_DIR", str(unpacked))
    return converter_folder()


@pytest.fixture
def script(sdist: Path, converter: Path, tmp_path: Path) -> Path:
    """llama.cpp's own converter of adapters, beside what it imports."""
    name = "convert_lora_to_gguf.py"
    folder = tmp_path / "llama.cpp"
    shutil.copytree(converter, folder)
    (folder / name).write_bytes(read_member(sdist, name))
    return folder / name


def read_member(sdist: Path, end: str) -> bytes:
    with tarfile.open(sdist) as archive:
        member = next(each for each in archive if each.name.endswith(f"/{end}"))
        content = archive.extractfile(member)
        assert content is not None
        return content.read()


class Published(NamedTuple):
    folder: Path
    model: Any
    """The transformers model, in 32 bits."""


@pytest.fixture(scope="session")
def checkpoint(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """A small random GPT-NeoX with the real tokenizer."""
    folder = tmp_path_factory.mktemp("checkpoint") / "tiny-neox"
    vocabulary = folder.parent / "vocabulary.gguf"
    vocabulary.write_bytes(read_member(sdist, VOCABULARY))
    yield Published(folder, write_checkpoint(folder, vocabulary))


@pytest.fixture
def hub_checkpoint(hub: Any, checkpoint: Published) -> Any:
    """The checkpoint at someone/tiny-neox, with files beside it that a conversion does not need."""
    for file in checkpoint.folder.iterdir():
        hub.add("someone/tiny-neox", file.name, file.read_bytes())
    hub.add("someone/tiny-neox", "README.md", b"# tiny")
    hub.add("someone/tiny-neox", "pytorch_model.bin", b"the same weights as a pickle")
    hub.add("someone/tiny-neox", "onnx/model.onnx", b"and for another program")
    return hub
