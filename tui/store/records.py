"""The rows about answers as typed objects. Ids are UUIDv7, times are UTC ISO 8601 with microseconds.

None, where a figure may be None, is NULL in the database: not known.
"""

from __future__ import annotations

import hashlib
from typing import Literal, NamedTuple

from msgspec import Struct

FinishReason = Literal["stop", "length", "cancelled", "failed", "unknown"]
OriginClass = Literal["verified", "claimed", "unknown"]
ItemSource = Literal["catalogue", "own", "import"]


def verified_origin(weights_sha256: str, adapter_sha256: str = "") -> str:
    """The origin of what weights answer whose sha256 this program read."""
    return f"sha256:{weights_sha256}" + (f"+{adapter_sha256}" if adapter_sha256 else "")


def text_sha256(text: str) -> str:
    """The same for identical texts."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


class WeightsRecord(Struct, frozen=True, kw_only=True):
    sha256: str
    """The GGUF file's; with an adapter, see adapter_sha256. For split weights, that of the digests of their
    files, 32 bytes each, joined in order."""
    file: str
    """File name without its folder; of split weights the first."""
    size: int
    """Bytes of all files."""
    files: str = "[]"
    """JSON list of file, size, sha256, in order."""
    adapter_sha256: str = ""
    architecture: str = ""
    description: str = ""
    parameters: int | None = None


class ModelRecord(Struct, frozen=True, kw_only=True):
    """A model as it was when it answered. The key is (name, config_hash)."""

    name: str
    config_hash: str
    title: str
    config: str
    """JSON: template, system, stops, sampling, context length, pre-tokenizer where the file's is replaced."""


class RubricRecord(Struct, frozen=True, kw_only=True):
    hash: str
    criteria: str
    """JSON list of name, question and levels; a level has key, label, ordinal, value and anchor."""


class ItemRecord(Struct, frozen=True, kw_only=True):
    """An item as it was asked and shown: enough to grade its answers without the task's file."""

    hash: str
    """The hash of all the other fields."""
    source: ItemSource
    task: str
    task_title: str
    number: int
    title: str
    guidelines: str
    instruction: str | None
    messages: str | None = None
    """JSON, in place of an instruction."""
    input: str = ""
    expected: str = ""
    checks: str = "[]"
    rubric_hash: str
    prompt_hash: str
    """The hash of what a model is asked: instruction and input."""
    sheet_hash: str
    """The hash of all that a grader sees of it."""


class RunRecord(Struct, frozen=True, kw_only=True):
    """One sitting of generation."""

    id: str
    started_at: str
    app_version: str
    machine: str
    """JSON: platform, processor, cores, memory in bytes, Python version."""
    settings: str = "{}"
    """JSON of a run without the app: parallel, order."""


class ResponseRecord(Struct, frozen=True, kw_only=True):
    """One answer with everything needed to repeat it."""

    id: str
    run_id: str | None
    """None where it was imported and its run is not known."""
    created_at: str
    task: str
    prompt_number: int
    prompt_hash: str
    model: str
    model_config_hash: str
    weights_sha256: str | None = None
    """With adapter_sha256 None where the weights were not read here."""
    adapter_sha256: str | None = None
    sample: int
    """1 for the first answer to a prompt."""
    seed: int | None = None
    sampling: str | None = None
    """JSON of the sampler settings."""
    template_sha256: str | None = None
    template: str | None = None
    rendered_prompt: str | None = None
    text: str
    """Exactly as generated."""
    finish_reason: FinishReason
    error: str = ""
    warnings: str = ""
    """Warnings of the engine while it loaded the weights and read the prompt, one line each."""
    prompt_tokens: int | None = None
    tokens: int | None = None
    first_token_seconds: float | None = None
    seconds: float | None = None
    tokens_per_second: float | None = None
    engine_build: str | None = None
    threads: int | None = None
    gpu_layers: int | None = None
    extra_layouts: bool | None = None
    """True if llama.cpp might lay the weights out anew for the CPU."""
    parallel: int | None = None
    item_hash: str
    origin: str
    """The exact source of the answer: for weights that were read here their `verified_origin`."""
    origin_class: OriginClass = "verified"
    import_id: str | None = None
    turn: int = 1
    follows: str | None = None
    """Id of the response of the turn before."""
    reasoning_start: int | None = None
    """The start of the reasoning in the text, in characters; None without any."""
    reasoning_end: int | None = None
    text_sha256: str
    """The hash of the answer without its reasoning."""
    service: str | None = None
    """JSON of a server's answer: server, host, asked and answered model, fingerprint, request, usage."""
    lost_in_print: str | None = None
    """The missing part of an answer that was copied from print."""
    asked_otherwise: str | None = None
    """The question to the model, where that was not the item's prompt."""

    @property
    def complete(self) -> bool:
        return self.finish_reason in ("stop", "length", "unknown")


class Recorded(Struct, frozen=True, kw_only=True):
    """A response with all that it refers to: what is stored of one generation."""

    run: RunRecord | None = None
    weights: WeightsRecord | None = None
    model: ModelRecord
    rubric: RubricRecord
    item: ItemRecord
    response: ResponseRecord


class ModelKey(NamedTuple):
    """A model as it answers now: what has another origin or other settings under its name is not its own."""

    name: str
    config_hash: str
    origin: str


class ResponseKey(Struct, frozen=True, kw_only=True):
    """The identity of an experiment: nothing is generated again while a response with its key is stored.

    The task belongs to it, for each task grades the same prompt by its own rubric, and the model's name too,
    for two names on the same weights and settings are two models to whoever compares them.
    """

    task: str
    prompt_hash: str
    model: str
    model_config_hash: str
    origin: str
    sample: int
    seed: int


class OwnItem(Struct, frozen=True, kw_only=True):
    """An item that a person wrote in the app. Its number is how it is named here, its id everywhere."""

    own_id: str
    number: int
    title: str
    instruction: str
    input: str
    levels: str
    created_at: str
