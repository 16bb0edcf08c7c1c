"""The system's own clipboard, beside the terminal's: the system's own command is given the text."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from subprocess import DEVNULL

_TIMEOUT_SECONDS = 2.0


def copy_to_system(text: str) -> bool:
    """True if the system's clipboard took it. Over SSH, or without windows, there is none.

    Waits for the command, two seconds at most: call it off the event loop.
    """
    command = _command()
    if not command:
        return False
    # clip.exe takes anything else for the console's code page.
    content = text.encode("utf-16-le" if sys.platform == "win32" else "utf-8", "replace")
    try:
        # xclip and wl-copy stay in the background with whatever output they were given.
        done = subprocess.run(
            command, input=content, stdout=DEVNULL, stderr=DEVNULL, timeout=_TIMEOUT_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _command() -> list[str]:
    if sys.platform == "darwin":
        return ["env", "LC_CTYPE=UTF-8", "pbcopy"]  # else it takes the bytes for Mac Roman
    if sys.platform == "win32":
        return ["clip"]
    if os.environ.get("WAYLAND_DISPLAY") and shutil.which("wl-copy"):
        return ["wl-copy"]
    if os.environ.get("DISPLAY"):
        if shutil.which("xclip"):
            return ["xclip", "-selection", "clipboard"]
        if shutil.which("xsel"):
            return ["xsel", "--clipboard", "--input"]
    return []
