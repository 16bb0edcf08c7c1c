"""llm-grader export --as and --seal"""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from tui.cli.export_target import refuse_ending
from tui.cli.export_words import tell_of_hidden, tell_of_left_out

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.cli.export_target import Target
    from tui.store.exchange.for_others.export import Shape, WrittenFor
    from tui.store.exchange.for_others.votes import Key
    from tui.store.selection import Selection


def export_as(shape: Shape, selection: Selection, criterion: str | None, target: Target) -> None:
    from tui.store.exchange.for_others.export import export_for_others

    refuse_ending(target.output, "jsonl", "--as", (".csv", ".jsonl"))
    with target.store() as store:

        def write(stream: TextIO) -> WrittenFor:
            return export_for_others(store, stream, shape, _names, selection=selection, criterion=criterion)

        written = target.write(write)
        target.tell(f"{written.rows} rows", store.remarks.take())
        tell_of_left_out(written)
        tell_of_hidden(written, shape, target)


def _names(models: Iterable[Key]) -> dict[Key, str]:
    """As figures call them."""
    from tui.analysis.naming import named

    return {(each.name, each.config_hash, each.origin): each.label for each in named(models)}


def export_seal(target: Target) -> None:
    from tui.generation.provenance import app_version
    from tui.store.exchange.sealing.seal import seal, write_seal

    refuse_ending(target.output, "json", "--seal", (".csv", ".jsonl"))
    with target.store() as store:
        made = seal(store, app_version=app_version())
        target.write(lambda stream: write_seal(made, stream))
        target.tell(f"The seal {made.sha256}", store.remarks.take())
