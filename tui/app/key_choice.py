"""Validation of the keys that a person chose."""

from __future__ import annotations

import string
from difflib import get_close_matches
from typing import TYPE_CHECKING

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.keys import KEY_NAME_REPLACEMENTS, _character_to_key, key_to_character

from tui.app.keys import ANYWHERE, GRADING, MAIN, MODELS, PANES
from tui.toml.mistakes import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from textual.binding import Binding

    from tui.catalogue.task import Task

SCREENS = ((*GRADING, *MAIN, *PANES, *ANYWHERE), (*MODELS, *ANYWHERE))
"""The bindings of each screen."""

_MODIFIERS = {"alt", "ctrl", "hyper", "meta", "shift", "super"}
_ALWAYS = {"ctrl+q": "always quits", "ctrl+p": "always opens the palette"}
_OF_TABLES = {"enter", "up", "down", "left", "right", "home", "end", "pageup", "pagedown", *"jkgG"}
"""Keys of the table on the models screen, which has the focus there."""
_SAME = {
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+h": "backspace",
    "ctrl+left_square_bracket": "escape",
    "ctrl+space": "ctrl+at",
}
"""Keys that are other keys to a terminal."""
_NAMED = {
    *(keys[-1].value for keys in ANSI_SEQUENCES_KEYS.values() if isinstance(keys, tuple)),
    *(f"ctrl+{letter}" for letter in string.ascii_lowercase),
}


def mistakes(chosen: Mapping[str, str]) -> Iterator[str]:
    """`chosen` has the keys by the id of a binding, separated by commas, as config.toml does."""
    for id_, keys in chosen.items():
        for key in keys.split(","):
            if mistake := _mistake(key.strip()):
                yield f"{id_}: {mistake}"
    for bindings in SCREENS:
        yield from _clashes(bindings, chosen)
    for binding in MODELS:
        for key in _keys(binding, chosen) if binding.id in chosen else ():
            if key in _OF_TABLES:
                yield f"{binding.id}: {key} moves about the table of models"


def level_mistakes(tasks: Iterable[Task]) -> Iterator[str]:
    """Levels with a key of the main screen's own; one that a person has chosen goes before a level's."""
    owners = {key: binding.id or "" for binding in SCREENS[0] for key in _keys(binding, {})}
    for task in tasks:
        for level in (level for criterion in task.rubric.criteria for level in criterion.levels):
            if owner := owners.get(level.key or ""):
                yield (
                    f'the level "{level.label}" of the task "{task.name}" has the key "{level.key}", which is'
                    f' "{owner}" here: give it another, or none (its digit is enough).'
                )


def _mistake(key: str) -> str:
    name = normal(key)
    *modifiers, base = name.split("+")
    if not key:
        return "no key is named (a comma is written comma, a space space)"
    if name in _SAME:
        return f"{key} is {_SAME[name]} to a terminal"
    if name in _ALWAYS:
        return f"{key} {_ALWAYS[name]}"
    if name not in _NAMED and not (_MODIFIERS.issuperset(modifiers) and _is_base(base)):
        return _unknown(key)
    if "shift" in modifiers and (len(base) == 1 or base in _SIGNS):
        return f"{key} is the capital or the sign itself to a terminal"
    if modifiers == ["alt"] and base in _BEGIN_SEQUENCES:
        return f"{key} is the beginning of what a terminal says by itself"
    return ""


def _unknown(key: str) -> str:
    near = get_close_matches(key, [*_NAMED, *_SIGNS, "space"], n=1)
    hint = f"did you mean {near[0]}?" if near else "keys are named as in s, space, f2, ctrl+s, question_mark"
    return f"there is no key {shown(key)}; {hint}"


def _is_base(base: str) -> bool:
    if base in _NAMED or base in _SIGNS or base == "space":
        return True
    character = key_to_character(base)
    return character is not None and character.isprintable() and normal(character) == base


def _clashes(bindings: Iterable[Binding], chosen: Mapping[str, str]) -> Iterator[str]:
    """Two bindings of one screen on a key; none of ours are."""
    owners: dict[str, str] = {}
    for binding in sorted(bindings, key=lambda binding: binding.id in chosen):
        for key in dict.fromkeys(_keys(binding, chosen)):
            id_ = binding.id or ""
            if owners.setdefault(key, id_) != id_:
                yield f"{id_}: {key} is {owners[key]}"


def _keys(binding: Binding, chosen: Mapping[str, str]) -> list[str]:
    keys = chosen.get(binding.id or "", binding.key)
    return [normal(key.strip()) for key in keys.split(",")]


def normal_keys(chosen: Mapping[str, str]) -> dict[str, str]:
    return {id_: ",".join(normal(key.strip()) for key in keys.split(",")) for id_, keys in chosen.items()}


def normal(key: str) -> str:
    """The name that Textual has for a key: `question_mark` for `?`."""
    if key in _NAMED:
        return key
    *modifiers, base = ("plus" if key == "+" else key.replace("++", "+plus")).split("+")
    if len(base) == 1 and not base.isalnum():
        base = _character_to_key(base)
        base = KEY_NAME_REPLACEMENTS.get(base, base)
    return "+".join([*modifiers, base])


_SIGNS = {normal(sign) for sign in string.punctuation}
_BEGIN_SEQUENCES = {normal(character) for character in "OPX[]^_\\"}
