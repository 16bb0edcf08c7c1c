"""A LoRA adapter as a GGUF file: what llama.cpp's convert_lora_to_gguf.py writes, for bases of the llama
architecture, without PyTorch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gguf
import numpy as np

from tui.weights.adapters.torch_file import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tui.weights.adapters.peft import LowRank, PeftAdapter

_LLAMA = "llama"


@dataclass(frozen=True)
class Base:
    """Facts about the weights that an adapter is for."""

    architecture: str
    blocks: int
    heads: int
    key_heads: int
    shapes: Mapping[str, tuple[int, ...]]
    """(rows, columns) by tensor name."""


def read_base(path: Path) -> Base:
    """Raises RefusedError for a file that is no GGUF model, OSError."""
    try:
        reader = gguf.GGUFReader(path)
        architecture = _value(reader, "general.architecture")
        blocks = int(_value(reader, f"{architecture}.block_count"))
        heads = int(_value(reader, f"{architecture}.attention.head_count"))
        if not (0 < blocks <= len(reader.tensors) and heads > 0):
            raise ValueError(f"{blocks} blocks, {heads} heads")
        return Base(
            architecture,
            blocks,
            heads,
            int(_value(reader, f"{architecture}.attention.head_count_kv") or heads),
            {tensor.name: tuple(map(int, reversed(tensor.shape))) for tensor in reader.tensors},
        )
    except (ValueError, TypeError, KeyError, IndexError, OverflowError) as error:
        raise RefusedError(f"the base {path.name} cannot be read ({error})") from None


def write_gguf_adapter(path: Path, adapter: PeftAdapter, base: Base, about: Mapping[str, str]) -> None:
    """The same bytes for the same input. `about` are metadata keys to note in the file.

    Raises RefusedError where the adapter does not belong to the base.
    """
    if base.architecture != _LLAMA:
        raise RefusedError(
            f"its base is of the architecture {base.architecture}: "
            "convert it with llama.cpp's convert_lora_to_gguf.py"
        )
    writer = gguf.GGUFWriter(path, base.architecture)
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, adapter.alpha)
    for key, value in about.items():
        writer.add_string(key, value)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, base.blocks)
    for module, pair in adapter.modules.items():
        name = names.get_name(module)
        if name is None:
            raise RefusedError(f"the base has no {module}")
        _add(writer, f"{name}.weight", pair, base)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add(writer: gguf.GGUFWriter, name: str, pair: LowRank, base: Base) -> None:
    shape = (pair.up.shape[0], pair.down.shape[1])
    if base.shapes.get(name) != shape:
        raise RefusedError(f"{name} is {base.shapes.get(name)} in the base, {shape} in the adapter")
    heads = {"attn_q.weight": base.heads, "attn_k.weight": base.key_heads}.get(name.split(".", 2)[-1])
    if heads and shape[0] % (2 * heads):
        raise RefusedError(f"{name} has {shape[0]} rows, which {heads} heads cannot share")
    writer.add_tensor(f"{name}.lora_a", pair.down)
    writer.add_tensor(f"{name}.lora_b", _rotary_order(pair.up, heads) if heads else pair.up)


def _rotary_order(rows: np.ndarray, heads: int) -> np.ndarray:
    """Rows of q and k from Hugging Face's order into Meta's, which llama.cpp's rotary embedding expects.

    The former has the two numbers that are rotated together half a head apart, the latter side by side
    (`permute` in llama.cpp's conversion/llama.py).
    """
    halves = rows.reshape(heads, 2, rows.shape[0] // heads // 2, rows.shape[1])
    return np.ascontiguousarray(halves.swapaxes(1, 2).reshape(rows.shape))


def _value(reader: gguf.GGUFReader, key: str) -> Any:
    field = reader.fields.get(key)
    return field.contents() if field is not None else None
