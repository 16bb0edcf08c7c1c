import re
from pathlib import Path

import pytest

from tui.catalogue.catalogue import load_catalogue
from tui.catalogue.loading import load_models, load_task
from tui.catalogue.own import own_model

MODEL = """
[[models]]
name = "{name}"
title = "{title}"
licence = "my own"
[[models.sources]]
path = "own.gguf"
"""
TASK = """
name = "{name}"
title = "{title}"
order = {order}
[[levels]]
label = "no"
key = "x"
value = 0
anchor = "no"
[[levels]]
label = "yes"
key = "w"
value = 1
anchor = "yes"
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    monkeypatch.setenv("LLM_GRADER_CONFIG_DIR", str(folder))
    return folder


def test_a_model_of_ones_own_is_added_and_one_of_the_same_name_replaced(config: Path) -> None:
    added, replaced = (
        MODEL.format(name="mine", title="Mine"),
        MODEL.format(name="mpt-7b-chat", title="My MPT"),
    )
    (config / "models.toml").write_text(added + replaced)

    catalogue = load_catalogue()

    assert catalogue.models[-1].name == "mine"
    assert [model.title for model in catalogue.models if model.name == "mpt-7b-chat"] == ["My MPT"]


def test_the_examples_of_the_page_on_models_and_prompts_are_read(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "models.md").read_text()
    mine, whole, criteria, known = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    file = tmp_path / "file.toml"

    file.write_text(mine)
    (model,) = load_models(file)
    file.write_text(whole)
    levels = load_task(file).levels
    file.write_text(f"{whole}\n{known}")
    (prompt,) = load_task(file).prompts
    file.write_text(f'name = "x"\ntitle = "X"\n{criteria}')
    two = load_task(file).criteria

    assert model.sources[0].path == str(tmp_path / "weights" / "mine.gguf")
    assert [level.label for level in levels] == ["wrong", "right"]
    assert [answer.level for answer in (*prompt.practice, *prompt.controls)] == ["wrong", "right"]
    assert [criterion.shows_expected for criterion in two] == [True, False]


def test_a_model_without_a_licence_says_that_it_is_not_known(tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_text(
        MODEL.format(name="mine", title="Mine").replace('licence = "my own"', "")
    )

    assert load_models(tmp_path / "models.toml")[0].licence == "not known"


def test_a_named_models_file_comes_last(config: Path, tmp_path: Path) -> None:
    (config / "models.toml").write_text(MODEL.format(name="mine", title="from the configuration"))
    (tmp_path / "other.toml").write_text(MODEL.format(name="mine", title="from the named file"))

    catalogue = load_catalogue(models_file=tmp_path / "other.toml")

    assert catalogue.model("mine").title == "from the named file"


def test_the_demo_takes_a_named_models_file_but_not_the_configured_one(config: Path, tmp_path: Path) -> None:
    (config / "models.toml").write_text(MODEL.format(name="configured", title="Configured"))
    (tmp_path / "other.toml").write_text(MODEL.format(name="named", title="Named"))

    catalogue = load_catalogue(demo=True, models_file=tmp_path / "other.toml")

    assert {"smollm2-greedy", "named"} <= {model.name for model in catalogue.models}
    assert "configured" not in {model.name for model in catalogue.models}


def test_tasks_of_ones_own_are_added_in_their_order(config: Path, tmp_path: Path) -> None:
    (config / "prompts").mkdir()
    (config / "prompts" / "a.toml").write_text(TASK.format(name="first", title="First", order=0))
    named = tmp_path / "named"
    named.mkdir()
    (named / "b.toml").write_text(TASK.format(name="code-generation", title="My code", order=9))

    catalogue = load_catalogue(prompts_dir=named)

    assert catalogue.tasks[0].name == "first"
    assert catalogue.tasks[-1].title == "My code"
    assert len(catalogue.tasks) == 5


def test_an_empty_prompts_folder_in_the_configuration_changes_nothing(config: Path) -> None:
    (config / "prompts").mkdir()

    assert len(load_catalogue().tasks) == 4


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("Qwen3 0.6B (Q8).gguf", "qwen3-0.6b-q8"),
        ("SmolLM2-135M-Instruct.Q4_1.gguf", "smollm2-135m-instruct.q4_1"),
        ("模型.gguf", "own-model"),
        ("-x-.gguf", "x"),
        ("a" * 100 + ".gguf", "a" * 64),
    ],
)
def test_a_gguf_of_ones_own_is_a_model(tmp_path: Path, file: str, name: str) -> None:
    model = own_model(tmp_path / file)

    assert (model.name, model.title, model.licence, model.template) == (name, file, "not known", None)
    assert model.sources[0].path == str(tmp_path / file)
    assert (model.sampling.temperature, model.sampling.max_tokens) == (0.0, 512)


def test_an_account_that_does_not_exist_is_a_file_that_is_not_there(tmp_path: Path) -> None:
    nobody = "~no-such-account/x.gguf"

    assert own_model(Path(nobody)).sources[0].path.endswith(nobody)
    (tmp_path / "models.toml").write_text(
        'models = [{ name = "x", title = "X", licence = "MIT", sources = [{ path = "' + nobody + '" }] }]'
    )
    (model,) = load_models(tmp_path / "models.toml")
    assert model.sources[0].path == str(tmp_path / nobody)


def test_a_taken_name_is_made_distinct_by_the_folder_then_by_a_number() -> None:
    file, long = Path("/weights/Q8/model.gguf"), Path("/weights/q8") / ("a" * 100 + ".gguf")

    assert own_model(file, taken=["model"]).name == "model-q8"
    assert own_model(file, taken=["model"]).title == "Q8/model.gguf"
    assert own_model(file, taken=["model", "model-q8"]).name == "model-2"
    assert own_model(long, taken=["a" * 64]).name == "a" * 61 + "-q8"


def test_a_gguf_of_ones_own_can_be_given_a_template(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)

    model = own_model(Path("own.gguf"), template="{{ instruction }}")

    assert model.template == "{{ instruction }}"
    assert model.sources[0].path == str(tmp_path / "own.gguf")
