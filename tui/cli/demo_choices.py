"""The two ways to begin the demo: a small model writes answers here, or those of the report are graded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tui.app.context import AppContext, Choice
    from tui.catalogue.task import Task
    from tui.cli.who import Who
    from tui.grading.session import Session
    from tui.store.database import Store


def demo_choices(
    open_live: Callable[[], AppContext], store: Store, tasks: Iterable[Task], grader: Who, place: str
) -> tuple[Choice, Choice]:
    """Bring the report's answers into the database, unless they are there. `place` are the options that name
    it. Raises StoreError."""
    from tui.app.context import AppContext, Choice
    from tui.cli import options
    from tui.generation.provenance import app_version
    from tui.store.exchange.built_in import REPORT
    from tui.store.exchange.importing import import_built_in

    import_built_in(store, REPORT, app_version=app_version())
    me = options.as_grader(place)

    def open_stored() -> AppContext | None:
        session = _over_the_report(store, tasks, grader.key)
        title = f"llm-grader · demo · the report's answers · grader: {grader.name}"
        return AppContext(title, store, session, options=place, as_grader=me) if session else None

    return (
        Choice(
            "SmolLM2 answers the prompts, you grade",
            "A small model runs here in four ways; its answers stream in.",
            open_live,
        ),
        Choice(
            "Grade the report's own 30 answers (2023)",
            "Four models of 2023, names hidden; at the end you see its own grades.",
            open_stored,
        ),
    )


def _over_the_report(store: Store, tasks: Iterable[Task], grader: str) -> Session | None:
    """The session that was left, a new one, or the last one, in which all is judged."""
    from tui.grading.opening import Shelf
    from tui.grading.selection import ToJudge
    from tui.store.exchange.built_in import REPORT, built_in

    shelf = Shelf(store, store.all_tasks(tasks), grader, blind=True, unrelated=True)
    wanted = ToJudge(models=tuple(model.name for model in built_in(REPORT).models))
    return shelf.open(wanted).session or shelf.last(wanted)
