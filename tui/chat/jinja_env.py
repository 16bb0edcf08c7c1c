"""The Jinja environment of chat templates, which are programs written by strangers, as Hugging Face has it.

It keeps a template from Python's insides, not from time and memory, of which it may take any amount:
when it is compiled too, where Jinja computes constants. So only a process made for that, which has limits
(`tui/engines/llama/worker/templates/child.py`), calls `evaluate`.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn

from jinja2 import TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tui.chat.conversation import TemplateRefusedError
from tui.errors import EngineError
from tui.text import safe_line

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.parser import Parser
    from jinja2.runtime import Undefined

    from tui.chat.conversation import Conversation

LONGEST_TEMPLATE = 1 << 18
"""Characters. The longest in use have some ten thousand."""
_LONGEST_MESSAGE = 200


class _GenerationTag(Extension):
    """`{% generation %}` marks what a trainer learns from; here its body is plain text."""

    tags = {"generation"}

    def parse(self, parser: Parser) -> list[nodes.Node]:
        parser.stream.skip(1)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class _Environment(ImmutableSandboxedEnvironment):
    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:
        raise SecurityError(f"it may not read the attribute {attribute!r}")


def _tojson(value: Any, ensure_ascii: bool = False, indent: int | None = None, **options: Any) -> str:
    """Plain JSON; jinja2's own filter escapes it for HTML."""
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, **options)


def _raise_exception(message: object = "") -> NoReturn:
    raise TemplateRefusedError(f"the chat template refuses this prompt: {_short(str(message))}")


def _environment() -> _Environment:
    environment = _Environment(
        trim_blocks=True, lstrip_blocks=True, extensions=[_GenerationTag, loopcontrols], auto_reload=False
    )
    environment.filters["tojson"] = _tojson
    environment.globals["raise_exception"] = _raise_exception
    # Chance has no place in a prompt that others should be able to repeat.
    del environment.filters["random"], environment.globals["lipsum"]
    return environment


_ENVIRONMENT = _environment()


def validate_syntax(template: str) -> None:
    """Raises EngineError with the line within the template where it is not valid Jinja.

    It is read and not compiled, so no constant is computed: what this takes grows with the template alone.
    """
    _refuse_long(template)
    try:
        _validate_names(_ENVIRONMENT.parse(template))
    except Exception as error:
        raise _invalid(error) from error


def _validate_names(tree: nodes.Template) -> None:
    for node in tree.find_all((nodes.Filter, nodes.Test)):
        is_filter = isinstance(node, nodes.Filter)
        if node.name not in (_ENVIRONMENT.filters if is_filter else _ENVIRONMENT.tests):
            kind = "filter" if is_filter else "test"
            raise TemplateSyntaxError(f"No {kind} named {node.name!r}.", node.lineno)


def evaluate(conversation: Conversation) -> str:
    """The prompt that the template makes of it, with all the time and memory that this takes. Raises
    TemplateRefusedError, MemoryError, or EngineError with one line for whatever else goes wrong."""
    template = _compiled(conversation.template)
    try:
        return template.render(conversation.variables())
    except (TemplateRefusedError, MemoryError):
        raise
    except Exception as error:
        line = _line(error)
        place = f" in line {line}" if line else ""
        raise EngineError(f"the chat template fails{place}: {_reason(error)}") from error


@lru_cache(maxsize=8)
def _compiled(template: str) -> Template:
    _refuse_long(template)
    try:
        return _ENVIRONMENT.from_string(template)
    except MemoryError:
        raise
    except Exception as error:
        raise _invalid(error) from error


def _refuse_long(template: str) -> None:
    if len(template) > LONGEST_TEMPLATE:
        raise EngineError(
            f"the chat template has {len(template):,} characters, more than {LONGEST_TEMPLATE:,}"
        )


def _invalid(error: Exception) -> EngineError:
    if isinstance(error, TemplateSyntaxError):
        return EngineError(f"line {error.lineno} of the chat template: {_short(error.message or '')}")
    return EngineError(f"the chat template is not valid: {_reason(error)}")


def _line(error: Exception) -> int | None:
    """jinja2 rewrites tracebacks so that the frames of a template carry the template's own lines."""
    line, trace = None, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply, or calls itself without end"
    return _short(str(error)) or type(error).__name__


def _short(message: str) -> str:
    line = safe_line(message[: 2 * _LONGEST_MESSAGE])
    return line if len(line) <= _LONGEST_MESSAGE else f"{line[:_LONGEST_MESSAGE]}…"
