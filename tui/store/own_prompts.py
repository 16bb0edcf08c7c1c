"""Prompts that a person writes in the app."""

from __future__ import annotations

from tui.store.connection import Connection
from tui.store.ids import now
from tui.store.records import OwnPrompt


class OwnPrompts(Connection):
    def add_own_prompt(self, title: str, text: str) -> int:
        """Returns the prompt's number, which is never given again."""
        with self.transaction():
            return self._insert("own_prompts", {"title": title, "text": text, "created_at": now()})

    def own_prompts(self) -> list[OwnPrompt]:
        """In the order they were written."""
        rows = self.query("SELECT number, title, text, created_at FROM own_prompts ORDER BY number")
        return list(self.read(rows, OwnPrompt, "own_prompts"))
