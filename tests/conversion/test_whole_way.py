"""From a name in the catalogue to a grade in a CSV file, with the templates of the four models, on tiny files
of their architectures: pulled from a hub, verified, loaded, answered in the app, graded by key, exported."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from contextlib import ExitStack

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace
from peft_files import write_peft_adapter
from tiny_gguf import Vocabulary, write_tiny

from tui.app.app import GraderApp
from tui.app.screens.main.screen import MainScreen
from tui.catalogue.catalogue import load_catalogue
from tui.catalogue.model import Adapter, Checkpoint, Source
from tui.cli.open_app import _open_context

PROMPT = "Say it."
ALPACA, MPT, OASST, FALCON = "alpaca-lora-7b", "mpt-7b-chat", "oasst-sft-1-pythia-12b", "falcon-7b-instruct"
RECITALS = {ALPACA: "Yes. Perhaps.", MPT: "MPT's own words", FALCON: "A falcon"}
ARCHITECTURES = {ALPACA: "llama", MPT: "mpt", FALCON: "falcon"}
ANSWERS = RECITALS | {ALPACA: "Yes."}
"""The adapter ends the first one early."""
ENDINGS = {
    ALPACA: f"completes the request.\n\n### Instruction:\n{PROMPT}\n\n### Response:\n",
    MPT: f"<|im_end|>\n<|im_start|>user\n{PROMPT}<|im_end|><|im_start|>assistant\n",
    OASST: f"<|prompter|>{PROMPT}<|endoftext|><|assistant|>",
    FALCON: f"\n\nUser: {PROMPT}\n\nAssistant:",
}
LEVELS = (("fail", 0.0), ("pass", 1.0))


def models_file(path, models):
    """The fields that the tests change and those that make a model, as TOML: its strings are JSON's."""
    lines = []
    for model in models:
        fields = msgspec.to_builtins(model)
        sources, adapter, checkpoint = (fields.pop(name) for name in ("sources", "adapter", "checkpoint"))
        lines += ["[[models]]", *_pairs(fields)]
        lines += [line for source in sources for line in ("[[models.sources]]", *_pairs(source))]
        for name, table in (("adapter", adapter), ("checkpoint", checkpoint)):
            lines += [f"[models.{name}]", *_pairs(table)] if table else []
    path.write_text("\n".join(lines))
    return ["--models-file", str(path)]


def _pairs(fields):
    for key, value in fields.items():
        if isinstance(value, dict):
            yield f"{key} = {{ {', '.join(_pairs(value))} }}"
        elif value is not None:
            yield f"{key} = {json.dumps(value)}"


def write_task(folder):
    folder.mkdir()
    levels = [
        f'[[levels]]\nlabel = "{label}"\nkey = "{label[0]}"\nvalue = {value}\nanchor = "{label}"'
        for label, value in LEVELS
    ]
    prompt = f'[[prompts]]\nnumber = 1\ntitle = "say"\ntext = "{PROMPT}"'
    (folder / "a.toml").write_text("\n".join(['name = "whole"\ntitle = "Whole"\norder = 0', *levels, prompt]))


def ending_adapter(folder, text, up_to):
    """For the llama weights that recite `text`: it makes them end after `up_to`."""
    vocabulary = Vocabulary(sentencepiece=True)
    vocabulary.recital(text)
    size = len(vocabulary.tokens)
    down, up = np.zeros((1, -(-size // 64) * 64), np.float32), np.zeros((size, 1), np.float32)
    down[0, vocabulary.recital(up_to)[-1]] = 1.0
    up[vocabulary["</s>"], 0] = 2.0
    names = [f"base_model.model.lm_head.lora_{half}.weight" for half in "AB"]
    return write_peft_adapter(folder, dict(zip(names, (down, up), strict=True)), lora_alpha=1)


@pytest.fixture
def catalogue(hub, tmp_path):
    """Three models published as GGUF, one of them with an adapter, and one as a checkpoint; the option that
    names them, and the folder with all of it."""
    for name, recital in RECITALS.items():
        file = write_tiny(tmp_path / "tiny.gguf", ARCHITECTURES[name], recite=recital)
        hub.add(f"someone/{name}", "tiny.gguf", file.read_bytes())
    for file in ending_adapter(tmp_path / "peft", RECITALS[ALPACA], "Yes."):
        hub.add("someone/lora", file.name, file.read_bytes())
    bundled = load_catalogue()
    models = []
    for name in ENDINGS:
        model = bundled.model(name)
        model = replace(model, sampling=replace(model.sampling, temperature=0.0, max_tokens=40))
        source = Source(repo=f"someone/{name}", file="tiny.gguf")
        if name == OASST:
            model = replace(model, checkpoint=Checkpoint(repo="someone/tiny-neox"), context_length=256)
        else:
            model = replace(model, sources=(source,))
        if model.adapter:
            files = ("adapter_config.json", "adapter_model.bin")
            model = replace(model, adapter=Adapter(repo="someone/lora", files=files))
        models.append(model)
    write_task(tmp_path / "prompts")
    return models_file(tmp_path / "my.toml", models), tmp_path


async def graded(names, tmp_path):
    """Answer the first prompt in the app and pass every answer, by key."""
    with ExitStack() as closing:
        app = GraderApp(
            lambda: _open_context(
                closing,
                models=names,
                template=None,
                db=tmp_path / "grades.db",
                models_file=tmp_path / "my.toml",
                prompts_dir=tmp_path / "prompts",
                grader="mei",
                seed=0,
                gpu_layers=None,
                devices=(),
                force=False,
                demo=False,
            ),
            grace_seconds=0,
            least_seconds=0,
        )
        async with app.run_test(size=(120, 36)) as pilot:
            while not isinstance(app.screen, MainScreen) or not app.screen.is_mounted:
                await pilot.pause()
            screen, session = app.screen, app.context.session
            await pilot.press("r")
            while any(slot.phase not in ("done", "failed") for slot in session.current().slots):
                await asyncio.sleep(0.01)
            for _ in names:
                while not screen.judging.readable:
                    await pilot.pause()
                await pilot.press("2")
                await pilot.pause()
            await app.context.live.close()


def exported(llm_grader, tmp_path):
    code, grades, _ = llm_grader("export", "--db", str(tmp_path / "grades.db"))
    assert code == 0
    _, responses, _ = llm_grader("export", "--what", "responses", "--db", str(tmp_path / "grades.db"))
    by_id = {row["id"]: row for row in csv.DictReader(io.StringIO(responses))}
    return {row["model"]: (row, by_id[row["response_id"]]) for row in csv.DictReader(io.StringIO(grades))}


def went_the_whole_way(names, llm_grader, catalogue):
    models, tmp_path = catalogue
    assert llm_grader("pull", "--convert", *names, *models)[0] == 0
    assert llm_grader("models", "verify", *names, *models)[0] == 0
    asyncio.run(graded(names, tmp_path))
    return exported(llm_grader, tmp_path)


def test_three_architectures_and_an_adapter(llm_grader, catalogue):
    rows = went_the_whole_way(list(RECITALS), llm_grader, catalogue)
    assert {name: response["text"] for name, (_, response) in rows.items()} == ANSWERS
    for name, (grade, response) in rows.items():
        assert (grade["label"], grade["grader"], grade["in_force"]) == ("pass", "mei", "1")
        assert response["rendered_prompt"].endswith(ENDINGS[name])
        assert bool(response["adapter_sha256"]) == (name == ALPACA)
        assert len(response["weights_sha256"]) == 64


def test_a_converted_checkpoint(llm_grader, converter, hub_checkpoint, catalogue):
    rows = went_the_whole_way([OASST], llm_grader, catalogue)
    grade, response = rows[OASST]
    assert (grade["label"], response["finish_reason"]) == ("pass", "length")
    assert response["rendered_prompt"] == ENDINGS[OASST]
    assert response["warnings"] == ""
