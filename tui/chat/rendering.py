"""Rendering of a prompt by its chat template, cut where the template wrote special tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from tui.chat.conversation import Conversation, Fields
from tui.chat.masking import Marks, Mask
from tui.chat.special_tokens import Part, Special, Text, cut, specials
from tui.chat.wholeness import whole_prompt
from tui.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["Part", "RenderedPrompt", "Special", "Text", "render_parts"]


@dataclass(frozen=True, slots=True)
class RenderedPrompt:
    """The parts joined are the text. Stretches of text are never empty and never stand side by side."""

    text: str
    parts: tuple[Part, ...]


def render_parts(
    template: str,
    *,
    instruction: str,
    input: str,  # noqa: A002 - the name templates know it by
    system: str,
    bos_token: str,
    eos_token: str,
    special_tokens: Sequence[str],
    renderer: Callable[[Conversation], str],
) -> RenderedPrompt:
    """The whole prompt, cut at the special tokens that the template wrote and at no other.

    The template is rendered again with marks, characters that occur nowhere else, in place of what the person
    wrote. If the prompt comes back when the marks are replaced, all that is not a mark is the template's own,
    and the cuts are made there. The first mask hides each text whole; templates that trim or test the texts
    need those after it, which hide less.

    Raises EngineError with one readable line where none of them fits, where the prompt lacks something of
    what the person wrote, and for whatever goes wrong in the template.
    """
    fields = Fields(instruction, input, system)
    now = datetime.now().astimezone()
    asked = Conversation(template=template, fields=fields, bos_token=bos_token, eos_token=eos_token, now=now)
    known = [template, bos_token, eos_token, *fields, *special_tokens]
    text, render = whole_prompt(asked, cache(renderer), known)
    marks = Marks([text, *known])
    for mask in _masks(marks, fields, special_tokens):
        parts = _cut_under(mask, text, render, special_tokens)
        if parts is not None:
            return RenderedPrompt(text, parts)
    return RenderedPrompt(text, _cut_by_comparison(fields, text, render, special_tokens, marks))


def _masks(marks: Marks, fields: Fields, special_tokens: Sequence[str]) -> Iterator[Mask]:
    yield marks.whole(fields)
    yield marks.stripped(fields)
    yield marks.spelled(fields, special_tokens)
    yield marks.broken(fields, special_tokens)


def _cut_under(
    mask: Mask, text: str, render: Callable[[Fields], str], special_tokens: Sequence[str]
) -> tuple[Part, ...] | None:
    """The text cut by its masks; None where the template treats masked texts otherwise than the person's."""
    try:
        parts = cut(render(mask.fields), special_tokens)
    except EngineError:
        return None
    parts = tuple(Text(mask.undo(part.text)) if isinstance(part, Text) else part for part in parts)
    parts = tuple(part for part in parts if str(part))
    return parts if text == "".join(map(str, parts)) else None


def _cut_by_comparison(
    fields: Fields, text: str, render: Callable[[Fields], str], special_tokens: Sequence[str], marks: Marks
) -> tuple[Part, ...]:
    """The text cut by comparison, for templates that look at how a text begins or remove special tokens
    themselves: the special tokens that they write around a harmless text say what may be cut."""
    harmless = specials(cut(render(marks.whole(fields).fields), special_tokens))
    for mask in (marks.broken(fields, special_tokens, ends=False), Mask(fields, {})):
        parts = _cut_under(mask, text, render, special_tokens)
        if (
            parts is not None
            and specials(parts) == harmless
            and all(_is_text(each, parts) for each in fields)
        ):
            return parts
    raise EngineError(
        "the chat template does not keep this prompt apart from its own special tokens; "
        "take the text of special tokens out of the prompt, or give the model another template"
    )


def _is_text(written: str, parts: Sequence[Part]) -> bool:
    stripped = written.strip()
    return not stripped or any(isinstance(part, Text) and stripped in part.text for part in parts)
