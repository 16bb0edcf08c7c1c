"""Comparison of figures that were worked out twice."""

from __future__ import annotations

from itertools import chain
from typing import Any

import msgspec

CLOSE = 1e-9
NAMED = ("kind", "response_id", "between", "graders", "criterion", "levels", "answers", "table")
"""What figures are ordered by."""


def as_json(found: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(found))


def different(program: Any, script: Any, at: str = "") -> list[str]:
    """The places where the two differ by more than the order of a sum makes of it, or where the program has a
    figure that the script has not."""
    match program, script:
        case dict(), dict():
            more = [name for name in program if name not in script and _has_figures(program[name])]
            each = [different(program.get(name), script[name], f"{at}.{name}") for name in script]
            return [f"{at}.{name} is not told" for name in more] + list(chain(*each))
        case list(), list() | tuple() if len(program) == len(script):
            pairs = enumerate(zip(program, script, strict=True))
            each = [different(*pair, f"{at}[{place}]") for place, pair in pairs]
            return list(chain(*each))
        case float(), float() if abs(program - script) < CLOSE:
            return []
    return [] if program == script else [f"{at}: {program} is not {script}"]


def in_order(figures: list[Any] | dict[str, Any]) -> list[Any] | dict[str, Any]:
    """By whom and what they are of."""
    return figures if isinstance(figures, dict) else sorted(figures, key=_name)


def _name(figures: Any) -> str:
    named = isinstance(figures, dict)
    return repr([figures[name] for name in NAMED if name in figures]) if named else figures


def _has_figures(program: Any) -> bool:
    if isinstance(program, dict):
        return any(map(_has_figures, program.values()))
    if isinstance(program, list):
        return any(map(_has_figures, program))
    return isinstance(program, int | float) and not isinstance(program, bool)
