"""Chat templates are programs written by strangers: Jinja in a sandbox, set up as Hugging Face does it."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn

from jinja2 import TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tui.errors import EngineError
from tui.text import safe_line

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.parser import Parser
    from jinja2.runtime import Context, Undefined

_LONGEST_REPETITION = 10_000_000
_LONGEST_MESSAGE = 200


class TemplateRefusedError(EngineError):
    """The template itself refused the conversation: it called raise_exception."""


class _GenerationTag(Extension):
    """`{% generation %}` marks what a trainer learns from; here its body is plain text."""

    tags = {"generation"}

    def parse(self, parser: Parser) -> list[nodes.Node]:
        parser.stream.skip(1)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class _Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"*", "**"})

    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:
        raise SecurityError(f"it may not read the attribute {attribute!r}")

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """`10**10**10` and `"a" * 10**10` would take the machine's time and memory, uninterruptibly."""
        if _power_too_large(left, right) if operator == "**" else _repetition_too_long(left, right):
            raise SecurityError(f"the result of {operator} is too large")
        return super().call_binop(context, operator, left, right)


def _power_too_large(base: object, exponent: object) -> bool:
    return any(isinstance(number, int) and abs(number) > 1000 for number in (base, exponent))


def _repetition_too_long(left: object, right: object) -> bool:
    for text, times in ((left, right), (right, left)):
        if isinstance(text, (str, list, tuple)) and isinstance(times, int):
            return len(text) * times > _LONGEST_REPETITION
    return False


def _tojson(value: Any, ensure_ascii: bool = False, indent: int | None = None, **options: Any) -> str:
    """Plain JSON; jinja2's own filter escapes it for HTML."""
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, **options)


def _raise_exception(message: object = "") -> NoReturn:
    raise TemplateRefusedError(f"the chat template refuses this prompt: {_short(str(message))}")


def _environment() -> _Sandbox:
    environment = _Sandbox(
        trim_blocks=True, lstrip_blocks=True, extensions=[_GenerationTag, loopcontrols], auto_reload=False
    )
    environment.filters["tojson"] = _tojson
    environment.globals["raise_exception"] = _raise_exception
    # Chance has no place in a prompt that others should be able to repeat, and lipsum can fill the memory.
    del environment.filters["random"], environment.globals["lipsum"]
    return environment


_ENVIRONMENT = _environment()


@lru_cache(maxsize=64)
def compiled(template: str) -> Template:
    """Raises EngineError with the line within the template where it is not valid Jinja."""
    try:
        return _ENVIRONMENT.from_string(template)
    except TemplateSyntaxError as error:
        raise EngineError(
            f"line {error.lineno} of the chat template: {_short(error.message or '')}"
        ) from error
    except Exception as error:
        raise EngineError(f"the chat template is not valid: {_reason(error)}") from error


def evaluate(template: Template, variables: dict[str, Any]) -> str:
    """The template's text. Raises TemplateRefusedError, or EngineError for whatever else goes wrong.

    Time is not limited: run it where it can be killed.
    """
    try:
        return template.render(variables)
    except TemplateRefusedError:
        raise
    except Exception as error:
        line = _line(error)
        place = f" in line {line}" if line else ""
        raise EngineError(f"the chat template fails{place}: {_reason(error)}") from error


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
    line = safe_line(message)
    return line if len(line) <= _LONGEST_MESSAGE else f"{line[:_LONGEST_MESSAGE]}…"
