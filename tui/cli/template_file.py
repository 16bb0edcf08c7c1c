"""--template: a chat template from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


def read_template(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: the template cannot be read: {error}") from error
