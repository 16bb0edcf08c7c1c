"""A small random GPT-NeoX as its authors would publish it, with the real tokenizer of the Pythia family: the
real converter knows a tokenizer by its behaviour, and refuses any other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import gguf

if TYPE_CHECKING:
    from pathlib import Path

CONTEXT = 256
SPECIAL = ("<|endoftext|>", "<|padding|>", "<|prompter|>", "<|assistant|>")
_NORMAL = 1
_BASE_SIZE = 50_277


def write_checkpoint(folder: Path, vocabulary: Path, *, seed: int = 0) -> Any:
    """Gives the transformers model. `vocabulary` is llama.cpp's ggml-vocab-gpt-neox.gguf."""
    import torch
    from transformers import GPTNeoXConfig, GPTNeoXForCausalLM

    folder.mkdir(parents=True, exist_ok=True)
    tokens = _write_tokenizer(folder, vocabulary)
    torch.manual_seed(seed)
    config = GPTNeoXConfig(
        vocab_size=-(-tokens // 16) * 16,
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=128,
        max_position_embeddings=CONTEXT,
        rotary_pct=0.25,
        use_parallel_residual=True,
        bos_token_id=0,
        eos_token_id=0,
        tie_word_embeddings=False,
    )
    model = GPTNeoXForCausalLM(config).eval()
    model.half().save_pretrained(folder)
    _write_config_of_2023(folder)
    return model.float()


def _write_config_of_2023(folder: Path) -> None:
    """As checkpoints of 2023 have it: transformers 5 writes other names for the same things."""
    file = folder / "config.json"
    config = json.loads(file.read_text())
    for name in ("rope_parameters", "rope_scaling", "dtype", "rope_theta", "partial_rotary_factor"):
        config.pop(name, None)
    config |= {"rotary_pct": 0.25, "rotary_emb_base": 10_000, "torch_dtype": "float16"}
    file.write_text(json.dumps(config, indent=2))


def _write_tokenizer(folder: Path, vocabulary: Path) -> int:
    fields = gguf.GGUFReader(vocabulary).fields
    tokens = fields["tokenizer.ggml.tokens"].contents()[:_BASE_SIZE]
    types = fields["tokenizer.ggml.token_type"].contents()[:_BASE_SIZE]
    merges = fields["tokenizer.ggml.merges"].contents()
    added = [
        _added(place, token, special=False) for place, token in enumerate(tokens) if types[place] != _NORMAL
    ]
    added = [
        entry | {"special": True, "normalized": False} if entry["content"] in SPECIAL else entry
        for entry in added
    ]
    added += [_added(len(tokens) + place, token, special=True) for place, token in enumerate(SPECIAL[2:])]
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    tokenizer = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": {"type": "NFC"},
        "pre_tokenizer": byte_level,
        "post_processor": byte_level,
        "decoder": byte_level,
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "vocab": {
                token: place for place, token in enumerate(tokens) if types[place] == _NORMAL or place < 2
            },
            "merges": merges,
        },
    }
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    ends = dict.fromkeys(("bos_token", "eos_token", "unk_token"), SPECIAL[0])
    settings = {"tokenizer_class": "GPTNeoXTokenizer", "add_prefix_space": False, **ends}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    (folder / "special_tokens_map.json").write_text(json.dumps(ends))
    return len(tokens) + len(SPECIAL) - 2


def _added(place: int, token: str, *, special: bool) -> dict[str, object]:
    return {
        "id": place,
        "content": token,
        "single_word": False,
        "lstrip": False,
        "rstrip": False,
        "normalized": not special,
        "special": special,
    }
