"""The questions before a fetch that takes a decision, and before a removal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.app.screens.dialogs.confirm import ConfirmScreen
from tui.catalogue.model import CONVERTED_TO
from tui.errors import WeightsError
from tui.text import safe_line
from tui.units import GIGABYTE, amount
from tui.weights.files.disk import free_for_models
from tui.weights.files.removal import of_the_same_file

if TYPE_CHECKING:
    from tui.app.context import LiveContext
    from tui.catalogue.model import Model
    from tui.weights.overview import Overview


def question_before(row: Overview, model: Model) -> ConfirmScreen | None:
    """The question before a fetch; None where none is needed, or where it would fail whatever the answer."""
    if row.is_convertible:
        return _conversion_question(row, model) if _can_convert() else None
    return _licence_question(row) if row.non_commercial else None


def _licence_question(row: Overview) -> ConfirmScreen:
    free = free_for_models()
    facts = [
        f"Its licence is {row.licence}.",
        f"To fetch: {row.size_words}." if row.bytes else "How large its file is, only the Hub knows.",
        f"{amount(free)} of disk are free." if free is not None else "",
    ]
    return _question(f"{row.title} is not for commercial use. Fetch it?", facts)


def _conversion_question(row: Overview, model: Model) -> ConfirmScreen:
    free = free_for_models()
    facts = [
        "No GGUF file of it is published.",
        f"It is made of {row.repo}{_what_it_takes(model)}.",
        f"{amount(free)} of disk are free." if free is not None else "",
        f"Its licence is {row.licence}: not for commercial use." if row.non_commercial else "",
    ]
    return _question(f"Convert {row.title}?", facts)


def _what_it_takes(model: Model) -> str:
    from tui.conversion.estimate import estimate

    size = model.checkpoint.size_gb if model.checkpoint else None
    return f": {estimate(int(size * GIGABYTE), CONVERTED_TO, here=0).words}" if size else ""


def _can_convert() -> bool:
    from tui.conversion.converter_script import require_packages

    try:
        require_packages()
    except WeightsError:
        return False
    return True


def removal_question(row: Overview, model: Model, context: LiveContext) -> ConfirmScreen:
    others = ", ".join(of_the_same_file(model, context.downloads.models))
    facts = [
        f"{amount(row.fetched)} of {row.path or row.file} are deleted; it can be fetched again.",
        f"{others}: the same file." if others else "",
        "It has a pane: its answers stay there, and it writes no more until it is back."
        if context.has_pane(model)
        else "",
    ]
    return _question(f"Remove {row.title}?", facts)


def _question(question: str, facts: list[str]) -> ConfirmScreen:
    return ConfirmScreen(safe_line(question), safe_line(" ".join(facts)))
