"""A checkpoint becomes a GGUF file that means the same, with the real converter and the real quantiser."""

from __future__ import annotations

import hashlib
import json
import shutil

import gguf
import numpy as np
import pytest
from hub_server import COMMIT
from huggingface_hub import constants
from logits import logits
from weights.quick import QUICK, model_of

from tui import paths
from tui.catalogue.model import Checkpoint
from tui.conversion import steps
from tui.conversion.conversion import Conversion
from tui.conversion.fetch_or_convert import fetch_or_convert
from tui.conversion.steps import CHECKPOINT, CONVERTER, GGUF, TRIAL, convert
from tui.errors import WeightsError
from tui.weights.control import Control
from tui.weights.errors import StoppedError
from tui.weights.events import Converting, Finished, Progress, Remark, Started
from tui.weights.files.layout import target_of
from tui.weights.files.locate import locate
from tui.weights.files.removal import remove
from tui.weights.files.status import state_of, verify

ORIGINAL = Checkpoint(repo="someone/tiny-neox")
MODEL = model_of(name="tiny-neox", checkpoint=ORIGINAL)
QUANTISING = "quantising to Q4_K_M"
TEXT = "Hello, world! 12345 été 你好\n\n    def f(x):\n\treturn x  # ok"


def of_folder(folder, quantisation, tmp_path):
    return Conversion("tiny", folder, tmp_path / f"tiny-{quantisation}.gguf", quantisation)


def steps_of(events):
    return list(dict.fromkeys(event.what for event in events if isinstance(event, Converting)))


def files_of(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_logits_are_those_of_transformers(converter, checkpoint, tmp_path):
    import torch

    *_, finished = convert(of_folder(checkpoint.folder, "F32", tmp_path))
    tokens = [10, 200, 3000, 40_000, 7, 50_278, 11]
    with torch.inference_mode():
        expected = checkpoint.model(torch.tensor([tokens])).logits[0].numpy()
    found = logits(finished.path, tokens)
    assert np.abs(found - expected).max() < 1e-3 * np.abs(expected).max() + 1e-4
    assert (found.argmax(axis=1) == expected.argmax(axis=1)).all()


def test_text_is_split_as_transformers_splits_it(converter, checkpoint, tmp_path):
    from llama_cpp import Llama
    from transformers import AutoTokenizer

    *_, finished = convert(of_folder(checkpoint.folder, "Q8_0", tmp_path))
    tokenizer = AutoTokenizer.from_pretrained(checkpoint.folder)
    model = Llama(str(finished.path), vocab_only=True, verbose=False)
    assert model.tokenize(TEXT.encode(), add_bos=False) == tokenizer(TEXT)["input_ids"]
    ids = [model.tokenize(text, add_bos=False, special=True) for text in (b"<|prompter|>", b"<|assistant|>")]
    assert ids == [[50_277], [50_278]]
    assert gguf.GGUFReader(finished.path).fields["tokenizer.ggml.pre"].contents() == "olmo"


def test_a_folder_of_the_persons_is_only_read(converter, checkpoint, tmp_path, home):
    before = {file.name: file.read_bytes() for file in checkpoint.folder.iterdir()}
    events = list(convert(of_folder(checkpoint.folder, "Q4_K_M", tmp_path)))
    assert events[-1].converted
    assert steps_of(events) == [CONVERTER, GGUF, QUANTISING, TRIAL]
    assert {file.name: file.read_bytes() for file in checkpoint.folder.iterdir()} == before
    assert files_of(home / "data_dir") == []
    assert files_of(tmp_path) == ["tiny-Q4_K_M.gguf", "tiny-Q4_K_M.gguf.origin.json"]


def test_a_quantised_file_is_smaller_and_nearly_the_same(converter, checkpoint, tmp_path):
    *_, whole = convert(of_folder(checkpoint.folder, "F16", tmp_path))
    events = list(convert(of_folder(checkpoint.folder, "Q4_K_M", tmp_path)))
    assert events[-1].size < whole.size
    tokens = [10, 200, 3000]
    exact, near = logits(whole.path, tokens), logits(events[-1].path, tokens)
    assert 0 < np.abs(exact - near).max() < 0.2 * np.abs(exact).max()
    remarks = [event.text for event in events if isinstance(event, Remark)]
    assert any("matrices have a width that Q4_K_M does not fit" in text for text in remarks)


def obtained(control=None):
    return list(fetch_or_convert(MODEL, control=control or Control(QUICK)))


def test_a_model_that_is_only_published_as_a_checkpoint_is_made_and_can_run(converter, hub_checkpoint):
    events = obtained()
    assert steps_of(events) == [CONVERTER, CHECKPOINT, GGUF, QUANTISING, TRIAL]
    here = locate(MODEL)
    assert here.path == paths.models_dir() / "someone" / "tiny-neox" / "tiny-neox-Q4_K_M.gguf"
    assert here.source.quantisation == "Q4_K_M"
    list(verify(MODEL))
    assert state_of(MODEL).word == "verified"
    assert state_of(MODEL).sha256 == hashlib.sha256(here.path.read_bytes()).hexdigest()
    asked = len(hub_checkpoint.requests)
    (finished,) = obtained()
    assert isinstance(finished, Finished)
    assert not finished.fetched
    assert len(hub_checkpoint.requests) == asked


def test_only_what_a_conversion_needs_is_fetched_and_nothing_of_it_stays(converter, hub_checkpoint):
    events = obtained()
    fetched = {request.path.rpartition("/")[2] for request in hub_checkpoint.gets}
    assert "model.safetensors" in fetched
    assert not fetched & {"README.md", "pytorch_model.bin", "model.onnx"}
    (started,) = (event for event in events if isinstance(event, Started))
    last = [event for event in events if isinstance(event, Progress)][-1]
    assert last.done == last.size == started.size
    assert files_of(paths.models_dir()) == [
        "someone/tiny-neox/tiny-neox-Q4_K_M.gguf",
        "someone/tiny-neox/tiny-neox-Q4_K_M.gguf.origin.json",
    ]


def test_a_changed_file_is_broken_and_is_made_again(converter, hub_checkpoint):
    obtained()
    path = locate(MODEL).path
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + b"?")
    list(verify(MODEL))
    with pytest.raises(WeightsError, match=r"is broken: .*`llm-grader pull --convert tiny-neox`"):
        locate(MODEL)
    obtained()
    assert path.read_bytes() == whole
    remove(MODEL)
    assert files_of(paths.models_dir()) == []


def another(checkpoint, folder):
    """The same model with other weights, in a folder of the same name."""
    from safetensors.torch import load_file, save_file

    shutil.copytree(checkpoint.folder, folder / checkpoint.folder.name)
    file = folder / checkpoint.folder.name / "model.safetensors"
    tensors = load_file(file)
    tensors["embed_out.weight"] = -tensors["embed_out.weight"]
    save_file(tensors, file, metadata={"format": "pt"})
    return folder / checkpoint.folder.name


def test_a_file_made_from_something_else_is_not_taken_for_it(converter, checkpoint, tmp_path):
    first = of_folder(checkpoint.folder, "Q8_0", tmp_path)
    *_, finished = convert(first)
    made = finished.path.read_bytes()
    with pytest.raises(
        WeightsError, match="is there already, and was not made from this: remove it, or name"
    ):
        list(convert(of_folder(another(checkpoint, tmp_path), "Q8_0", tmp_path)))
    assert finished.path.read_bytes() == made
    (again,) = convert(first)
    assert (again.fetched, again.verified) == (False, True)


def test_a_file_of_the_persons_is_not_taken_for_it(converter, checkpoint, tmp_path):
    (tmp_path / "tiny-Q8_0.gguf").write_bytes(b"hello")
    with pytest.raises(WeightsError, match="is there already, and was not made from this"):
        list(convert(of_folder(checkpoint.folder, "Q8_0", tmp_path)))
    assert (tmp_path / "tiny-Q8_0.gguf").read_bytes() == b"hello"


def stopped_at(what, conversion):
    control = Control()
    with pytest.raises(StoppedError):
        for event in convert(conversion, control=control):
            if isinstance(event, Converting) and event.what == what:
                control.stop()


def test_what_another_source_left_half_way_is_not_used(converter, checkpoint, tmp_path):
    other = another(checkpoint, tmp_path)
    stopped_at(QUANTISING, of_folder(other, "Q4_K_M", tmp_path))
    assert (tmp_path / "tiny-Q4_K_M.gguf.16bit.gguf").is_file()
    events = list(convert(of_folder(checkpoint.folder, "Q4_K_M", tmp_path)))
    assert steps_of(events) == [CONVERTER, GGUF, QUANTISING, TRIAL]


def test_what_the_quantiser_says_is_said_in_a_line(converter, checkpoint, tmp_path):
    conversion = of_folder(checkpoint.folder, "Q4_K_M", tmp_path)
    stopped_at(QUANTISING, conversion)
    size = conversion.whole.stat().st_size
    conversion.whole.write_bytes(b"GGUF" + b"?" * (size - 4))
    with pytest.raises(WeightsError) as raised:
        list(convert(conversion))
    assert "{" not in str(raised.value)
    assert str(raised.value).startswith("tiny: tiny-Q4_K_M.gguf.16bit.gguf: ")
    assert str(raised.value).endswith(f"; if it fails again, remove {conversion.whole}")


def test_what_was_fetched_can_be_converted_offline(converter, hub_checkpoint, monkeypatch):
    with pytest.raises(StoppedError):
        StopAt(QUICK).watch(GGUF)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    asked = len(hub_checkpoint.requests)
    events = obtained()
    assert events[-1].converted
    assert len(hub_checkpoint.requests) == asked


def test_python_code_of_a_checkpoint_is_not_run(converter, checkpoint, tmp_path):
    folder, ran = tmp_path / "coded", tmp_path / "ran"
    shutil.copytree(checkpoint.folder, folder)
    for name, entry in (("config.json", "AutoConfig"), ("tokenizer_config.json", "AutoTokenizer")):
        settings = json.loads((folder / name).read_text())
        code = {entry: ["own.Own", None] if "Tokenizer" in entry else "own.Own"}
        settings |= {"auto_map": code, "tokenizer_class": "Own", "model_type": "own"}
        (folder / name).write_text(json.dumps(settings))
    (folder / "own.py").write_text(f"open({str(ran)!r}, 'w')\nclass Own: pass\n")
    with pytest.raises(WeightsError):
        list(convert(of_folder(folder, "Q8_0", tmp_path)))
    assert not ran.exists()


class StopAt(Control):
    """Stops when a step has been begun."""

    def watch(self, what):
        for event in fetch_or_convert(MODEL, control=self):
            if isinstance(event, Converting) and event.what == what and event.fraction is None:
                self.stop()


def test_after_every_interruption_it_goes_on_at_the_last_finished_step(converter, hub_checkpoint):
    for what in (CHECKPOINT, GGUF, QUANTISING, TRIAL):
        with pytest.raises(StoppedError):
            StopAt(QUICK).watch(what)
    events = obtained()
    assert steps_of(events) == [QUANTISING, TRIAL]
    weights = [get for get in hub_checkpoint.gets if get.path.endswith("model.safetensors")]
    assert len(weights) == 1
    assert state_of(MODEL).word == "verified"


def test_how_much_of_the_checkpoint_is_here_is_said(converter, hub_checkpoint):
    with pytest.raises(StoppedError):
        StopAt(QUICK).watch(GGUF)
    state = state_of(MODEL)
    assert (state.word, state.label) == ("partial", "100 %")
    removed = remove(MODEL)
    assert files_of(paths.models_dir()) == []
    assert removed.bytes > 10_000_000


def test_a_checkpoint_in_the_hubs_cache_is_used_without_asking_and_stays(
    converter, hub_checkpoint, checkpoint, home, monkeypatch
):
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(home / "hub"))
    repository = home / "hub" / "models--someone--tiny-neox"
    snapshot = repository / "snapshots" / COMMIT
    shutil.copytree(checkpoint.folder, snapshot)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(COMMIT)
    obtained()
    assert hub_checkpoint.requests == []
    assert files_of(snapshot) == files_of(checkpoint.folder)
    assert state_of(MODEL).word == "verified"


def test_what_the_converter_does_not_know_is_one_line(converter, checkpoint, tmp_path):
    folder = tmp_path / "strange"
    folder.mkdir()
    config = json.loads((checkpoint.folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"architectures": ["NoSuchForCausalLM"]}))
    with pytest.raises(WeightsError) as raised:
        list(convert(of_folder(folder, "Q4_K_M", tmp_path)))
    assert "NoSuchForCausalLM" in str(raised.value)
    assert "\n" not in str(raised.value)
    assert not (tmp_path / "tiny-Q4_K_M.gguf").exists()


def test_a_folder_that_is_no_checkpoint_is_one_line(converter, tmp_path):
    with pytest.raises(WeightsError, match=r"not a checkpoint .*: no config\.json in it"):
        list(convert(of_folder(tmp_path, "Q4_K_M", tmp_path)))


def test_what_does_not_run_is_thrown_away(converter, checkpoint, tmp_path, monkeypatch):
    def refuse(path, control):
        raise WeightsError("what came out does not run: it is noise")

    monkeypatch.setattr(steps, "try_file", refuse)
    with pytest.raises(WeightsError, match="tiny: what came out does not run: it is noise"):
        list(convert(of_folder(checkpoint.folder, "Q8_0", tmp_path)))
    assert [name for name in files_of(tmp_path) if "gguf" in name] == []


def test_too_little_room_is_said_before_a_byte_of_weights_is_fetched(converter, hub_checkpoint, monkeypatch):
    from types import SimpleNamespace

    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=120_000_000))
    with pytest.raises(WeightsError, match=r"converting needs 30 MB of disk, 120 MB are free: make room"):
        obtained()
    assert hub_checkpoint.gets == []


def test_a_checkpoint_that_is_nowhere_is_one_line(converter, hub):
    with pytest.raises(WeightsError, match="someone/tiny-neox: no such repository, or a private one"):
        obtained()


def test_a_repository_without_weights_is_one_line(converter, hub):
    hub.add("someone/tiny-neox", "README.md", b"# nothing here")
    with pytest.raises(WeightsError, match="someone/tiny-neox: the repository holds no checkpoint"):
        obtained()


def test_a_changed_file_on_the_way_is_no_checkpoint(converter, hub_checkpoint):
    hub_checkpoint.files["someone/tiny-neox", "model.safetensors"].sha256 = "0" * 64
    with pytest.raises(WeightsError, match="someone/tiny-neox: the Hub has another file by now"):
        obtained()
    assert not target_of(ORIGINAL.converted).exists()
