"""--template: a chat template from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.errors import UsageError
from tui.explain import reason_of
from tui.files import read_small
from tui.text import safe_line
from tui.text_files import EncodingError, decoded

if TYPE_CHECKING:
    from pathlib import Path


def read_template(file: Path | None) -> str | None:
    """Raises UsageError with one line for a file that cannot be read or is no template."""
    if file is None:
        return None
    from tui.chat.jinja_env import validate_syntax
    from tui.errors import EngineError

    try:
        template = decoded(read_small(file)).replace("\r\n", "\n").replace("\r", "\n")
        validate_syntax(template)
    except OSError as error:
        raise UsageError(_line(file, f"the template cannot be read: {reason_of(error)}")) from error
    except (EncodingError, EngineError) as error:
        raise UsageError(_line(file, str(error))) from error
    return template


def _line(file: Path, message: str) -> str:
    return safe_line(f"{file}: {message}")
