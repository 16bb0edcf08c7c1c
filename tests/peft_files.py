"""LoRA adapters as PEFT saves them, written without torch: its pickle is put together by hand."""

from __future__ import annotations

import io
import json
import pickle
import struct
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np

REBUILD = b"ctorch._utils\n_rebuild_tensor_v2\n"


def write_peft_adapter(
    folder: Path, tensors: Mapping[str, np.ndarray], *, safetensors: bool = False, **config: object
) -> tuple[Path, Path]:
    """adapter_config.json and adapter_model; `tensors` as PEFT names them."""
    folder.mkdir(parents=True, exist_ok=True)
    rank = next(tensor.shape[0] for name, tensor in tensors.items() if "lora_A" in name)
    fields = {"peft_type": "LORA", "r": rank, "lora_alpha": 16, "bias": "none", "lora_dropout": 0.05} | config
    (folder / "adapter_config.json").write_text(json.dumps(fields))
    weights = folder / f"adapter_model.{'safetensors' if safetensors else 'bin'}"
    weights.write_bytes(safetensors_file(tensors) if safetensors else torch_file(tensors))
    return folder / "adapter_config.json", weights


def torch_file(tensors: Mapping[str, np.ndarray], **changes: bytes) -> bytes:
    """What torch.save writes of a state dict; `changes` replace an entry of the archive, or add one."""
    entries = {"data.pkl": described(tensors), "version": b"3\n", "byteorder": b"little"}
    entries |= {f"data/{key}": tensor.tobytes() for key, tensor in enumerate(tensors.values())}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in (entries | changes).items():
            archive.writestr(f"adapter_model/{name}", content)
    return file.getvalue()


def described(tensors: Mapping[str, np.ndarray]) -> bytes:
    items = b"".join(
        text(name) + tensor_opcodes(str(key), tensor) for key, (name, tensor) in enumerate(tensors.items())
    )
    return b"\x80\x02}(" + items + b"u."


def tensor_opcodes(key: str, tensor: np.ndarray, *, offset: int = 0, rebuild: bytes = REBUILD) -> bytes:
    storage = {"float32": b"FloatStorage", "float16": b"HalfStorage", "uint16": b"BFloat16Storage"}
    kind = b"ctorch\n" + storage[tensor.dtype.name] + b"\n"
    place = b"(" + text("storage") + kind + text(key) + text("cpu") + number(tensor.size) + b"tQ"
    strides = [step // tensor.itemsize for step in tensor.strides]
    shape = b"(" + b"".join(map(number, tensor.shape)) + b"t(" + b"".join(map(number, strides)) + b"t"
    hooks = b"ccollections\nOrderedDict\n)R"
    return rebuild + b"(" + place + number(offset) + shape + b"\x89" + hooks + b"tR"


def text(value: str) -> bytes:
    return pickle.BINUNICODE + struct.pack("<I", len(value)) + value.encode()


def number(value: int) -> bytes:
    return pickle.BININT + struct.pack("<i", value)


def safetensors_file(tensors: Mapping[str, np.ndarray]) -> bytes:
    kinds = {"float32": "F32", "float16": "F16", "uint16": "BF16"}
    header, data = {}, b""
    for name, tensor in tensors.items():
        place = [len(data), len(data) + tensor.nbytes]
        header[name] = {"dtype": kinds[tensor.dtype.name], "shape": tensor.shape, "data_offsets": place}
        data += tensor.tobytes()
    described_ = json.dumps(header).encode()
    return struct.pack("<Q", len(described_)) + described_ + data
