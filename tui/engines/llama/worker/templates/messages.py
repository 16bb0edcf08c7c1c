"""Messages between a process that renders chat templates and its parent: one JSON line each.

The first line of the process is empty: it has started, and from there on time is the template's.
"""

from __future__ import annotations

from msgspec import Struct

from tui.chat.conversation import Conversation

MEMORY = 256 << 20
"""Bytes that a template may take, beside what the process has at its start."""
NO_MEMORY = "the chat template needs too much memory"


class Render(Struct, frozen=True, kw_only=True):
    conversation: Conversation
    seconds: float
    """The time after which the process ends."""


class Rendered(Struct, frozen=True, kw_only=True):
    text: str = ""
    error: str = ""
    refused: bool = False
    """True if the template itself refused."""
