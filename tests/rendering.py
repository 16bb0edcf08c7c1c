"""Chat templates rendered in the test's own process, without limits."""

from __future__ import annotations

from datetime import datetime

from tui.chat.conversation import Conversation, Fields, Shape
from tui.chat.jinja_env import evaluate
from tui.chat.rendering import RenderedPrompt, render_parts


def conversation(
    template: str,
    instruction: str = "Hi",
    input_text: str = "",
    system: str = "",
    *,
    shape: Shape = "texts",
    folds_system: bool = False,
) -> Conversation:
    return Conversation(
        template=template,
        fields=Fields(instruction, input_text, system),
        bos_token="<s>",
        eos_token="</s>",
        now=datetime.now().astimezone(),
        shape=shape,
        folds_system=folds_system,
    )


def parts_of(
    template: str,
    instruction: str = "Hi",
    input_text: str = "",
    system: str = "",
    tokens: tuple[str, ...] = (),
    *,
    bos_token: str = "<s>",
    eos_token: str = "</s>",
) -> RenderedPrompt:
    return render_parts(
        template,
        instruction=instruction,
        input=input_text,
        system=system,
        bos_token=bos_token,
        eos_token=eos_token,
        special_tokens=tokens,
        renderer=evaluate,
    )
