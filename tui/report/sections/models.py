"""The models of a report, with everything needed to ask them again, and the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from tui.report import phrases, words
from tui.report.document import Bullets, Facts, Paragraph, Title, Verbatim
from tui.units import amount, counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.report.document import Block
    from tui.report.material import Material
    from tui.store.report_rows import AnsweringModel, Settings


def models(of: Material) -> Iterator[Block]:
    answering = sorted(of.rows.models(), key=lambda each: label(of, each))
    templates: dict[str, str] = {}
    if not answering:
        yield Paragraph("No model is named yet.")
    for each in answering:
        yield Title(label(of, each))
        yield Facts(tuple(_facts(of, each, templates)))
    for sha256, name in templates.items():
        if text := of.rows.template(sha256):
            yield Title(f"{name}, sha256 {sha256}")
            yield Verbatim(text)
    if told := [each for each in map(words.ended, of.results.answered) if each]:
        yield Title("Answers that are not whole")
        yield Bullets(tuple(told))


def label(of: Material, model: AnsweringModel) -> str:
    return of.labels.get((model.name, model.config_hash, model.origin), model.name)


def _facts(of: Material, model: AnsweringModel, templates: dict[str, str]) -> Iterator[tuple[str, str]]:
    title, config = of.rows.config(model)
    if title != model.name:
        yield "Title", title
    yield "Origin", phrases.ORIGINS.get(model.origin_class, model.origin_class)
    yield from _weights(of, model)
    found = of.rows.settings(model)
    yield from _each("Sampling", (_pairs(each.sampling) for each in found))
    for each in dict.fromkeys(filter(None, (each.template_sha256 for each in found))):
        yield "Template", templates.setdefault(each, f"Template {len(templates) + 1}")
    yield from _each("Build", (each.engine_build.strip(" |") for each in found))
    yield from _each("Processor", map(_processor, found))
    if model.first_seed is not None:
        yield "Seed", " to ".join(map(str, sorted({model.first_seed, model.last_seed or 0})))
    yield from _settings(config)
    yield "Settings", f"hash {model.config_hash}"
    samples = f", {model.samples} to an item" if model.samples > 1 else ""
    yield "Answers", f"{model.answers:,}{samples}"


def _weights(of: Material, model: AnsweringModel) -> Iterator[tuple[str, str]]:
    found = of.rows.weights(model)
    if found is None:
        yield "From", model.origin
        return
    parameters = f", {found.parameters:,} parameters" if found.parameters else ""
    yield "Weights", f"{found.file}, {amount(found.size)}{parameters}"
    yield "Sha256", model.weights_sha256
    if model.adapter_sha256:
        yield "Sha256 of the adapter", model.adapter_sha256


def _each(name: str, told: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What is known, once."""
    for each in dict.fromkeys(filter(None, told)):
        yield name, each


def _processor(of: Settings) -> str:
    threads = "" if of.threads is None else counted(of.threads, "thread")
    layers = "" if of.gpu_layers is None else f"{counted(of.gpu_layers, 'layer')} on a GPU"
    return ", ".join(filter(None, (threads, layers)))


def _settings(config: str) -> Iterator[tuple[str, str]]:
    """The rest of what a model is set to."""
    found = _decoded(config)
    for name, what in (("system", "System text"), ("stop_texts", "Stops at"), ("licence", "Licence")):
        if value := found.get(name):
            yield what, ", ".join(map(repr, value)) if isinstance(value, list) else str(value)
    if context := found.get("context_length"):
        yield "Context", f"{context} tokens"


def machine(of: Material) -> Iterator[Block]:
    machines = of.rows.machines()
    for each in machines:
        told = _pairs(each.facts) or "not known"
        yield Paragraph(f"{counted(each.runs, 'run')} of llm-grader {each.app_version}: {told}.")
    if not machines:
        yield Paragraph("The answers were made elsewhere: no machine is known.")
    yield Paragraph(
        f"Figures: llm-grader {of.circumstances.app_version}, numpy {np.__version__}, seed {of.results.seed}."
    )


def _pairs(json: str) -> str:
    """A JSON object in words."""
    told = ((name, value) for name, value in _decoded(json).items() if value is not None)
    return ", ".join(f"{name.replace('_', ' ')} {_value(name, value)}" for name, value in told)


def _decoded(json: str) -> dict[str, Any]:
    """Empty where it cannot be read."""
    try:
        return msgspec.json.decode(json or "{}", type=dict[str, Any])
    except msgspec.MsgspecError:
        return {}


def _value(name: str, value: Any) -> str:
    if name == "memory" and isinstance(value, int):
        return amount(value)
    return f"{value:g}" if isinstance(value, float) else str(value)
