"""The purpose of a GGUF file, by its header: most hold a model that writes text, some something else.

llama.cpp would load many of the others, and end the process in their first batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.memory.gguf_header import Header

_NO_TEXT = "it writes no text"
_EMBEDDING = "this is an embedding model: it turns text into numbers, and writes none"
_RERANKER = f"this is a model that ranks or classifies texts: {_NO_TEXT}"
_DIFFUSION = "this is a text diffusion model, which does not write word by word: llm-grader cannot run it"
_BOTH_WAYS = f"this is a model that reads in both directions, for embeddings or the like: {_NO_TEXT}"
_SPEECH = f"this is a model for speech or sound: {_NO_TEXT}"
_PICTURES = f"this is a model that makes pictures: {_NO_TEXT}"
_DRAFT = "this is a draft model, which only helps another model write: name that model's own file"
_ENCODER_DECODER = "this is an encoder-decoder model: llm-grader runs models that go on with a text"
_ADAPTER = "this is a LoRA adapter, not a model: name the model's file; a models file may give it an adapter"
_CONTROL = "this is a control vector, not a model: name its model's file"
_PROJECTOR = "this is the part of a model that sees or hears (mmproj): name the model's own file beside it"
_MATRIX = "this is an importance matrix, made for quantising a model: name the model's file"
_VOCABULARY = "this is a vocabulary only: it holds no weights"
_EMPTY = "it holds no weights"

_BY_TYPE = {"adapter": _ADAPTER, "mmproj": _PROJECTOR, "imatrix": _MATRIX}
"""Purposes by the key general.type."""
_BY_KEYS = {
    "adapter.": _ADAPTER,
    "clip.": _PROJECTOR,
    "imatrix.": _MATRIX,
    "controlvector.": _CONTROL,
    "diffusion.": _DIFFUSION,
}
_ARCHITECTURES = {
    _PROJECTOR: ("clip",),
    _CONTROL: ("controlvector",),
    _MATRIX: ("imatrix",),
    _EMBEDDING: (
        *("bert", "modern-bert", "nomic-bert", "nomic-bert-moe", "neo-bert", "jina-bert-v2", "jina-bert-v3"),
        *("eurobert", "gemma-embedding", "llama-embed", "t5encoder"),
    ),
    _ENCODER_DECODER: ("t5",),
    _DIFFUSION: ("dream", "llada", "llada-moe", "rnd1"),
    _DRAFT: ("eagle", "eagle3", "dflash", "gemma4-assistant", "medusa"),
    _SPEECH: (
        *("wavtokenizer-dec", "pockettts", "whisper", "parler-tts", "kokoro", "dia", "orpheus", "outetts"),
        *("bark", "encodec", "snac", "mimi", "csm", "musicgen"),
    ),
    _PICTURES: (
        *("flux", "sd1", "sd2", "sd3", "sdxl", "aura", "hidream", "cosmos", "ltxv", "hyvid", "wan"),
        *("lumina2", "qwen_image", "z_image", "chroma", "pig"),
    ),
}
_BY_ARCHITECTURE = {name: said for said, names in _ARCHITECTURES.items() for name in names}
_POOLED = {1: _EMBEDDING, 2: _EMBEDDING, 3: _EMBEDDING, 4: _RERANKER}
"""By llama.cpp's kinds of pooling: mean, first token, last token, rank. A model that writes has none."""


def other_purpose(header: Header) -> str:
    """Words for a file that is no model that writes text; empty where it may be one."""
    values, architecture = header.values, str(header.values.get("general.architecture", ""))
    return (
        _BY_TYPE.get(str(values.get("general.type", "")))
        or next((said for begin, said in _BY_KEYS.items() if _has(header, begin)), "")
        or (_ADAPTER if _is_adapter(header) else "")
        or (_RERANKER if f"{architecture}.classifier.output_labels" in header.lengths else "")
        or _pooled(values.get(f"{architecture}.pooling_type"))
        or _BY_ARCHITECTURE.get(architecture)
        or (_BOTH_WAYS if values.get(f"{architecture}.attention.causal", True) in (0, False) else "")
        or _without_weights(header)
    )


def _pooled(kind: object) -> str:
    return _POOLED.get(kind, "") if isinstance(kind, int) else ""


def _has(header: Header, begin: str) -> bool:
    return any(key.startswith(begin) for keys in (header.values, header.lengths) for key in keys)


def _is_adapter(header: Header) -> bool:
    names = [tensor.name for tensor in header.tensors]
    return bool(names) and all(name.endswith((".lora_a", ".lora_b")) for name in names)


def _without_weights(header: Header) -> str:
    """The first of several files may hold the header alone."""
    split = header.values.get("split.count", 1)
    if header.tensors or (isinstance(split, int) and split > 1):
        return ""
    return _VOCABULARY if "tokenizer.ggml.tokens" in header.lengths else _EMPTY
