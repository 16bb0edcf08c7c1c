"""A request as a prompt the weights can read: rendered by the chat template, tokenised, and not too long."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.chat.rendering import render_parts
from tui.errors import EngineError
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.chat.conversation import Conversation
    from tui.chat.rendering import RenderedPrompt
    from tui.engines.llama.worker.vocabulary import Vocabulary
    from tui.engines.request import Request


class Prompt(NamedTuple):
    template: str
    text: str
    tokens: list[int]
    stop_tokens: frozenset[int]
    warnings: tuple[str, ...]


def prepare(
    request: Request,
    vocabulary: Vocabulary,
    *,
    file_template: str | None,
    room: int,
    renderer: Callable[[Conversation], str],
) -> Prompt:
    """Raises GraderError with one line where a template fails or the prompt exceeds `room` tokens."""
    template = request.template if request.template is not None else file_template
    if template is None:
        raise EngineError("the file has no chat template: give one with --template FILE, or in a models file")
    rendered = render_parts(
        template,
        instruction=request.instruction,
        input=request.input,
        system=request.system,
        bos_token=vocabulary.text(vocabulary.bos),
        eos_token=vocabulary.text(vocabulary.eos),
        special_tokens=list(vocabulary.special_tokens),
        renderer=renderer,
    )
    tokens = _tokenise(rendered, vocabulary, room)
    stops = {text: vocabulary.find(text) for text in request.stop_tokens}
    return Prompt(
        template,
        rendered.text,
        tokens,
        stop_tokens=frozenset(token for token in stops.values() if token is not None),
        warnings=tuple(
            f"the weights have no token {safe_line(text)} to stop at"
            for text, token in stops.items()
            if token is None
        ),
    )


def refuse_too_long(prompt: Prompt, max_tokens: int, *, room: int, held: int) -> None:
    """Raises EngineError with one line where memory does not hold all that the answer may come to."""
    read = len(prompt.tokens)
    write = min(max_tokens, room - read)
    if read + write > held:
        raise EngineError(
            f"the prompt has {read} tokens and its answer up to {write}, memory holds {held} of {room} tokens"
            " of context: close other programs, or lower max_tokens"
        )


def _tokenise(rendered: RenderedPrompt, vocabulary: Vocabulary, room: int) -> list[int]:
    # Tokenising megabytes takes minutes with some vocabularies: what cannot fit is refused before.
    least = vocabulary.least_tokens(rendered.parts)
    if least + 1 > room:
        raise EngineError(_too_long(f"at least {least}", room))
    tokens = vocabulary.tokenise(rendered.parts)
    if len(tokens) + 1 > room:
        raise EngineError(_too_long(str(len(tokens)), room))
    if not tokens:
        raise EngineError("the prompt is empty: there is nothing to answer")
    return tokens


def _too_long(tokens: str, room: int) -> str:
    return f"the prompt has {tokens} tokens, the context holds {room}: shorten the prompt"
