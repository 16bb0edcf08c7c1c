"""The system's own clipboard, beside the terminal's."""

from __future__ import annotations

import pyperclip


def copy_to_system(text: str) -> bool:
    """Whether the system's clipboard took it; over SSH or without a desktop there is none."""
    try:
        pyperclip.copy(text)
    except pyperclip.PyperclipException:
        return False
    return True
