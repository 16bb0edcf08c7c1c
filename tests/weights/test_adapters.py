"""LoRA adapters: fetched as PEFT saved them, made into GGUF without running what is in them."""

from __future__ import annotations

import hashlib
import zipfile

import gguf
import numpy as np
import pytest
from logits import logits
from msgspec.structs import replace
from peft_files import described, tensor_opcodes, text, torch_file, write_peft_adapter
from tiny_gguf import write_tiny

from tui.catalogue.model import Adapter, Source
from tui.errors import WeightsError
from tui.weights.adapters.gguf_adapter import read_base, write_gguf_adapter
from tui.weights.adapters.peft import read_peft_adapter
from tui.weights.adapters.torch_file import RefusedError, read_torch_file
from tui.weights.control import Control
from tui.weights.events import Converting, Finished
from tui.weights.fetching.fetch import fetch
from tui.weights.files.adapter import adapter_file, missing_adapter
from tui.weights.files.locate import locate
from tui.weights.files.removal import remove
from tui.weights.files.status import verify

from .quick import QUICK, model_of

WIDTH, HEADS, RANK, ALPHA = 64, 4, 4, 16
PROJECTIONS = {"q_proj": "attn_q", "k_proj": "attn_k", "v_proj": "attn_v", "o_proj": "attn_output"}
TOKENS = [1, 40, 70, 100, 140, 200]
CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.bin"
BASE = Source(repo="someone/base-gguf", file="base.gguf")
MODEL = model_of(BASE, name="adapted", adapter=Adapter(repo="someone/lora", files=(CONFIG, WEIGHTS)))


def peft_name(projection, half):
    return f"base_model.model.model.layers.0.self_attn.{projection}.lora_{half}.weight"


@pytest.fixture
def matrices():
    random = np.random.default_rng(7)
    return {
        peft_name(projection, half): random.standard_normal(shape).astype(np.float32) * 0.3
        for projection in PROJECTIONS
        for half, shape in (("A", (RANK, WIDTH)), ("B", (WIDTH, RANK)))
    }


def merged(matrices, scale=ALPHA / RANK):
    """What the adapter adds, as the GGUF file has its rows: those of q and k that rotate together side by
    side, which Hugging Face has half a head apart."""
    added = {}
    for projection, tensor in PROJECTIONS.items():
        delta = matrices[peft_name(projection, "B")] @ matrices[peft_name(projection, "A")] * scale
        rows = list(range(WIDTH))
        if projection in ("q_proj", "k_proj"):
            size = WIDTH // HEADS
            rows = [
                head * size + pair + half
                for head in range(HEADS)
                for pair in range(size // 2)
                for half in (0, size // 2)
            ]
        added[f"blk.0.{tensor}.weight"] = delta[rows].astype(np.float32)
    return added


def converted(tmp_path, matrices, **options):
    files = write_peft_adapter(tmp_path / "peft", matrices, **options)
    base = write_tiny(tmp_path / "base.gguf")
    write_gguf_adapter(tmp_path / "lora.gguf", read_peft_adapter(*files), read_base(base), {})
    return base, tmp_path / "lora.gguf"


@pytest.mark.parametrize("safetensors", [False, True])
def test_base_and_adapter_give_the_logits_of_merged_weights(tmp_path, matrices, safetensors):
    base, adapter = converted(tmp_path, matrices, safetensors=safetensors)
    whole = write_tiny(tmp_path / "merged.gguf", added=merged(matrices))
    expected = logits(whole, TOKENS)
    assert np.abs(logits(base, TOKENS, adapter=adapter) - expected).max() < 1e-3
    assert np.abs(logits(base, TOKENS) - expected).max() > 0.1


def test_rank_stabilised_adapters_are_scaled_by_the_root_of_the_rank(tmp_path, matrices):
    base, adapter = converted(tmp_path, matrices, use_rslora=True)
    whole = write_tiny(tmp_path / "merged.gguf", added=merged(matrices, scale=ALPHA / RANK**0.5))
    assert np.abs(logits(base, TOKENS, adapter=adapter) - logits(whole, TOKENS)).max() < 1e-3


def test_rank_stabilised_matrices_of_another_rank_are_scaled_by_their_own(tmp_path, matrices):
    """PEFT's rank_pattern."""
    half = {
        name: tensor[:2] if "A.weight" in name else tensor[:, :2]
        for name, tensor in matrices.items()
        if "q_proj" in name
    }
    mixed = matrices | {name: np.ascontiguousarray(tensor) for name, tensor in half.items()}
    base, adapter = converted(tmp_path, mixed, use_rslora=True, r=RANK)
    added = merged(mixed, scale=ALPHA / RANK**0.5)
    added["blk.0.attn_q.weight"] *= (RANK / 2) ** 0.5
    whole = write_tiny(tmp_path / "merged.gguf", added=added)
    assert np.abs(logits(base, TOKENS, adapter=adapter) - logits(whole, TOKENS)).max() < 1e-3


def test_numbers_of_16_bits_are_read_as_they_are(tmp_path):
    numbers = np.array([[1.5, -2.25], [0.0, 3.0]], np.float32)
    brain = (numbers.view(np.uint32) >> 16).astype(np.uint16)
    for stored in (numbers.astype(np.float16), brain):
        (tmp_path / WEIGHTS).write_bytes(torch_file({"x": stored}))
        assert (read_torch_file(tmp_path / WEIGHTS)["x"] == numbers).all()


def test_a_transposed_tensor_is_read_as_it_is_meant(tmp_path):
    stored = np.arange(6, dtype=np.float32).reshape(2, 3)
    pickled = b"\x80\x02}" + text("x") + tensor_opcodes("0", stored.T) + b"s."
    (tmp_path / WEIGHTS).write_bytes(torch_file({"x": stored}, **{"data.pkl": pickled}))
    assert (read_torch_file(tmp_path / WEIGHTS)["x"] == stored.T).all()


PAYLOADS = {
    "os.system": b"cos\nsystem\n(" + text("touch {}") + b"tR.",
    "builtins.eval": b"cbuiltins\neval\n(" + text("open('{}', 'w')") + b"tR.",
    "torch.load": b"ctorch\nload\n(" + text("{}") + b"tR.",
    "torch._utils._rebuild_parameter": tensor_opcodes(
        "0", np.zeros(1, np.float32), rebuild=b"ctorch._utils\n_rebuild_parameter\n"
    )
    + b".",
}


@pytest.mark.parametrize("name", PAYLOADS)
def test_what_a_pickle_asks_to_run_is_named_and_not_run(tmp_path, name):
    ran = tmp_path / "ran"
    payload = (
        PAYLOADS[name]
        .replace(text("touch {}"), text(f"touch {ran}"))
        .replace(text("open('{}', 'w')"), text(f"open({str(ran)!r}, 'w')"))
    )
    (tmp_path / WEIGHTS).write_bytes(torch_file({}, **{"data.pkl": b"\x80\x02" + payload}))
    with pytest.raises(RefusedError, match=f"it asks to run {name}, which no adapter needs"):
        read_torch_file(tmp_path / WEIGHTS)
    assert not ran.exists()


@pytest.mark.parametrize(
    "opcodes",
    [
        tensor_opcodes("0", np.zeros(4, np.float32), offset=1),
        tensor_opcodes("0", np.zeros(4, np.float32), offset=-1),
        tensor_opcodes(
            "0", np.lib.stride_tricks.as_strided(np.zeros(4, np.float32), (40_000, 40_000), (0, 0))
        ),
    ],
    ids=["after", "before", "the same number again and again"],
)
def test_a_tensor_cannot_reach_beyond_its_numbers(tmp_path, opcodes):
    pickled = b"\x80\x02}" + text("x") + opcodes + b"s."
    (tmp_path / WEIGHTS).write_bytes(torch_file({"x": np.zeros(4, np.float32)}, **{"data.pkl": pickled}))
    with pytest.raises(RefusedError, match="a tensor reaches beyond its numbers"):
        read_torch_file(tmp_path / WEIGHTS)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"data.pkl": b"\x80\x02Nr\xff\xff\xff\x05."}, "asks for memory it does not need"),
        ({"byteorder": b"little" + b" " * 1000}, "its numbers are big-endian"),
        ({"data.pkl": b"\x80\x02N."}, "it holds something else than named tensors"),
        ({"data.pkl": b"\x80\x02}" + text("x") + text("y") + b"s."}, "it holds something else"),
    ],
    ids=["memo", "byteorder", "nothing", "no tensor"],
)
def test_a_small_file_does_not_take_much_memory(tmp_path, changes, expected):
    (tmp_path / WEIGHTS).write_bytes(torch_file({}, **changes))
    with pytest.raises(RefusedError, match=expected):
        read_torch_file(tmp_path / WEIGHTS)


def test_many_tensors_of_the_same_numbers_do_not_take_much_memory(tmp_path):
    numbers = np.zeros(1 << 20, np.float32)
    opcodes = b"".join(text(f"x{number}") + tensor_opcodes("0", numbers) for number in range(100))
    content = torch_file({"x": numbers}, **{"data.pkl": b"\x80\x02}(" + opcodes + b"u."})
    (tmp_path / WEIGHTS).write_bytes(content)
    with pytest.raises(RefusedError, match="its tensors are larger than what is in it"):
        read_torch_file(tmp_path / WEIGHTS)


def test_compressed_tensors_are_no_bomb(tmp_path):
    with zipfile.ZipFile(tmp_path / WEIGHTS, "w", zipfile.ZIP_DEFLATED) as archive:
        zeros = np.zeros(1000, np.float32)
        archive.writestr("x/data.pkl", described({"x": zeros}))
        archive.writestr("x/data/0", zeros.tobytes())
    with pytest.raises(RefusedError, match="its tensors are compressed"):
        read_torch_file(tmp_path / WEIGHTS)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "not a file of torch.save"),
        (b"GGUF and nothing else", "not a file of torch.save"),
        (torch_file({}, **{"data.pkl": b"\x80\x02]."}), "it holds something else than named tensors"),
        (torch_file({}, **{"data.pkl": b"\x80\x02}("}), "its description of the tensors is broken"),
        (torch_file({}, byteorder=b"big"), "its numbers are big-endian"),
    ],
)
def test_a_broken_file_is_one_line(tmp_path, content, expected):
    (tmp_path / WEIGHTS).write_bytes(content)
    with pytest.raises(RefusedError, match=expected):
        read_torch_file(tmp_path / WEIGHTS)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"peft_type": "IA3"}, "peft_type IA3"),
        ({"use_dora": True, "bias": "all"}, "use_dora, bias all"),
        ({"init_lora_weights": "pissa_niter_4"}, "init_lora_weights pissa_niter_4"),
        ({"alora_invocation_tokens": [1, 2]}, "alora_invocation_tokens"),
        ({"modules_to_save": ["lm_head"]}, "modules_to_save"),
        ({"lora_alpha": "much"}, "adapter_config.json is not that of a LoRA adapter"),
    ],
)
def test_what_llama_cpp_cannot_do_is_refused_and_not_left_out(tmp_path, matrices, config, expected):
    files = write_peft_adapter(tmp_path, matrices, **config)
    with pytest.raises(RefusedError, match=expected):
        read_peft_adapter(*files)


def test_a_tensor_that_is_no_half_of_an_adapter_is_refused(tmp_path, matrices):
    name = "base_model.model.lm_head.lora_magnitude_vector"
    files = write_peft_adapter(tmp_path, matrices | {name: np.zeros(1, np.float32)})
    with pytest.raises(RefusedError, match=f"{name} is not one of the matrices"):
        read_peft_adapter(*files)


def test_half_a_pair_is_refused(tmp_path, matrices):
    del matrices[peft_name("q_proj", "B")]
    with pytest.raises(RefusedError, match=r"the matrices of .*q_proj do not fit each other"):
        read_peft_adapter(*write_peft_adapter(tmp_path, matrices))


def test_an_adapter_for_other_weights_is_refused(tmp_path, matrices):
    files = write_peft_adapter(
        tmp_path / "peft",
        {name: tensor[:, :2].copy() if "_A" in name else tensor for name, tensor in matrices.items()},
    )
    base = read_base(write_tiny(tmp_path / "base.gguf"))
    with pytest.raises(RefusedError, match=r"is \(64, 64\) in the base, \(64, 2\) in the adapter"):
        write_gguf_adapter(tmp_path / "lora.gguf", read_peft_adapter(*files), base, {})
    assert not (tmp_path / "lora.gguf").exists()


def test_an_architecture_with_another_order_of_rows_is_refused_with_what_to_do(tmp_path, matrices):
    base = read_base(write_tiny(tmp_path / "base.gguf", "gptneox"))
    adapter = read_peft_adapter(*write_peft_adapter(tmp_path, matrices))
    with pytest.raises(RefusedError, match=r"architecture gptneox: convert it with .*convert_lora_to_gguf"):
        write_gguf_adapter(tmp_path / "lora.gguf", adapter, base, {})


@pytest.fixture
def published(hub, tmp_path, matrices):
    """A base and an adapter on the Hub."""
    hub.add(BASE.repo, BASE.file, write_tiny(tmp_path / "base.gguf").read_bytes())
    for file in write_peft_adapter(tmp_path / "peft", matrices):
        hub.add("someone/lora", file.name, file.read_bytes())
    return hub


def fetched(model=MODEL):
    return list(fetch(model, control=Control(QUICK)))


def test_base_and_adapter_are_fetched_and_ready_to_run(published):
    events = fetched()
    assert isinstance(events[-1], Finished)
    assert sum(isinstance(event, Converting) for event in events) == 1
    here = locate(MODEL)
    assert here.adapter_path == adapter_file(MODEL)
    changed = logits(here.path, TOKENS, adapter=here.adapter_path) - logits(here.path, TOKENS)
    assert np.abs(changed).max() > 0.1
    assert not list(adapter_file(MODEL).parent.rglob("adapter_model.bin"))


def test_what_is_here_is_not_fetched_or_converted_again(published):
    fetched()
    asked = len(published.requests)
    (finished,) = fetched()
    assert not finished.fetched
    assert len(published.requests) == asked


def test_two_people_have_the_same_adapter(published):
    fetched()
    first = hashlib.sha256(adapter_file(MODEL).read_bytes()).hexdigest()
    remove(MODEL)
    assert not adapter_file(MODEL).exists()
    fetched()
    assert hashlib.sha256(adapter_file(MODEL).read_bytes()).hexdigest() == first


def test_the_file_says_what_it_was_made_from(published):
    fetched()
    fields = gguf.GGUFReader(adapter_file(MODEL)).fields
    original = published.files["someone/lora", WEIGHTS].content
    assert fields["general.name"].contents() == "someone/lora"
    assert fields["general.source.sha256"].contents() == hashlib.sha256(original).hexdigest()


def test_an_adapter_with_a_payload_is_refused_and_the_base_stays(published, tmp_path):
    ran = tmp_path / "ran"
    payload = b"\x80\x02cos\nsystem\n(" + text(f"touch {ran}") + b"tR."
    published.add("someone/lora", WEIGHTS, torch_file({}, **{"data.pkl": payload}))
    with pytest.raises(WeightsError, match=r"adapted: its adapter someone/lora cannot be used: .*os\.system"):
        fetched()
    assert not ran.exists()
    assert not adapter_file(MODEL).exists()
    with pytest.raises(WeightsError, match="fetch it with `llm-grader pull adapted`"):
        locate(MODEL)


@pytest.mark.parametrize("config", [b"[" * 100_000, b"{}", b"null", b"\xff"])
def test_a_hostile_configuration_is_one_line(published, config):
    published.add("someone/lora", CONFIG, config)
    published.add("someone/lora", WEIGHTS, b"GGUF and nothing else")
    with pytest.raises(WeightsError, match=r"adapted: its adapter someone/lora cannot be used: "):
        fetched()
    assert not adapter_file(MODEL).exists()


def test_an_adapter_of_another_repository_is_not_taken_for_it(published):
    fetched()
    other = replace(MODEL, adapter=Adapter(repo="someone/other", files=(CONFIG, WEIGHTS)))
    assert "was made from someone/lora@main, not from someone/other@main" in missing_adapter(other)


def test_an_adapter_that_is_nowhere_is_one_line(published):
    del published.files["someone/lora", WEIGHTS]
    with pytest.raises(
        WeightsError, match=r"adapted: its adapter someone/lora adapter_model.bin: .*no such file"
    ):
        fetched()


def test_a_changed_adapter_is_broken_and_fetched_again(published):
    fetched()
    whole = adapter_file(MODEL).read_bytes()
    adapter_file(MODEL).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    list(verify(MODEL))
    assert "is broken: its sha256 is" in missing_adapter(MODEL)
    fetched()
    assert adapter_file(MODEL).read_bytes() == whole
    assert not missing_adapter(MODEL)
