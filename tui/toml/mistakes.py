"""Mistakes in a file, in words for its author: the place, what was found, what is allowed."""

from __future__ import annotations

import datetime
import difflib
import re
from typing import TYPE_CHECKING, Any

import msgspec
import msgspec.inspect

from tui.text import safe, safe_line
from tui.toml.types_in_words import Step, allowed, keys, shape_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from msgspec.inspect import Type

_AT = re.compile(r"(?s)(?P<what>.*?)(?: - at `\$(?P<path>.*)`)?\Z")
_STEP = re.compile(r"\.(?P<key>\w+)|\[(?P<index>\d+)\]")
_UNKNOWN = re.compile(r"(?s)Object contains unknown field `(.*)`\Z")
_MISSING = re.compile(r"Object missing required field `(.*)`\Z")
_RENAMED = {"letter": "key", "meaning": "anchor", "criteria": "anchors"}
_LONGEST_VALUE = 60
_MOST_BITS = 1024


def explain(error: msgspec.ValidationError, data: object, shape: Any) -> str:
    """One line for a value in `data` that does not fit the type `shape`, beginning with where it stands."""
    match = _AT.match(str(error))
    what, path = (match["what"], match["path"] or "") if match else (str(error), "")
    steps: list[Step] = [step["key"] or int(step["index"]) for step in _STEP.finditer(path)]
    if depth := path.count("[...]"):
        steps += _way_to_no_text(_value_at(data, steps), depth)
    mistake = _mistake(what, shape_at(msgspec.inspect.type_info(shape), steps), _value_at(data, steps))
    return f"{where(data, steps)}{mistake}"


def _mistake(what: str, allowed_type: Type, value: object) -> str:
    if unknown := _UNKNOWN.match(what):
        return unknown_key(unknown[1], keys(allowed_type))
    if missing := _MISSING.match(what):
        return f'the key "{missing[1]}" is missing'
    if what.startswith(("Expected ", "Number out of range", "Integer value out of range")):
        return f"expected {allowed(allowed_type)}, found {shown(value)}"
    return what


def where(data: object, steps: Iterable[Step]) -> str:
    """`models[2] (falcon-7b).sampling.temperature: `, or nothing for the file as a whole.

    Entries of a list are counted from 0 and named where they have a name.
    """
    text = ""
    for step in steps:
        data = _step_into(data, step)
        if isinstance(step, int):
            text += f"[{step}]{_name_of(data)}"
        else:
            text += f".{step}" if text else step
    return f"{text}: " if text else ""


def unknown_key(found: str, known: Iterable[str], kind: str = "key") -> str:
    """`unknown key "tempature", did you mean "temperature"?`; the whole list where nothing comes near."""
    choices = list(known)
    if (now := _RENAMED.get(found)) in choices:
        return f'the key "{found}" is called "{now}" now'
    near = difflib.get_close_matches(found, choices, n=1)
    hint = f', did you mean "{near[0]}"?' if near else f"; allowed: {', '.join(choices)}"
    return f"unknown {kind} {shown(found)}{hint}"


def shown(value: object) -> str:
    """A value of a TOML file on one line, cut where it is long."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "an empty list" if not value else "a list"
    if isinstance(value, (datetime.date, datetime.time)):
        return f"the date or time {value.isoformat()}"
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return "a number of hundreds of digits"
    text = safe_line(
        msgspec.json.encode(safe(value)).decode() if isinstance(value, str) else str(value).lower()
    )
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def _way_to_no_text(table: object, depth: int) -> list[Step]:
    """msgspec does not name the keys of a free table. Those here hold texts, and tables of texts where they
    are two deep: it is the first other value."""
    entries = list(table.items()) if isinstance(table, dict) else []
    if depth > 1:
        return next(
            ([key, *inner] for key, value in entries if (inner := _way_to_no_text(value, depth - 1))), []
        )
    for texts in ((str, dict), str):
        for key, value in entries:
            if not isinstance(value, texts):
                return [key]
    return []


def _name_of(entry: object) -> str:
    names = [entry.get(key) for key in ("name", "title", "label")] if isinstance(entry, dict) else []
    name = next((name for name in names if isinstance(name, str) and name), "")
    return f" ({name})" if name else ""


def _step_into(data: object, step: Step) -> object:
    try:
        return data[step]  # type: ignore[index]
    except (KeyError, IndexError, TypeError):
        return None


def _value_at(data: object, steps: Iterable[Step]) -> object:
    for step in steps:
        data = _step_into(data, step)
    return data
