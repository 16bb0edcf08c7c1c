"""llm-grader export --as and --seal"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.cli.export_target import refuse_ending
from tui.cli.export_words import tell_of_hidden, tell_of_left_out

if TYPE_CHECKING:
    from tui.cli.export_target import Target
    from tui.store.exchange.for_others.export import Shape
    from tui.store.selection import Selection


def export_as(shape: Shape, selection: Selection, target: Target) -> None:
    from tui.store.exchange.for_others.export import export_for_others

    refuse_ending(target.output, "jsonl", "--as", (".csv", ".jsonl"))
    with target.store() as store:
        written = target.write(lambda stream: export_for_others(store, stream, shape, selection=selection))
        target.tell(f"{written.rows} rows", store.remarks.take())
        tell_of_left_out(written)
        tell_of_hidden(written, shape, target)


def export_seal(target: Target) -> None:
    from tui.generation.provenance import app_version
    from tui.store.exchange.sealing.seal import seal, write_seal

    refuse_ending(target.output, "json", "--seal", (".csv", ".jsonl"))
    with target.store() as store:
        made = seal(store, app_version=app_version())
        target.write(lambda stream: write_seal(made, stream))
        target.tell(f"The seal {made.sha256}", store.remarks.take())
