"""A TOML file as a typed object. Every mistake in it is a ConfigError that says where it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import tomli

from tui.errors import ConfigError
from tui.explain import reason_of
from tui.files import read_small
from tui.text import safe_line
from tui.text_files import EncodingError, decoded
from tui.toml import mistakes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tui.toml.types_in_words import Step

T = TypeVar("T")
Mistake = tuple["Sequence[Step]", str]
"""The way to the place in a file, and what is wrong there."""
_MANY_DIGITS = re.compile(r"[0-9_]{4000,}")


def read_toml(path: Path, shape: type[T]) -> T:
    return typed(read_table(path), shape, path)


def is_there(path: Path) -> bool:
    """True if anything is there, even a link to nowhere. Raises ConfigError where that cannot be seen."""
    try:
        path.lstat()
        return True
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise mistake_in(path, f"cannot be looked up: {reason_of(error)}") from error


def read_table(path: Path) -> dict[str, Any]:
    text = ""
    try:
        text = decoded(read_small(path))
        return tomli.loads(text)
    except OSError as error:
        raise mistake_in(path, f"the file cannot be read: {reason_of(error)}") from error
    except EncodingError as error:
        raise mistake_in(path, str(error)) from error
    except tomli.TOMLDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise mistake_in(path, f"{place}: this is not valid TOML: {error.msg}") from error
    except RecursionError as error:
        raise mistake_in(path, "this is nested too deeply") from error
    except ValueError as error:  # Python's limit
        found = _MANY_DIGITS.search(text)
        place = f"line {text.count(chr(10), 0, found.start()) + 1}: " if found else ""
        raise mistake_in(path, f"{place}a number has thousands of digits") from error


def typed(data: dict[str, Any], shape: type[T], path: Path) -> T:
    """The content of the file at `path` as a `shape`."""
    try:
        return msgspec.convert(data, shape)
    except msgspec.ValidationError as error:
        raise mistake_in(path, mistakes.explain(error, data, shape)) from error


def refuse_first(found: Iterable[Mistake], data: dict[str, Any], path: Path) -> None:
    """Raises ConfigError where there is any."""
    for steps, message in found:
        raise mistake_in(path, f"{mistakes.where(data, steps)}{message}")


def mistake_in(path: Path, message: str) -> ConfigError:
    return ConfigError(safe_line(f"{path}: {message}"))
