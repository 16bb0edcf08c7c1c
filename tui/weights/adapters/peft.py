"""A LoRA adapter as Hugging Face's PEFT saves it: adapter_config.json, and two small matrices per layer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from gguf.utility import SafetensorsLocal
from msgspec import Struct

from tui.files import read_small
from tui.weights.adapters.torch_file import RefusedError, read_torch_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from gguf.utility import LocalTensor

_NAME = re.compile(r"base_model\.model\.(?P<module>.+)\.lora_(?P<half>[AB])(?:\.default)?\.weight")


class _Config(Struct):
    """The part of LoraConfig that changes the arithmetic; https://huggingface.co/docs/peft."""

    peft_type: str = "LORA"
    lora_alpha: float = 8
    use_rslora: bool | None = False
    init_lora_weights: bool | str | None = True
    alora_invocation_tokens: list[int] | None = None
    use_qalora: bool | None = False
    use_dora: bool | None = False
    fan_in_fan_out: bool | None = False
    bias: str | None = "none"
    modules_to_save: list[str] | None = None
    alpha_pattern: dict[str, float] | None = None


@dataclass(frozen=True)
class LowRank:
    """A weight matrix of shape (rows, columns) gains `up @ down * alpha / rank`."""

    down: np.ndarray
    """(rank, columns), float32: PEFT's lora_A."""
    up: np.ndarray
    """(rows, rank), float32: PEFT's lora_B."""


@dataclass(frozen=True)
class PeftAdapter:
    alpha: float
    modules: Mapping[str, LowRank]
    """By the name of the module in the base model: model.layers.0.self_attn.q_proj."""


def config_and_weights(files: Iterable[Path]) -> tuple[Path, Path]:
    """The two files of an adapter that are needed. Raises RefusedError where one is missing."""
    by_suffix = {file.suffix: file for file in files}
    weights = by_suffix.get(".safetensors") or by_suffix.get(".bin")
    if ".json" not in by_suffix or weights is None:
        raise RefusedError("it takes an adapter_config.json, and an adapter_model of .safetensors or .bin")
    return by_suffix[".json"], weights


def read_peft_adapter(config: Path, weights: Path) -> PeftAdapter:
    """Runs no code of either file. Raises RefusedError saying why it cannot be used, OSError."""
    settings = _settings(config)
    modules = _paired(_tensors(weights))
    if settings.use_rslora:
        modules = {name: _rank_stabilised(pair) for name, pair in modules.items()}
    return PeftAdapter(settings.lora_alpha, modules)


def _settings(path: Path) -> _Config:
    try:
        config = msgspec.json.decode(read_small(path), type=_Config)
    except msgspec.DecodeError as error:
        raise RefusedError(f"{path.name} is not that of a LoRA adapter: {error}") from None
    unusual = {
        f"peft_type {config.peft_type}": config.peft_type != "LORA",
        f"init_lora_weights {config.init_lora_weights}": _changes_base(config.init_lora_weights),
        "alora_invocation_tokens": config.alora_invocation_tokens,
        "use_qalora": config.use_qalora,
        "use_dora": config.use_dora,
        "fan_in_fan_out": config.fan_in_fan_out,
        f"bias {config.bias}": config.bias not in (None, "none"),
        "modules_to_save": config.modules_to_save,
        "alpha_pattern": config.alpha_pattern,
    }
    if asked := [name for name, is_so in unusual.items() if is_so]:
        raise RefusedError(f"{path.name} asks for {', '.join(asked)}, which llama.cpp does not have")
    return config


def _changes_base(start: bool | str | None) -> bool:
    """Such an adapter is the difference to a base that was changed before the training began."""
    return isinstance(start, str) and start.lower().startswith(("pissa", "olora", "loftq", "corda"))


def _rank_stabilised(pair: LowRank) -> LowRank:
    """llama.cpp divides by the rank, rank-stabilised LoRA by its root (arXiv:2312.03732)."""
    return LowRank(pair.down, pair.up * np.float32(sqrt(pair.up.shape[1])))


def _tensors(path: Path) -> dict[str, np.ndarray]:
    if path.suffix != ".safetensors":
        return read_torch_file(path)
    try:
        tensors = SafetensorsLocal(path).tensors
        return {name: _safetensor(tensor) for name, tensor in tensors.items()}
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise RefusedError(f"not a safetensors file ({error})") from None


def _safetensor(tensor: LocalTensor) -> np.ndarray:
    data = np.asarray(tensor.mmap_bytes())
    if tensor.dtype == "BF16":
        numbers = (data.view("<u2").astype(np.uint32) << 16).view(np.float32)
    else:
        numbers = data.view({"F32": "<f4", "F16": "<f2", "F64": "<f8"}[tensor.dtype]).astype(np.float32)
    return numbers.reshape(tensor.shape)


def _paired(tensors: Mapping[str, np.ndarray]) -> dict[str, LowRank]:
    halves: dict[str, dict[str, np.ndarray]] = {}
    for name, tensor in tensors.items():
        found = _NAME.fullmatch(name)
        if found is None:
            raise RefusedError(f"{name} is not one of the matrices of a LoRA adapter")
        halves.setdefault(found["module"], {})[found["half"]] = tensor
    if not halves:
        raise RefusedError("it holds no matrices")
    return {module: _low_rank(module, pair) for module, pair in sorted(halves.items())}


def _low_rank(module: str, pair: Mapping[str, np.ndarray]) -> LowRank:
    down, up = pair.get("A"), pair.get("B")
    if down is None or up is None or down.ndim != 2 or up.ndim != 2 or down.shape[0] != up.shape[1]:
        raise RefusedError(f"the matrices of {module} do not fit each other")
    return LowRank(down, up)
