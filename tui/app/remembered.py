"""What the app remembers between starts that is neither configuration nor data: the theme last chosen."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from tui import paths

if TYPE_CHECKING:
    from pathlib import Path


class _Remembered(Struct):
    theme: str = ""


def remembered_theme() -> str:
    try:
        return msgspec.json.decode(_file().read_bytes(), type=_Remembered).theme
    except (OSError, msgspec.DecodeError):
        return ""


def remember_theme(name: str) -> None:
    """A theme that cannot be remembered is no reason to disturb anybody."""
    with contextlib.suppress(OSError):
        paths.make_folder(_file().parent)
        with open(_file(), "wb", opener=paths.private) as stream:
            stream.write(msgspec.json.encode(_Remembered(theme=name)))


def _file() -> Path:
    return paths.state_dir() / "app.json"
