"""The app's memory between starts, neither configuration nor data: the theme last chosen."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from tui import paths
from tui.files import read_small, replace_whole

if TYPE_CHECKING:
    from pathlib import Path


class _Remembered(Struct):
    theme: str = ""


def remembered_theme() -> str:
    try:
        return msgspec.json.decode(read_small(_file()), type=_Remembered).theme
    except (OSError, ValueError, RecursionError):
        return ""


def remember_theme(name: str) -> None:
    """A theme that cannot be remembered is no reason to disturb anybody."""
    with contextlib.suppress(OSError):
        paths.make_folder(_file().parent)
        replace_whole(_file(), msgspec.json.encode(_Remembered(theme=name)))


def _file() -> Path:
    return paths.state_dir() / "app.json"
