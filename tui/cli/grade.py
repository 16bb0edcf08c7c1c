"""llm-grader grade"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.cli import options
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tui.catalogue.task import Task
    from tui.config import Config
    from tui.grading.opening import Opening, Shelf
    from tui.grading.selection import ToJudge
    from tui.grading.session import Session
    from tui.store.database import Store

MOST_ANSWERS = 1_000_000_000


@click.command("grade")
@options.tasks
@options.prompts
@options.stored_models
@click.option(
    "--samples",
    type=click.IntRange(1, options.MOST_SAMPLES),
    metavar="N",
    help="Only the first N answers of a model to a prompt.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, MOST_ANSWERS),
    metavar="N",
    help="Only N answers in all, as they come in the shuffled order.",
)
@click.option("--new", is_flag=True, help="Begin another session, though an earlier one is not finished.")
@click.option("--session", "session_id", metavar="ID", help="Go on with this session, by its id's beginning.")
@click.option("--plain", is_flag=True, help="Plain lines of text, for screen readers and simple terminals.")
@options.grader
@options.demo
@options.db
@options.prompts_dir
def command(
    tasks: Sequence[str],
    prompts: Sequence[str],
    models: Sequence[str],
    samples: int | None,
    limit: int | None,
    new: bool,
    session_id: str | None,
    plain: bool,
    grader: str | None,
    demo: bool,
    db: Path | None,
    prompts_dir: Path | None,
) -> None:
    """Grade stored answers that you have not judged, whoever wrote them.

    Tasks, their prompts and the models of each come in an order that is shuffled for you and stays. A session
    that you leave goes on where you left it, on any day; what is answered meanwhile is for the next one.
    """
    from tui import paths
    from tui.cli.open_app import graders_name
    from tui.config import load_config
    from tui.errors import UsageError
    from tui.grading.ending import parting_words
    from tui.grading.opening import Shelf
    from tui.grading.selection import ToJudge
    from tui.store.database import Store

    if session_id and (new or tasks or prompts or models or samples or limit):
        raise UsageError("--session goes on with what it was begun with: give no other choice.")
    config, place = load_config(), options.place(demo, db)
    name = graders_name(grader, config)
    wanted = ToJudge(tuple(tasks), tuple(prompts), tuple(models), samples=samples, limit=limit)
    with Store.open(db or paths.database_file(demo=demo)) as store:
        known = _tasks(store, prompts_dir, demo=demo)
        opening = _opened(Shelf(store, known, name), wanted, new=new, session_id=session_id)
        if opening.session is None:
            click.echo(safe_line(_nothing_left(opening, name)), err=True)
            return
        if plain:
            _grade_plainly(opening.session, name, demo=demo)
        else:
            _grade_in_app(opening.session, store, config, known, name, demo=demo, place=place)
            click.echo(safe_line(parting_words(opening.session.progress(), place)), err=True)


def _tasks(store: Store, prompts_dir: Path | None, *, demo: bool) -> tuple[Task, ...]:
    from tui.catalogue.catalogue import load_catalogue

    return (*load_catalogue(demo=demo, prompts_dir=prompts_dir).tasks, store.own_items.task())


def _opened(shelf: Shelf, wanted: ToJudge, *, new: bool, session_id: str | None) -> Opening:
    if session_id:
        return shelf.resume(session_id)
    return shelf.begin(wanted) if new else shelf.open(wanted)


def _nothing_left(opening: Opening, grader: str) -> str:
    if opening.stored:
        return f"All {opening.stored:,} answers are graded by {grader}. llm-grader shows them."
    return "No answer is stored yet: llm-grader run writes some, llm-grader import report-2023 brings 30."


def _grade_in_app(
    session: Session,
    store: Store,
    config: Config,
    tasks: Sequence[Task],
    grader: str,
    *,
    demo: bool,
    place: str,
) -> None:
    from tui.app.context import AppContext, Opened
    from tui.app.key_choice import normal_keys
    from tui.cli.open_app import (
        refuse_mistaken_keys,
        refuse_mistaken_levels,
        require_terminal,
        run_app,
        title,
    )

    require_terminal("--plain")
    refuse_mistaken_keys(config.keys)
    refuse_mistaken_levels(tasks)
    context = AppContext(title(demo, "grading", f"grader: {grader}"), store, session, options=place)
    run_app(lambda: Opened(context, config.theme, normal_keys(config.keys)))


def _grade_plainly(session: Session, grader: str, *, demo: bool) -> None:
    from tui.cli.open_app import title
    from tui.cli.plain.front import run_plain

    run_plain(session, title=title(demo, "grading", f"grader: {grader}"))
