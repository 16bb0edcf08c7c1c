"""A model: weights, the chat template they were trained with, and how to sample from them."""

from __future__ import annotations

import hashlib
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from tui.units import GIGABYTE

# The descriptions are what a person reads when a value in a file does not fit.
Name = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9][a-z0-9._-]*\Z",
        max_length=64,
        description="at most 64 of the characters a-z 0-9 . _ -, a letter or digit first",
    ),
]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z", description="64 lower-case hexadecimal digits")]
NonEmpty = Annotated[str, Meta(min_length=1)]
Probability = Annotated[float, Meta(ge=0.0, le=1.0)]
Count = Annotated[int, Meta(ge=0, le=2**31 - 1)]


NOT_KNOWN = "not known"
"""The licence of a model that names none."""

CONVERTED_TO = "Q4_K_M"
"""The type to which a checkpoint is quantised: the usual compromise of size and fidelity."""


class Sampling(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Sampler settings with llama.cpp's meanings. The defaults switch every sampler off: greedy decoding.

    A temperature of 0 is greedy. A top_k of 0, a top_p or typical_p of 1, a min_p of 0 and a
    repeat_penalty of 1 are off. repeat_last_n counts tokens, prompt included.
    """

    temperature: Annotated[float, Meta(ge=0.0, le=10.0)] = 0.0
    top_k: Count = 0
    top_p: Probability = 1.0
    min_p: Probability = 0.0
    typical_p: Probability = 1.0
    repeat_penalty: Annotated[float, Meta(gt=0.0, le=10.0)] = 1.0
    repeat_last_n: Count = 64
    max_tokens: Annotated[int, Meta(ge=1, le=2**31 - 1)] = 512


class Source(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One place the file of some weights may come from: a hub repository, a Python package, or a path.

    size is exact, in bytes; size_gb (10^9 bytes) is what to tell a person where the exact one is not known.
    tokenizer_pre overrides the pre-tokenizer for files from before May 2024, which do not name theirs.
    """

    file: NonEmpty = ""
    repo: str = ""
    revision: str = "main"
    package: str = ""
    path: str = ""
    size: Annotated[int, Meta(ge=1, le=2**63 - 1)] | None = None
    size_gb: Annotated[float, Meta(gt=0.0, le=1e6)] | None = None
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

    @property
    def published_size(self) -> int | None:
        """Bytes of its file, exactly or as the Hub's page shows it."""
        return self.size or (int(self.size_gb * GIGABYTE) if self.size_gb else None)


class Adapter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A LoRA adapter applied to the weights when they load. `path` is a GGUF adapter already on disk."""

    repo: str = ""
    revision: str = "main"
    files: tuple[str, ...] = ()
    path: str = ""
    licence: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if bool(self.repo) == bool(self.path):
            raise ValueError("an adapter names exactly one of repo or path")
        if self.repo and not self.files:
            raise ValueError("an adapter with a repo also names the files in it")


class Checkpoint(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The original weights on the hub, to be converted to GGUF and quantised where no ready file is known.

    Sizes in 10^9 bytes: of the checkpoint, and of what is made of it (CONVERTED_TO), for telling a person.
    """

    repo: NonEmpty
    revision: str = "main"
    size_gb: Annotated[float, Meta(gt=0.0, le=1e6)] | None = None
    converted_gb: Annotated[float, Meta(gt=0.0, le=1e6)] | None = None
    note: str = ""

    @property
    def converted(self) -> Source:
        return replace(self.converted_to(CONVERTED_TO), size_gb=self.converted_gb)

    def converted_to(self, quantisation: str) -> Source:
        """The result of the conversion, as if it were a file of the same repository."""
        file = f"{self.repo.rpartition('/')[2]}-{quantisation}.gguf"
        return Source(repo=self.repo, revision=self.revision, file=file, quantisation=quantisation)


class Model(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A model as a pane runs it. Two models may share weights and differ in template or sampling.

    template is a Jinja chat template; None means the one inside the weights' file. It is given `messages`,
    `bos_token`, `eos_token`, `add_generation_prompt`, and besides those `instruction`, `input` and `system`.
    stop_texts end an answer where they appear in its text; stop_tokens name special tokens that end it.
    sources are tried in order; there may be none where a checkpoint is given.
    """

    name: Name
    title: NonEmpty
    licence: str = NOT_KNOWN
    sources: tuple[Source, ...] = ()
    checkpoint: Checkpoint | None = None
    architecture: str = ""
    non_commercial: bool = False
    context_length: Annotated[int, Meta(ge=16, le=2**31 - 1)] = 2048
    template: str | None = None
    system: str = ""
    stop_texts: tuple[NonEmpty, ...] = ()
    stop_tokens: tuple[NonEmpty, ...] = ()
    sampling: Sampling = Sampling()
    adapter: Adapter | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if not self.sources and self.checkpoint is None:
            raise ValueError("a model needs at least one source, or a checkpoint to convert")

    @property
    def all_sources(self) -> tuple[Source, ...]:
        """The sources that can be fetched, and the result of a conversion."""
        return (*self.sources, self.checkpoint.converted) if self.checkpoint else self.sources

    @property
    def is_only_converted(self) -> bool:
        """Nobody publishes a file of it: one is made of the checkpoint."""
        return not self.sources

    @property
    def published_size(self) -> int | None:
        """The size of the first source for which it is known."""
        return next((size for source in self.all_sources if (size := source.published_size)), None)

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
