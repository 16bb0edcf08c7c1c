"""The rows of the database as typed objects. Ids are UUIDv7, times are UTC ISO 8601 with microseconds."""

from __future__ import annotations

from typing import Literal, NamedTuple

from msgspec import Struct

FinishReason = Literal["stop", "length", "cancelled", "failed"]
GradeKind = Literal["grade", "skip", "undo"]


class WeightsRecord(Struct, frozen=True, kw_only=True):
    sha256: str
    """Of the GGUF file; with an adapter, see adapter_sha256. Of split weights, that of the digests of their
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
    parameters: int = 0


class ModelRecord(Struct, frozen=True, kw_only=True):
    """A model as it was when it answered. The key is (name, config_hash)."""

    name: str
    config_hash: str
    title: str
    config: str
    """JSON: template, system, stops, sampling, context length, pre-tokenizer where the file is told one."""


class PromptRecord(Struct, frozen=True, kw_only=True):
    """A prompt as it was when it was answered. The key is content_hash: text and input."""

    content_hash: str
    task: str
    number: int
    title: str
    text: str
    input: str = ""


class RubricRecord(Struct, frozen=True, kw_only=True):
    hash: str
    levels: str
    """JSON list of label, letter, value, meaning."""


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
    run_id: str
    created_at: str
    task: str
    prompt_number: int
    prompt_hash: str
    model: str
    model_config_hash: str
    weights_sha256: str
    adapter_sha256: str = ""
    sample: int
    """1 for the first answer to a prompt."""
    seed: int
    sampling: str
    """JSON of the sampler settings."""
    template_sha256: str = ""
    template: str = ""
    rendered_prompt: str = ""
    text: str
    """Exactly as generated."""
    finish_reason: FinishReason
    error: str = ""
    warnings: str = ""
    """What the engine warned of while it loaded the weights and read the prompt, one line each."""
    prompt_tokens: int = 0
    tokens: int = 0
    first_token_seconds: float | None = None
    seconds: float = 0.0
    tokens_per_second: float | None = None
    engine_build: str = ""
    threads: int = 0
    gpu_layers: int = 0
    extra_layouts: bool = False
    """Whether llama.cpp might lay the weights out anew for the CPU."""
    parallel: int = 1

    @property
    def complete(self) -> bool:
        return self.finish_reason in ("stop", "length")


class GradeRecord(Struct, frozen=True, kw_only=True):
    """One grade event: the grader's whole judgement of a response at that moment. Nothing is overwritten.

    The judgement in force for (response, grader) is the `grade` or `skip` that arrived last in the database
    and that no `undo` names.
    """

    id: str
    response_id: str
    grader: str
    kind: GradeKind
    undoes: str | None = None
    """Id of the event an `undo` takes back."""
    label: str | None = None
    """None while only a note has been written."""
    value: float | None = None
    note: str = ""
    rubric_hash: str = ""
    blind: bool = False
    position: int | None = None
    """Place of the pane on the screen, 1 for the first."""
    shuffle_seed: int | None = None
    shown_at: str | None = None
    graded_at: str
    grading_seconds: float | None = None
    """From shown_at to graded_at by a clock that nobody sets."""
    app_version: str


class Recorded(Struct, frozen=True, kw_only=True):
    """A response with all that it refers to: what is stored of one generation."""

    run: RunRecord
    weights: WeightsRecord
    model: ModelRecord
    prompt: PromptRecord
    response: ResponseRecord


class ModelKey(NamedTuple):
    """A model as it answers now: responses of other weights or settings under its name are not its own."""

    name: str
    config_hash: str
    weights_sha256: str
    adapter_sha256: str = ""


class ResponseKey(Struct, frozen=True, kw_only=True):
    """What makes two responses the same experiment; one that is stored need not be generated again.

    The task belongs to it, for each task grades the same prompt by its own rubric, and the model's name too,
    for two names on the same weights and settings are two models to whoever compares them.
    """

    task: str
    prompt_hash: str
    model: str
    model_config_hash: str
    weights_sha256: str
    adapter_sha256: str
    sample: int
    seed: int


class OwnPrompt(Struct, frozen=True, kw_only=True):
    """A prompt that a person wrote in the app, numbered from 1."""

    number: int
    title: str
    text: str
    created_at: str


class ModelProgress(Struct, frozen=True, kw_only=True):
    """How far one model and one grader are with one prompt: its newest complete response, else its newest."""

    response_id: str
    complete: bool
    kind: GradeKind | None
    """Of the judgement in force, None before the first: `grade` or `skip`."""
    label: str | None
    value: float | None
