"""The columns of a file that another program wrote: what each holds, by its name or as a person says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.catalogue.catalogue import nearest
from tui.store.schema.columns import MOST
from tui.toml.mistakes import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tui.store.exchange.rows import Row
    from tui.store.exchange.source import Source

ANSWERS: Final[Mapping[str, tuple[str, ...]]] = {
    "item": ("item",),
    "prompt": ("prompt", "instruction", "question"),
    "input": ("input", "context"),
    "expected": ("expected", "reference"),
    "model": ("model", "model_id", "generator"),
    "text": ("text", "response", "output", "answer", "completion"),
    "sample": ("sample",),
}
"""The names of the columns of answers, by what they hold."""

ITEMS: Final[Mapping[str, tuple[str, ...]]] = {
    "text": ("text", "prompt", "instruction", "question"),
    "input": ("input", "context"),
    "expected": ("expected", "reference", "answer"),
    "title": ("title",),
}
"""The names of the columns of items without answers."""

_LONGEST = 60
"""Characters of a column's name that a person is told."""

_WORDS: Final[Mapping[str, str]] = {
    "model": "who answered",
    "text": "the text",
    "prompt": "what was asked",
}


class Columns:
    """Finds the cells of rows by what they hold. `named` are the columns that a person named."""

    def __init__(
        self, source: Source, known: Mapping[str, tuple[str, ...]], named: Mapping[str, str]
    ) -> None:
        self._source = source
        self._known = known
        self._named = named
        self._found: dict[tuple[str, ...], dict[str, str]] = {}

    def of(self, row: Row) -> dict[str, str]:
        """The column of each thing that the row holds."""
        names = tuple(row.cells)
        if names not in self._found:
            if len(self._found) > len(self._known) ** 2:  # JSON lines may each have others
                self._found.clear()
            self._found[names] = self._resolved(names, row.named_on)
        return self._found[names]

    def require(self, row: Row, *roles: str) -> None:
        found = self.of(row)
        for role in roles:
            if role not in found:
                accepted = f"it is called {', '.join(self._known[role])}, or name it with --{role}"
                accepted += "; to make prompts of the rows, add --as-task NAME" if role == "model" else ""
                raise self._source.mistake(
                    f"no column holds {_WORDS.get(role, f'the {role}')}: {accepted};"
                    f" there are {_listed(row.cells)}",
                    row.named_on,
                )

    def text(self, row: Row, role: str) -> str:
        """The text of a cell; empty where the row has none or null."""
        column = self.of(row).get(role)
        if column is None or (value := row.cells[column]) is None:
            return ""
        if not isinstance(value, str):
            raise self._source.mistake(f"expected a text, found {_found(value)}", row.line, column)
        return value

    def sample(self, row: Row) -> int | None:
        """None where the row does not say which it is."""
        column = self.of(row).get("sample")
        value = None if column is None else row.cells[column]
        if column is None or value is None or value == "":
            return None
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= len(str(MOST)):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST:
            raise self._source.mistake(
                f"expected a number from 1 to {MOST:,}, found {_found(value)}", row.line, column
            )
        return value

    def mistake(self, row: Row, role: str, words: str) -> Exception:
        return self._source.mistake(words, row.line, self.of(row).get(role, ""))

    def _resolved(self, names: tuple[str, ...], line: int) -> dict[str, str]:
        for column in self._named.values():
            if column not in names:
                known = nearest(column, [name[:_LONGEST] for name in names])
                raise self._source.mistake(f"there is no column {shown(column)}; {known}", line)
        free = [name for name in names if name not in self._named.values()]
        found = dict(self._named)
        for role, accepted in self._known.items():
            matches = [name for name in free if name.strip().casefold() in accepted]
            if role not in found and len(matches) > 1:
                said = " and ".join(map(shown, matches))
                raise self._source.mistake(f"{said} may both be the {role}: say which with --{role}", line)
            if role not in found and matches:
                found[role] = matches[0]
        return found


def _found(value: object) -> str:
    return "an object" if isinstance(value, dict) else shown(value)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(shown, list(names)[:20])) or "none"
