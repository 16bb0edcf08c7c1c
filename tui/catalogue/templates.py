"""From an instruction to the prompt a model was trained on, cut where the template wrote special tokens."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tui.catalogue.cutting import Part, Special, Text, cut, specials
from tui.catalogue.masks import Fields, Marks, Mask
from tui.catalogue.sandbox import TemplateRefusedError, compiled, evaluate
from tui.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jinja2 import Template

__all__ = ["Part", "RenderedPrompt", "Special", "Text", "render", "render_parts"]


@dataclass(frozen=True, slots=True)
class RenderedPrompt:
    """The parts joined are the text. Stretches of text are never empty and never stand side by side."""

    text: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class _Renderer:
    """A template with everything but the person's texts, so that rendering again differs in nothing else."""

    template: Template
    bos_token: str
    eos_token: str
    now: datetime
    folds_system: bool = False

    def __call__(self, fields: Fields) -> str:
        return evaluate(self.template, self._variables(fields))

    def _variables(self, fields: Fields) -> dict[str, Any]:
        return {
            "messages": _messages(fields, self.folds_system),
            "instruction": fields.instruction,
            "input": fields.input,
            "system": fields.system,
            "bos_token": self.bos_token,
            "eos_token": self.eos_token,
            "add_generation_prompt": True,
            "tools": None,
            "documents": None,
            "strftime_now": self.now.strftime,
        }


def render(
    template: str,
    *,
    instruction: str,
    input: str,  # noqa: A002 - the name templates know it by
    system: str,
    bos_token: str,
    eos_token: str,
) -> str:
    """The whole prompt. Raises EngineError with one readable line for whatever goes wrong in the template.

    A template that refuses the system role gets the system text at the head of the user's message.
    """
    return _plain(template, Fields(instruction, input, system), bos_token, eos_token)[0]


def render_parts(
    template: str,
    *,
    instruction: str,
    input: str,  # noqa: A002
    system: str,
    bos_token: str,
    eos_token: str,
    special_tokens: Sequence[str],
) -> RenderedPrompt:
    """What `render` gives, cut at the special tokens that the template wrote and at no other.

    The template is rendered again with marks, characters that occur nowhere else, in place of what the person
    wrote. If the prompt comes back when the marks are replaced, all that is not a mark is the template's own,
    and the cuts are made there. The first mask hides each text whole; templates that trim, rewrite or test
    the texts need those after it, which hide less. Raises EngineError where none of them fits.
    """
    fields = Fields(instruction, input, system)
    text, renderer = _plain(template, fields, bos_token, eos_token)
    marks = Marks([text, template, bos_token, eos_token, *fields, *special_tokens])
    for mask in _masks(marks, fields, special_tokens):
        parts = _cut_under(mask, text, renderer, special_tokens)
        if parts is not None:
            return RenderedPrompt(text, parts)
    return RenderedPrompt(text, _cut_by_comparison(fields, text, renderer, special_tokens, marks))


def _masks(marks: Marks, fields: Fields, special_tokens: Sequence[str]) -> Iterator[Mask]:
    yield marks.whole(fields)
    yield marks.stripped(fields)
    yield marks.spelled(fields, special_tokens)
    yield marks.broken(fields, special_tokens)


def _plain(template: str, fields: Fields, bos_token: str, eos_token: str) -> tuple[str, _Renderer]:
    renderer = _Renderer(compiled(template), bos_token, eos_token, datetime.now().astimezone())
    try:
        return renderer(fields), renderer
    except TemplateRefusedError:
        if not fields.system:
            raise
        renderer = replace(renderer, folds_system=True)
        return renderer(fields), renderer


def _messages(fields: Fields, folds_system: bool) -> list[dict[str, str]]:
    user = "\n\n".join([fields.instruction, fields.input] if fields.input else [fields.instruction])
    if not fields.system:
        return [{"role": "user", "content": user}]
    if folds_system:
        return [{"role": "user", "content": f"{fields.system}\n\n{user}"}]
    return [{"role": "system", "content": fields.system}, {"role": "user", "content": user}]


def _cut_under(
    mask: Mask, text: str, renderer: _Renderer, special_tokens: Sequence[str]
) -> tuple[Part, ...] | None:
    """None where the template treats the masked texts otherwise than the person's."""
    try:
        parts = cut(renderer(mask.fields), special_tokens)
    except EngineError:
        return None
    parts = tuple(Text(mask.undo(part.text)) if isinstance(part, Text) else part for part in parts)
    parts = tuple(part for part in parts if str(part))
    return parts if text == "".join(map(str, parts)) else None


def _cut_by_comparison(
    fields: Fields, text: str, renderer: _Renderer, special_tokens: Sequence[str], marks: Marks
) -> tuple[Part, ...]:
    """For templates that look at how a text begins, or take special tokens out of it themselves: then the
    special tokens they write around a harmless text say what may be cut."""
    harmless = specials(cut(renderer(marks.whole(fields).fields), special_tokens))
    for mask in (marks.broken(fields, special_tokens, ends=False), Mask(fields, {})):
        parts = _cut_under(mask, text, renderer, special_tokens)
        if parts is not None and specials(parts) == harmless:
            return parts
    raise EngineError(
        "the chat template does not keep this prompt apart from its own special tokens; "
        "take the text of special tokens out of the prompt, or give the model another template"
    )
