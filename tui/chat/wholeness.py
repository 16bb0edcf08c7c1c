"""The test that a rendered prompt holds all that the person wrote, and the shape in which it does.

Some templates expect each message as a list of parts, since their models see images too, and write nothing of
a plain text. Others leave out what they do not expect, as a system text. That a text can be found in the
prompt proves little, for a template may have the word itself: marks in its place must come out too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui.chat.conversation import Conversation, Fields, TemplateRefusedError, TemplateStoppedError
from tui.chat.masking import Marks
from tui.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Renderer = Callable[[Conversation], str]

_NAMES = Fields("the instruction", "the input", "the system text")
_REMEDY = "give the model another one with --template FILE, or in a models file"


class _NotWholeError(EngineError):
    def __init__(self, lacking: Sequence[str], changed: Sequence[str]) -> None:
        does = [f"leaves out {_listed(lacking)}"] if lacking else []
        does += [f"changes {_listed(changed)}"] if changed else []
        super().__init__(f"the chat template {' and '.join(does)}: {_REMEDY}")
        self.faults = len(lacking) + len(changed)


def whole_prompt(
    asked: Conversation, render: Renderer, known: Sequence[str]
) -> tuple[str, Callable[[Fields], str]]:
    """The prompt, and how other texts are rendered in the same way. `known` is all text that may be in it.

    Raises EngineError saying what the template leaves out, or what goes wrong in it.
    """
    failures: list[EngineError] = []
    for conversation in _shapes(asked):
        try:
            text, used = _rendered(conversation, render)
            _require_whole(text, used, render, Marks([text, *known]))
        except TemplateStoppedError:
            raise
        except EngineError as failure:
            failures.append(failure)
        else:
            return text, _with_other_texts(used, render)
    raise min(failures, key=_how_far)


def _with_other_texts(used: Conversation, render: Renderer) -> Callable[[Fields], str]:
    return lambda fields: render(replace(used, fields=fields))


def _shapes(asked: Conversation) -> Iterator[Conversation]:
    yield asked
    if asked.fields.system:
        yield replace(asked, shape="user in parts")
    yield replace(asked, shape="parts")


def _rendered(conversation: Conversation, render: Renderer) -> tuple[str, Conversation]:
    try:
        return render(conversation), conversation
    except TemplateRefusedError:
        if not conversation.fields.system:
            raise
        folded = replace(conversation, folds_system=True)
        return render(folded), folded


def _require_whole(text: str, used: Conversation, render: Renderer, marks: Marks) -> None:
    """Raises _NotWholeError. Space around a text may go: templates trim."""
    lacking = _not_shown(used, render, marks)
    lost = [place for place, written in enumerate(used.fields) if written.strip() not in text]
    if lacking or lost:
        changed = [_NAMES[place] for place in lost if place not in lacking]
        raise _NotWholeError([_NAMES[place] for place in lacking], changed)


def _not_shown(used: Conversation, render: Renderer, marks: Marks) -> list[int]:
    """The places of the texts that the template does not write, wherever else they stand in the prompt."""
    lacking = [place for place, written in enumerate(used.fields) if written.strip()]
    for probe in (marks.whole(used.fields).fields, marks.at_the_ends(used.fields)):
        if lacking:
            prompt = _or_nothing(render, replace(used, fields=probe))
            lacking = [place for place in lacking if probe[place].strip() not in prompt]
    return lacking


def _or_nothing(render: Renderer, conversation: Conversation) -> str:
    try:
        return render(conversation)
    except TemplateStoppedError:
        raise
    except EngineError:
        return ""


def _how_far(failure: EngineError) -> int:
    return failure.faults if isinstance(failure, _NotWholeError) else len(_NAMES) + 1


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
