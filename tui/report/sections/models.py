"""The models of a report, with everything needed to ask them again, and the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from tui.report import phrases, words
from tui.report.document import Bullets, Facts, Paragraph, Title, Verbatim
from tui.units import amount, counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.report.document import Block
    from tui.report.material import Material
    from tui.store.report_rows import AnsweringModel


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
    yield "Origin", phrases.ORIGINS.get(model.origin_class, model.origin_class)
    if found := of.rows.weights(model):
        parameters = f", {found.parameters:,} parameters" if found.parameters else ""
        yield "Weights", f"{found.file}, {amount(found.size)}{parameters}"
        yield "Sha256", model.weights_sha256
    else:
        yield "From", model.origin
    if model.adapter_sha256:
        yield "Adapter's sha256", model.adapter_sha256
    for settings in of.rows.settings(model):
        if sampling := _pairs(settings.sampling):
            yield "Sampling", sampling
        if sha256 := settings.template_sha256:
            yield "Template", templates.setdefault(sha256, f"Template {len(templates) + 1}")
        if settings.engine_build:
            yield "Build", f"llama.cpp {settings.engine_build}"
    if model.first_seed is not None:
        seeds = sorted({model.first_seed, model.last_seed or 0})
        yield "Seed", " to ".join(map(str, seeds))
    yield "Settings", f"hash {model.config_hash}"
    samples = f", {model.samples} to an item" if model.samples > 1 else ""
    yield "Answers", f"{model.answers:,}{samples}"


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
    try:
        found: dict[str, Any] = msgspec.json.decode(json or "{}", type=dict[str, Any])
    except msgspec.MsgspecError:
        return ""
    return ", ".join(f"{name} {_value(name, value)}" for name, value in found.items() if value is not None)


def _value(name: str, value: Any) -> str:
    if name == "memory" and isinstance(value, int):
        return amount(value)
    return f"{value:g}" if isinstance(value, float) else str(value)
