from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hub_server import Turn
from huggingface_hub import constants

from tui import paths
from tui.catalogue.catalogue import load_catalogue
from tui.memory.free import Device
from tui.weights.files import digest_cache
from tui.weights.files.layout import target_of

REPO, FILE = "someone/some-gguf", "some.gguf"
CONTENT = b"GGUF" + bytes(range(256)) * 2000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
SOURCE = f'[[models.sources]]\nrepo = "{REPO}"\nfile = "{FILE}"\nquantisation = "Q4_K_M"\n'


@pytest.fixture
def catalogue(tmp_path):
    """Write a models file; gives the options that name it."""

    def write(*entries: str) -> list[str]:
        file = tmp_path / "my.toml"
        file.write_text("\n".join(entries))
        return ["--models-file", str(file)]

    return write


def entry(name="some", source=SOURCE, **fields):
    values = {"name": name, "title": name, "licence": "MIT"} | fields
    return (
        "[[models]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items()) + source
    )


def target():
    return paths.models_dir() / REPO / FILE


def test_pull_says_where_from_how_large_and_where_to(llm_grader, hub, catalogue):
    hub.add(REPO, FILE, CONTENT)
    code, output, error = llm_grader("pull", "some", *catalogue(entry()))
    assert (code, output) == (0, f"some: fetched, verified: {target()}\n")
    first, *_ = error.splitlines()
    assert first.startswith(f"some: 512 kB from {REPO} to {target()}, where ")
    assert first.endswith(" GB are free")
    assert "some: 100 %, " in error
    assert "\x1b" not in error
    assert llm_grader("pull", "some", *catalogue(entry()))[:2] == (
        0,
        f"some: here already, verified: {target()}\n",
    )


def test_all_names_are_checked_before_anything_is_fetched(llm_grader, hub, catalogue):
    hub.add(REPO, FILE, CONTENT)
    code, output, error = llm_grader("pull", "some", "nosuch", *catalogue(entry()))
    assert (code, output) == (2, "")
    assert 'there is no model "nosuch"' in error
    assert hub.requests == []


def test_a_non_commercial_licence_is_said_before_the_download(llm_grader, hub, catalogue):
    hub.add(REPO, FILE, CONTENT)
    options = catalogue(entry(licence="CC-BY-NC-SA-4.0", non_commercial=True))
    _, _, error = llm_grader("pull", "some", *options)
    assert error.splitlines()[0] == "some: its licence is CC-BY-NC-SA-4.0: not for commercial use"


def test_every_source_that_fails_is_a_line_and_none_left_is_exit_code_1(llm_grader, hub, catalogue):
    other = SOURCE.replace(REPO, "someone/gone")
    hub.add(REPO, FILE, CONTENT, error=(403, "GatedRepo"))
    code, output, error = llm_grader("pull", "some", *catalogue(entry(source=other + SOURCE)))
    first, second = error.splitlines()
    assert (code, output) == (1, "")
    assert first.startswith("some: someone/gone some.gguf: no such repository")
    assert first.endswith("; trying the next source")
    assert second.startswith(
        "llm-grader: some: none of its 2 sources gives the file; the last, someone/some-gguf some.gguf: gated"
    )


def test_one_model_that_fails_does_not_keep_the_next_from_being_fetched(llm_grader, hub, catalogue):
    hub.add(REPO, FILE, CONTENT)
    options = catalogue(entry("gone", SOURCE.replace(REPO, "someone/gone")), entry())
    code, output, error = llm_grader("pull", "gone", "some", *options)
    assert (code, output) == (1, f"some: fetched, verified: {target()}\n")
    assert "llm-grader: gone: someone/gone some.gguf: no such repository" in error


def test_an_adapter_that_cannot_be_had_is_said_and_the_base_stays(llm_grader, hub, catalogue):
    hub.add(REPO, FILE, CONTENT)
    adapter = '[models.adapter]\nrepo = "someone/lora"\nfiles = ["adapter_model.bin"]\n'
    options = catalogue(entry(source=SOURCE + adapter))
    code, output, error = llm_grader("pull", "some", *options)
    assert (code, output) == (1, "")
    told = "llm-grader: some: its adapter someone/lora adapter_model.bin: no such repository, "
    assert error.splitlines()[-1].startswith(told)
    assert llm_grader("models", "path", "some", *options)[1] == f"{target()}\n"


def test_models_shows_every_state(llm_grader, hub, catalogue, monkeypatch):
    hub.add(REPO, FILE, CONTENT)
    options = catalogue(entry())

    def state():
        code, output, _ = llm_grader("models", *options)
        assert code == 0
        row = next(line for line in output.splitlines() if line.startswith("some "))
        assert "Q4_K_M" in row or "broken" in row
        return row.removeprefix("some").split("Q4")[0].strip()

    assert state() == "absent"
    hub.turns[:] = [Turn(stop_after=220_000), Turn(status=404)]
    llm_grader("pull", "some", *options)
    assert state() == "42 %"
    hub.turns.clear()
    llm_grader("pull", "some", *options)
    assert state() == "verified"
    (paths.state_dir() / "fingerprints.json").unlink()
    monkeypatch.setattr(digest_cache, "_in_this_process", {})
    assert state() == "unverified"
    target().write_bytes(b"GGUF")
    assert state() == "broken"
    rows = map(json.loads, llm_grader("models", "--json", *options)[1].splitlines())
    row = next(row for row in rows if row["name"] == "some")
    assert (row["state"], row["file"], row["quantisation"]) == ("broken", FILE, "Q4_K_M")
    assert "it has 4 bytes instead of 512,004: fetch it again with `llm-grader pull some`" in row["problem"]


def test_the_memory_of_a_gpu_counts(llm_grader, monkeypatch):
    card = Device(name="CUDA0", description="a card", kind="gpu", free=90 << 30, total=96 << 30)
    monkeypatch.setattr("tui.memory.fit.free_memory", lambda: 14_100_000_000)

    def falcon() -> dict[str, object]:
        _, output, _ = llm_grader("models", "--json")
        return next(row for row in map(json.loads, output.splitlines()) if "40b" in row["name"])

    assert falcon()["fit"] != "fits"
    monkeypatch.setattr("tui.engines.llama.probing.gpus", lambda: (card,))
    assert falcon()["fit"] == "fits"
    _, output, _ = llm_grader("models")
    assert "96.6 GB on CUDA0." in output


def test_verify_reads_again_and_tells_a_file_that_changed(llm_grader, hub, catalogue):
    hub.add(REPO, FILE, CONTENT)
    options = catalogue(entry())
    llm_grader("pull", "some", *options)
    assert llm_grader("models", "verify", *options)[:2] == (
        0,
        f"some: verified, sha256 {SHA256}: {target()}\n",
    )
    damaged = CONTENT[:-1] + b"x"
    target().write_bytes(damaged)
    code, output, _ = llm_grader("models", "verify", "some", *options)
    assert code == 1
    assert output.startswith(
        f"some: broken: its sha256 is {hashlib.sha256(damaged).hexdigest()}, it should be"
    )
    assert llm_grader("run", "-m", "some")[0] != 0
    assert llm_grader("models", "verify", "falcon-7b-instruct")[0] == 1


def test_path_prints_the_path_alone(llm_grader, hub, catalogue):
    hub.add(REPO, FILE, CONTENT)
    options = catalogue(entry())
    code, output, error = llm_grader("models", "path", "some", *options)
    assert (code, output) == (1, "")
    assert "llm-grader pull some" in error
    llm_grader("pull", "some", *options)
    assert llm_grader("models", "path", "some", *options) == (0, f"{target()}\n", "")


def test_remove_deletes_what_is_ours_and_nothing_else(llm_grader, hub, catalogue, home):
    hub.add(REPO, FILE, CONTENT)
    options = catalogue(entry())
    llm_grader("pull", "some", *options)
    target().with_name(f"{FILE}.lock").touch()
    own = paths.models_dir() / "someone" / "mine.gguf"
    own.write_bytes(b"GGUF")
    code, output, error = llm_grader("models", "remove", "some", *options)
    assert (code, error) == (0, "512 kB are free again.\n")
    assert output.splitlines() == [f"removed {target()}", f"removed {target()}.origin.json"]
    assert [path for path in paths.models_dir().rglob("*") if path.is_file()] == [own]
    assert llm_grader("models", "remove", "some", *options)[0] == 1


def test_remove_names_the_others_that_lose_the_same_file_converted_ones_too(llm_grader, hub, catalogue):
    checkpoint = '\n[models.checkpoint]\nrepo = "someone/original"\n'
    converted = (entry(name, checkpoint) for name in ("some", "twin"))
    options = catalogue(*converted, entry("other", '\n[models.checkpoint]\nrepo = "someone/else"\n'))
    model = load_catalogue(models_file=Path(options[1])).model("some")
    made = target_of(model.checkpoint.converted)
    made.parent.mkdir(parents=True)
    made.write_bytes(b"GGUF")
    code, _, error = llm_grader("models", "remove", "some", *options)
    assert code == 0
    assert error.splitlines()[0] == "twin had the same file."


def test_remove_does_not_follow_a_link_out_of_the_models_folder(llm_grader, catalogue, tmp_path):
    outside = tmp_path / "outside" / "some-gguf"
    outside.mkdir(parents=True)
    (outside / FILE).write_bytes(b"GGUF")
    paths.models_dir().mkdir(parents=True)
    (paths.models_dir() / "someone").symlink_to(tmp_path / "outside")
    code, _, error = llm_grader("models", "remove", "some", *catalogue(entry()))
    assert code == 1
    assert "is not in the models folder and stays" in error
    assert (outside / FILE).exists()


STRANGE = [
    'package = "no_such_package.inside"\nfile = "x.gguf"',
    'repo = "not/a/repo name"\nfile = "x.gguf"',
    'repo = "someone/x"\nfile = "../../../../x.gguf"',
    f'repo = "someone/x"\nfile = "{"x" * 5000}"',
    f'path = "/{"x" * 5000}"',
    'path = "~no-such-account/x.gguf"',
]


@pytest.mark.parametrize("source", STRANGE)
def test_a_source_that_cannot_be_looked_up_is_one_line_everywhere(llm_grader, hub, catalogue, source):
    options = catalogue(entry(source=f"[[models.sources]]\n{source}\n"))
    for command in (("pull",), ("models", "path"), ("models", "verify"), ("models", "remove")):
        code, output, error = llm_grader(*command, "some", *options)
        assert (code, output, error.count("\n")) == (1, "", 1)
    assert llm_grader("models", *options)[0] == 0


def test_help_of_models_names_its_commands(llm_grader):
    code, output, _ = llm_grader("models", "--help")
    assert code == 0
    assert all(f"\n  {name} " in output for name in ("path", "remove", "verify"))


def test_options_of_the_list_are_refused_before_another_command(llm_grader):
    code, _, error = llm_grader("models", "--json", "path", "some")
    assert code == 2
    assert "--json goes after the command" in error


def test_offline_mode_is_said(llm_grader, hub, catalogue, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    code, _, error = llm_grader("pull", "some", *catalogue(entry()))
    assert (code, error.count("\n")) == (1, 1)
    assert "offline mode is on (HF_HUB_OFFLINE)" in error


def test_what_keeps_every_model_from_being_fetched_is_said_once(llm_grader, hub, catalogue):
    hub.close()
    several = SOURCE + SOURCE.replace(FILE, "other.gguf") + SOURCE.replace(REPO, "someone/else")
    options = catalogue(entry("one", several), entry("two", several), entry("three", several))
    code, output, error = llm_grader("pull", "one", "two", "three", *options)
    first, second = error.splitlines()
    assert (code, output) == (1, "")
    assert first.startswith("llm-grader: one: 127.0.0.1 cannot be reached (")
    assert second == "llm-grader: the same holds for two, three"


def test_the_same_reason_of_several_sources_is_said_once(llm_grader, hub, catalogue):
    sources = [SOURCE.replace(REPO, f"someone/{name}") for name in ("a", "b", "c")]
    _, _, error = llm_grader("pull", "some", *catalogue(entry(source="".join(sources))))
    first, last = error.splitlines()
    assert first.endswith("no such repository, or a private one that needs HF_TOKEN; trying the next source")
    assert last == "llm-grader: some: none of its 3 sources gives the file, all for the same reason"


def test_what_is_here_is_found_although_the_hub_cannot_be_reached(llm_grader, hub, catalogue):
    hub.add(REPO, FILE, CONTENT)
    options = catalogue(entry("gone", SOURCE.replace(REPO, "someone/gone")), entry())
    assert llm_grader("pull", "some", *options)[0] == 0
    hub.close()
    code, output, _ = llm_grader("pull", "gone", "some", *options)
    assert (code, output) == (1, f"some: here already, verified: {target()}\n")
