"""What a model needs, where it is put, and the line that says whether it fits."""

from __future__ import annotations

import pytest

from tui.memory import needs
from tui.memory.allocation import allocate
from tui.memory.assumed import assumed_shape
from tui.memory.free import RESERVE, Device
from tui.memory.needs import Setting
from tui.memory.placement import place
from tui.memory.shape import read_shape

from .headers import write

GIB = 1 << 30
LAYERS, LAYER, EMBEDDINGS, OUTPUT = 4, GIB, 2 * GIB, 3 * GIB
SHAPE = {
    "block_count": LAYERS,
    "embedding_length": 1024,
    "feed_forward_length": 4096,
    "attention.head_count": 16,
    "context_length": 2048,
}


def gpu(free: int, name: str = "CUDA0", kind: str = "gpu") -> Device:
    return Device(name=name, description="a card", kind=kind, free=free, total=max(free, 1))


@pytest.fixture
def shape(tmp_path):
    """Makes a shape of four layers of 1 GiB, embeddings of 2 and an output of 3."""

    def make(architecture="llama", *, tied=False, kind=3, gate=True, **values):
        tensors = [("token_embd.weight", (1024, 500), kind, EMBEDDINGS)]
        tensors += [(f"blk.{layer}.ffn_up.weight", (8,), kind, LAYER) for layer in range(LAYERS)]
        tensors += [("blk.0.ffn_gate.weight", (8,), kind, 32)] if gate else []
        tensors += [] if tied else [("output.weight", (1024, 500), kind, OUTPUT)]
        path = write(tmp_path / "model.gguf", architecture, {**SHAPE, **values}, tensors)
        return read_shape(path)

    return make


def test_weights_are_all_tensors_by_where_they_may_go(shape):
    made = shape(gate=False)
    assert made.layer_bytes == (LAYER,) * LAYERS
    assert (made.input_bytes, made.output_bytes) == (EMBEDDINGS, OUTPUT)
    assert made.weights == LAYERS * LAYER + EMBEDDINGS + OUTPUT
    assert made.vocabulary == 500


@pytest.mark.parametrize(
    ("values", "numbers_per_token"),
    [
        ({}, 2 * 1024),
        ({"attention.head_count_kv": 4}, 2 * 256),
        ({"attention.head_count_kv": 4, "attention.key_length": 128}, 4 * (128 + 64)),
        ({"attention.head_count_kv": 1, "attention.key_length": 576, "attention.value_length": 512}, 1088),
    ],
)
def test_each_layer_keeps_the_keys_and_values_of_its_heads(shape, values, numbers_per_token):
    cache = needs.cache(shape(**values), Setting(2048))
    assert cache == (numbers_per_token * 2048 * 2,) * LAYERS


def test_a_list_of_heads_counts_layer_by_layer(shape):
    made = shape(**{"attention.head_count_kv": [16, 0, 4, 16]})
    assert made.cache_widths == (2048, 0, 512, 2048)


def test_the_cache_grows_with_sequences_context_and_type(shape):
    made = shape(context_length=1 << 16)
    one = sum(needs.cache(made, Setting(2048)))
    assert sum(needs.cache(made, Setting(2048, sequences=9))) == 9 * one
    assert sum(needs.cache(made, Setting(8192))) == 4 * one
    assert sum(needs.cache(made, Setting(2048, cache_bytes=34 / 32))) == one * 17 // 32
    assert needs.cache(made, Setting(2000)) == needs.cache(made, Setting(2048))


def test_rotary_models_have_no_context_beyond_their_training_and_others_do(shape):
    assert needs.context_of(shape(), 8192) == 2048
    assert needs.context_of(shape("mpt", **{"attention.max_alibi_bias": 8}), 8192) == 8192


def test_computing_takes_hidden_states_feed_forward_and_mask(shape):
    hidden, feed_forward, mask = 4 * 512 * 1024, 4 * 512 * 4096, 2 * 512 * 2048
    logits = 2 * 4 * 500
    gated, plain = shape(), shape(gate=False)
    assert needs.compute(gated, Setting(2048)) == 4 * hidden + 3 * feed_forward + mask + logits
    assert needs.compute(plain, Setting(2048)) == 4 * hidden + feed_forward + mask + logits


def test_without_flash_attention_all_heads_look_at_the_whole_context_at_once(shape):
    heads = 16 * 4 * 512 * 2048
    assert needs.compute(shape(), Setting(2048, flash_attention=False)) >= heads
    assert needs.compute(shape(), Setting(2048)) < heads


def test_experts_at_work_count_and_not_all_there_are(shape):
    made = shape(feed_forward_length=0, expert_feed_forward_length=768, expert_used_count=8)
    assert made.feed_forward == 768 * 8


def test_types_that_the_cpu_has_laid_out_anew_are_known(shape):
    assert shape(kind=2).is_repacked
    assert not shape(kind=3).is_repacked


def test_without_a_gpu_all_is_in_the_machine_s_own_memory(shape):
    made = shape()
    setting = Setting(2048, extra=1000)
    rest = sum(needs.cache(made, setting)) + needs.compute(made, setting) + needs.process(made) + 1000
    assert place(made, setting, 99, []).host == made.weights + rest


def test_tied_embeddings_are_there_once_and_a_second_time_on_a_gpu(shape):
    made = shape(tied=True)
    without = place(made, Setting(2048), 0, [])
    assert without.total < LAYERS * LAYER + EMBEDDINGS + GIB
    with_gpu = place(made, Setting(2048), 1, [gpu(99 * GIB)])
    [(_, on_gpu)] = with_gpu.on_devices
    assert EMBEDDINGS < on_gpu < EMBEDDINGS + GIB
    assert with_gpu.host == without.host


def test_all_layers_go_to_the_gpu_when_they_fit(shape):
    allocation = allocate(shape(), Setting(2048), free=64 * GIB, devices=[gpu(24 * GIB)])
    assert (allocation.placement.gpu_layers, allocation.fits, allocation.is_whole) == (LAYERS + 1, True, True)
    assert allocation.placement.host < EMBEDDINGS + GIB
    assert allocation.line("M").endswith("GB, 68.7 free + 25.8 on CUDA0: fits, 5 of 5 layers on the GPU")


def test_else_as_many_as_fit_beside_a_reserve(shape):
    made = shape()
    allocation = allocate(made, Setting(2048), free=64 * GIB, devices=[gpu(6 * GIB)])
    # The output and a layer: 4 GiB, and a third would leave no reserve.
    assert allocation.placement.gpu_layers == 2
    assert (allocation.fits, allocation.is_whole) == (True, False)
    [(card, need)] = allocation.placement.on_devices
    assert need + RESERVE <= card.free


def test_a_card_with_some_layers_reads_prompts_for_the_others_which_takes_room_for_a_cache(shape):
    made, setting = shape(), Setting(2048, sequences=64)
    [one_layer, *_] = needs.cache(made, setting)
    [(_, some)] = place(made, setting, 2, [gpu(99 * GIB)]).on_devices
    [(_, every)] = place(made, setting, 5, [gpu(99 * GIB)]).on_devices
    layers = LAYER + one_layer
    assert some == layers + OUTPUT + one_layer + needs.attention(made, setting)
    assert every == LAYERS * layers + 32 + OUTPUT + needs.compute(made, setting)


def test_a_person_s_number_of_layers_is_kept_or_refused_never_changed(shape):
    made = shape()
    two = allocate(made, Setting(2048), free=64 * GIB, devices=[gpu(24 * GIB)], gpu_layers=2)
    none = allocate(made, Setting(2048), free=64 * GIB, devices=[gpu(24 * GIB)], gpu_layers=0)
    many = allocate(made, Setting(2048), free=64 * GIB, devices=[gpu(6 * GIB)], gpu_layers=99)
    assert (two.placement.gpu_layers, two.fits) == (2, True)
    assert (none.placement.gpu_layers, none.placement.on_devices) == (0, ())
    assert (many.placement.gpu_layers, many.fits) == (5, False)


def test_two_cards_share_by_the_memory_that_is_free_there(shape):
    placement = place(shape(), Setting(2048), 5, [gpu(8 * GIB), gpu(32 * GIB, "CUDA1")])
    first, second = (need for _, need in placement.on_devices)
    assert first < 2 * GIB < 6 * GIB < second


@pytest.mark.parametrize("device", [gpu(24 * GIB, "MTL0"), gpu(24 * GIB, "Vulkan0", "integrated")])
def test_a_gpu_without_memory_of_its_own_takes_the_machine_s(shape, device):
    allocation = allocate(shape(), Setting(2048), free=5 * GIB, devices=[device])
    assert not allocation.fits
    assert allocate(shape(), Setting(2048), free=24 * GIB, devices=[device]).fits


def test_sequences_become_fewer_before_anything_is_refused(shape):
    made = shape()
    one, nine = (place(made, Setting(2048, sequences=count), 0, []).total for count in (1, 9))
    allocation = allocate(made, Setting(2048, sequences=9), free=(one + nine) // 2)
    assert (allocation.fits, allocation.is_whole, allocation.sequences) == (True, False, 5)
    assert allocate(made, Setting(2048, sequences=9), free=one).sequences == 1
    assert allocate(made, Setting(2048, sequences=9), free=one - 1).is_shortened


def test_the_context_of_the_last_sequence_becomes_shorter_before_anything_is_refused(shape):
    made = shape()
    whole, shorter, shortest = (place(made, Setting(length), 0, []).total for length in (2048, 1536, 1024))

    allocation = allocate(made, Setting(4096, sequences=9), free=shorter)
    assert (allocation.fits, allocation.is_whole, allocation.sequences) == (True, False, 1)
    assert (allocation.context_length, allocation.whole_context) == (1536, 2048)
    assert allocation.line("M").endswith(" free: fits, 1536 of 2048 tokens of context")
    assert allocate(made, Setting(2048), free=whole).context_length == 2048
    assert allocate(made, Setting(2048), free=shorter - 1).context_length == 1280
    assert allocate(made, Setting(2048), free=shortest).context_length == 1024
    refused = allocate(made, Setting(2048), free=shortest - 1)
    assert (refused.fits, refused.context_length, refused.needed) == (False, 2048, whole)
    small = place(made, Setting(512), 0, []).total
    assert not allocate(made, Setting(512), free=small - 1).fits


def test_a_stretched_context_is_not_shortened_to_where_positions_rotate_differently(shape):
    made = shape(context_length=8192, **{"rope.scaling.original_context_length": 4096})
    above, below = (place(made, Setting(length), 0, []).total for length in (4352, 4096))
    assert allocate(made, Setting(8192), free=above).context_length == 4352
    assert not allocate(made, Setting(8192), free=below).fits
    assert allocate(made, Setting(4096), free=below - 1).context_length < 4096


def test_a_long_context_takes_no_long_search(shape, monkeypatch):
    made, placed = shape("mpt", **{"attention.max_alibi_bias": 8}), []
    monkeypatch.setattr("tui.memory.allocation.place", lambda *given: placed.append(given) or place(*given))
    allocate(made, Setting(1 << 20), free=0, devices=[gpu(8 * GIB)])
    assert len(placed) < 200


def test_what_does_not_fit_says_so_with_the_numbers_and_what_is_smaller():
    shape = assumed_shape(25_500_000_000, "Q4_K_M", "falcon")
    allocation = allocate(shape, Setting(2048), free=14_100_000_000)
    assert allocation.line("Falcon-40B Q4_K_M", "Q2_K 16.9") == (
        "Falcon-40B Q4_K_M needs 26.2 GB, 14.1 free: will not fit; Q2_K 16.9"
    )


@pytest.mark.parametrize(
    ("size", "quantisation", "architecture", "beside"),
    [
        (4.08e9, "Q4_K_M", "llama", 1.24e9),
        (4.27e9, "Q4_K", "mpt", 1.21e9),
        (7.6e9, "Q4_K_M", "gptneox", 1.66e9),
        (25.5e9, "Q4_K_M", "falcon", 0.46e9),
        (13.5e9, "F16", "llama", 1.24e9),
    ],
)
def test_a_file_that_is_not_here_is_assumed_within_a_tenth(size, quantisation, architecture, beside):
    """`beside`: what the headers of such files come to, at a context of 2048."""
    allocation = allocate(assumed_shape(int(size), quantisation, architecture), Setting(2048), free=0)
    assert allocation.needed == pytest.approx(size + beside, rel=0.1)
