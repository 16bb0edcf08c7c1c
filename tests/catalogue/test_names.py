"""What a person types for a model: a catalogue name, a file, a repository of the Hub."""

import pytest
from making import model

from tui.catalogue.catalogue import Catalogue
from tui.catalogue.model import Model, Source
from tui.catalogue.names import HubName, hub_name, named_model, named_models
from tui.errors import UsageError

FALCON = Model(
    name="falcon-7b",
    title="Falcon",
    licence="Apache-2.0",
    sources=(Source(repo="TheBloke/falcon-7b-GGUF", file="falcon.Q4_K_M.gguf", quantisation="Q4_K_M"),),
)
CATALOGUE = Catalogue(models=(FALCON,), tasks=())


def path_of(name: str) -> str:
    return named_model(CATALOGUE, name).sources[0].path


def refusal(name: str) -> str:
    with pytest.raises(UsageError) as raised:
        named_model(CATALOGUE, name)
    assert "\n" not in str(raised.value)
    return str(raised.value)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_name_of_the_catalogue_is_that_model_even_beside_a_file_of_that_name(here):
    (here / "falcon-7b").write_bytes(b"GGUF")
    assert named_model(CATALOGUE, "falcon-7b") is FALCON
    assert path_of("./falcon-7b") == str(here / "falcon-7b")


@pytest.mark.parametrize(
    "name",
    [
        "x.gguf",
        "X.GGUF",
        "./x",
        "../x",
        "/nowhere/x",
        "sub/x.gguf",
        "a/b/c",
        "two words/x",
        "C:/x",
        "C:\\x",
        "a\\x",
    ],
)
def test_a_path_is_a_file_whether_it_is_there_or_not(here, name):
    assert path_of(name) == str((here / name).absolute())


def test_a_path_may_begin_with_the_home_folder(here, monkeypatch):
    monkeypatch.setenv("HOME", str(here))
    monkeypatch.setenv("USERPROFILE", str(here))
    assert path_of("~/x") == str(here / "x")


def test_what_exists_is_a_file_whatever_it_is_called(here):
    (here / "owner").mkdir()
    for name in ("weights", "owner/repo", "owner/repo:Q4"):
        (here / name).write_bytes(b"GGUF")
        assert path_of(name) == str(here / name)


@pytest.mark.parametrize(
    ("name", "repo", "rest"),
    [
        ("hf:TheBloke/Llama-2-7B-GGUF", "TheBloke/Llama-2-7B-GGUF", ""),
        ("hf:o/r:Q4_K_M", "o/r", "Q4_K_M"),
        ("hf:o/r:sub/x.Q4_K_M.gguf", "o/r", "sub/x.Q4_K_M.gguf"),
        ("hf:o/r/x.gguf", "o/r", "x.gguf"),
        ("o/r", "o/r", ""),
        ("o/r:Q4_K_M", "o/r", "Q4_K_M"),
        ("o/r:x.gguf", "o/r", "x.gguf"),
        ("hf.co/o/r:Q8_0", "o/r", "Q8_0"),
        ("huggingface.co/o/r", "o/r", ""),
        ("https://huggingface.co/o/r", "o/r", ""),
        ("https://huggingface.co/o/r/", "o/r", ""),
        ("https://huggingface.co/o/r/tree/main", "o/r", ""),
        ("https://huggingface.co/o/r/blob/main/sub/x.gguf", "o/r", "sub/x.gguf"),
        ("https://hf.co/o/r/resolve/main/x.gguf?download=true", "o/r", "x.gguf"),
        ("https://huggingface.co/o/r?library=gguf#files", "o/r", ""),
    ],
)
def test_a_repository_of_the_hub_is_no_file_and_cannot_be_fetched_by_name_yet(name, repo, rest):
    assert hub_name(name) == HubName(repo, rest)
    told = refusal(name)
    assert "cannot be fetched by name yet: download one of its GGUF files and name that" in told
    assert "no such file" not in told


def test_a_bare_repository_might_have_been_meant_for_a_file():
    assert refusal("TheBloke/Llama-2-7B-GGUF").startswith('"TheBloke/Llama-2-7B-GGUF" is no file here; as a ')
    assert refusal("hf:o/r").startswith('"hf:o/r" is a repository of the Hub, which cannot ')


@pytest.mark.parametrize("rest", ["", ":q4_k_m", ":falcon.Q4_K_M.gguf"])
def test_a_repository_that_the_catalogue_knows_is_told_by_its_name_there(rest):
    name = f"thebloke/Falcon-7B-GGUF{rest}"
    assert refusal(f"hf:{name}") == f'"hf:{name}" is in the catalogue: name it falcon-7b'
    assert "by name yet" in refusal("hf:TheBloke/falcon-7b-GGUF:Q8_0")


@pytest.mark.parametrize(
    "name", ["hf:", "hf:x", "hf:/x", "https://example.com/x.gguf", "https://huggingface.co/datasets/o/r"]
)
def test_an_address_that_is_none_of_a_repository(name):
    assert refusal(name) == f'"{name}" is no repository of the Hub; one is written hf:OWNER/REPO'


def test_an_unknown_name_is_told_with_the_nearest():
    assert refusal("falcon") == 'there is no model "falcon"; did you mean falcon-7b?'


def test_a_template_wants_a_file():
    with pytest.raises(UsageError, match="--template is for a GGUF file"):
        named_models(CATALOGUE, ["falcon-7b"], "{{ instruction }}")
    assert named_models(CATALOGUE, ["x.gguf"], "{{ instruction }}")[0].template == "{{ instruction }}"


def test_files_of_the_same_name_are_models_of_different_names(tmp_path):
    catalogue = Catalogue(models=(model("shipped", tmp_path / "x.gguf"),), tasks=())
    files = [str(tmp_path / file) for file in ("a/it.gguf", "b/it.gguf", "c/b/it.gguf", "c/shipped.gguf")]
    chosen = named_models(catalogue, [*files, files[1], "shipped"])
    assert [each.name for each in chosen] == ["it", "it-b", "it-2", "shipped-c", "shipped"]


def test_the_same_model_named_twice_runs_once(tmp_path):
    mine = model("mine", tmp_path / "x.gguf")
    assert named_models(Catalogue(models=(mine,), tasks=()), ["mine", "mine"]) == (mine,)
