"""A model: weights, the chat template they were trained with, and how to sample from them."""

from __future__ import annotations

import hashlib
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=64)]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Probability = Annotated[float, Meta(ge=0.0, le=1.0)]


class Sampling(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Sampler settings with llama.cpp's meanings. The defaults switch every sampler off: greedy decoding.

    A temperature of 0 is greedy. A top_k of 0, a top_p or typical_p of 1, a min_p of 0 and a
    repeat_penalty of 1 are off. repeat_last_n counts tokens, prompt included.
    """

    temperature: Annotated[float, Meta(ge=0.0, le=10.0)] = 0.0
    top_k: Annotated[int, Meta(ge=0)] = 0
    top_p: Probability = 1.0
    min_p: Probability = 0.0
    typical_p: Probability = 1.0
    repeat_penalty: Annotated[float, Meta(gt=0.0, le=10.0)] = 1.0
    repeat_last_n: Annotated[int, Meta(ge=0)] = 64
    max_tokens: Annotated[int, Meta(ge=1)] = 512


class Source(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One place the file of some weights may come from: a hub repository, a Python package, or a path.

    tokenizer_pre overrides the pre-tokenizer for files from before May 2024, which do not name theirs.
    """

    file: Annotated[str, Meta(min_length=1)] = ""
    repo: str = ""
    revision: str = "main"
    package: str = ""
    path: str = ""
    size: Annotated[int, Meta(gt=0)] | None = None
    sha256: Sha256 | None = None
    quantisation: str = ""
    tokenizer_pre: str | None = None
    note: str = ""

    def __post_init__(self) -> None:
        places = [name for name in ("repo", "package", "path") if getattr(self, name)]
        if len(places) != 1:
            raise ValueError("a source names exactly one of repo, package or path")
        if not self.path and not self.file:
            raise ValueError(f"a source with a {places[0]} also names the file in it")


class Adapter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A LoRA adapter applied to the weights when they load. `path` is a GGUF adapter already on disk."""

    repo: str = ""
    revision: str = "main"
    files: tuple[str, ...] = ()
    path: str = ""
    licence: str = ""
    note: str = ""


class Model(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a pane runs. Two models may share weights and differ in template or sampling.

    template is a Jinja chat template; None means the one inside the weights' file. It is given `messages`,
    `bos_token`, `eos_token`, `add_generation_prompt`, and besides those `instruction`, `input` and `system`.
    stop_texts end an answer where they appear in its text; stop_tokens name special tokens that end it.
    """

    name: Name
    title: Annotated[str, Meta(min_length=1)]
    licence: str
    sources: Annotated[tuple[Source, ...], Meta(min_length=1)]
    architecture: str = ""
    non_commercial: bool = False
    context_length: Annotated[int, Meta(ge=16)] = 2048
    template: str | None = None
    system: str = ""
    stop_texts: tuple[Annotated[str, Meta(min_length=1)], ...] = ()
    stop_tokens: tuple[Annotated[str, Meta(min_length=1)], ...] = ()
    sampling: Sampling = Sampling()
    adapter: Adapter | None = None
    note: str = ""

    @property
    def config_hash(self) -> str:
        """Sha256 of everything but the weights that decides an answer: template, stops, sampling, context."""
        config = {
            "context_length": self.context_length,
            "sampling": self.sampling,
            "stop_texts": self.stop_texts,
            "stop_tokens": self.stop_tokens,
            "system": self.system,
            "template": self.template,
        }
        return hashlib.sha256(msgspec.json.encode(config, order="deterministic")).hexdigest()
