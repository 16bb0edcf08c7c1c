"""--template: a chat template from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.errors import UsageError
from tui.explain import reason_of
from tui.files import read_small
from tui.text import safe_line

if TYPE_CHECKING:
    from pathlib import Path


def read_template(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        return read_small(file).decode("utf-8-sig")
    except OSError as error:
        raise UsageError(safe_line(f"{file}: the template cannot be read: {reason_of(error)}")) from error
    except UnicodeDecodeError as error:
        raise UsageError(safe_line(f"{file}: the template is not UTF-8 text")) from error
