"""llm-grader grade"""

from __future__ import annotations

import shlex
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from tui.cli import options
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tui.catalogue.task import Task
    from tui.config import Config
    from tui.grading.opening import Opening, Shelf
    from tui.grading.practice import Practice
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
@click.option("--open", "open_", is_flag=True, help="Show which model wrote each answer, from the beginning.")
@click.option(
    "--again", is_flag=True, help="What you have judged, once more: how far do you agree with yourself?"
)
@click.option("--pairs", is_flag=True, help="Two answers to one item at a time: which is better?")
@click.option("--no-repeats", is_flag=True, help="Do not show one in ten answers again in a long session.")
@click.option(
    "--practice", is_flag=True, help="First the practice answers of these tasks: what each is given, and why."
)
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
    open_: bool,
    again: bool,
    pairs: bool,
    no_repeats: bool,
    practice: bool,
    plain: bool,
    grader: str | None,
    demo: bool,
    db: Path | None,
    prompts_dir: Path | None,
) -> None:
    """Grade stored answers that you have not judged, blind: who wrote them is hidden until you reveal it.

    Tasks, their prompts and the models of each come in an order that is shuffled for you and stays. A session
    that you leave goes on where you left it, on any day; what is answered meanwhile is for the next one. In a
    long session some sheets come twice, at least two others later, to see how far you agree with yourself.

    With --pairs you see two answers to a prompt and say which is better. Each two models are compared once on
    each prompt, in an order in which models, prompts and sides are balanced wherever you stop.
    """
    from tui import paths
    from tui.cli.open_app import graders_name, require_terminal
    from tui.cli.who import who
    from tui.config import load_config
    from tui.grading.selection import ToJudge
    from tui.store.database import Store

    others = (new, tasks, prompts, models, samples, limit, open_, again, no_repeats)
    _refuse_mixed(session_id, any(others), pairs=pairs, not_of_pairs=again or no_repeats or practice)
    if not plain:
        require_terminal("--plain")
    config, place = load_config(), options.place(demo, db)
    name = graders_name(grader, config)
    wanted = ToJudge(tuple(tasks), tuple(prompts), tuple(models), samples=samples, limit=limit, again=again)
    with Store.open(db or paths.database_file(demo=demo)) as store:
        known = _tasks(store, prompts_dir, demo=demo)
        name, key = who(store, name, typed=grader is not None)
        pairs = pairs or _is_of_pairs(store, session_id)
        shelf = _shelf(store, known, key, pairs=pairs, blind=not open_, repeats=not no_repeats)
        opening = _opened(shelf, wanted, new=new, session_id=session_id)
        if opening.session is None:
            left = _no_pair_left if pairs else partial(_nothing_left, again=again)
            _tell(left(opening, name, place))
            return
        before = _practice(store, name, opening.session, wanted=practice)
        if plain:
            _grade_plainly(opening.session, before, name, demo=demo, again=_typed(opening.session))
        else:
            _grade_in_app(opening.session, before, store, config, known, name, demo=demo, place=place)
            _tell(_parting(opening.session, before, place))


def _refuse_mixed(session_id: str | None, others: bool, *, pairs: bool, not_of_pairs: bool) -> None:
    """Raises UsageError where a choice has no meaning beside another."""
    from tui.errors import UsageError

    if session_id is not None and others:
        raise UsageError("--session goes on with what it was begun with: give no other choice.")
    if pairs and not_of_pairs:
        raise UsageError("pairs are not repeated or practised: leave --again, --no-repeats, --practice away.")


def _tell(lines: str) -> None:
    for line in lines.splitlines():
        click.echo(safe_line(line), err=True)


def _tasks(store: Store, prompts_dir: Path | None, *, demo: bool) -> tuple[Task, ...]:
    from tui.catalogue.catalogue import load_catalogue

    return store.all_tasks(load_catalogue(demo=demo, prompts_dir=prompts_dir).tasks)


def _shelf(
    store: Store, tasks: Sequence[Task], grader: str, *, pairs: bool, blind: bool, repeats: bool
) -> Shelf:
    from tui.grading.opening import Shelf
    from tui.grading.pair_opening import PairShelf
    from tui.grading.repeats import RATE

    if pairs:
        return PairShelf(store, tasks, grader, blind=blind)
    return Shelf(store, tasks, grader, blind=blind, repeat_rate=RATE if repeats else 0.0)


def _opened(shelf: Shelf, wanted: ToJudge, *, new: bool, session_id: str | None) -> Opening:
    if session_id is not None:
        return shelf.resume(session_id)
    return shelf.begin(wanted) if new else shelf.open(wanted)


def _is_of_pairs(store: Store, session_id: str | None) -> bool:
    """True if the session that is named is one of pairs, as its id says."""
    named = store.sessions.starting_with(session_id) if session_id else []
    return len(named) == 1 and named[0].mode == "pairs"


def _typed(session: Session) -> str:
    """The command that goes on with the same choice: what was typed, but for the wish to begin anew; in a
    blind session that was begun with names of models, one without them."""
    chosen = click.get_current_context().params
    if session.blind and chosen["models"]:
        return _by_its_id(session, chosen)
    return shlex.join(["llm-grader", *(word for word in sys.argv[1:] if word not in ("--new", "--practice"))])


def _practice(store: Store, grader: str, session: Session, *, wanted: bool) -> Practice | None:
    """What comes before a session, if anything can; pairs are not practised."""
    from tui.grading.practice import Practice

    if session.compares:
        return None
    before = Practice(store, grader, session, wanted=wanted)
    if wanted and not before.are_there:
        click.echo("No practice answers come with these tasks.", err=True)
    return before


def _parting(session: Session, practice: Practice | None, place: str) -> str:
    from tui.grading.ending import parting_words
    from tui.grading.practice import PRACTISE

    typed = _typed(session)
    again = f"{typed} {PRACTISE}" if practice and practice.is_unfinished else typed
    return parting_words(session.progress(), place, again=again, pairs=session.compares)


def _by_its_id(session: Session, chosen: Mapping[str, Any]) -> str:
    from tui.grading.ending import command
    from tui.store.graders import ID_SHOWN

    words = ["--plain"] if chosen["plain"] else []
    for option in ("grader", "prompts_dir"):
        if chosen[option] is not None:
            words += [f"--{option.replace('_', '-')}", str(chosen[option])]
    parts = (options.place(chosen["demo"], chosen["db"]), shlex.join(words))
    return command(f"grade --session {session.id[:ID_SHOWN]}", " ".join(filter(None, parts)))


def _nothing_left(opening: Opening, grader: str, place: str, *, again: bool) -> str:
    from tui.grading.ending import command
    from tui.store.graders import ID_SHOWN

    if not opening.stored:
        run, brings = command("run", place), command("import report-2023", place)
        return f"No answer is stored yet: {run} writes some, {brings} brings 30."
    back = command(
        f"grade --session {opening.last[:ID_SHOWN]}" if opening.last else "", options.as_grader(place)
    )
    if again:
        return f"No answer is left for {grader} to judge once more. To look back: {back}"
    once_more = command("grade --again", options.as_grader(place))
    return (
        f"All {opening.stored:,} answers are graded by {grader}. To look back: {back}"
        f"\nWhat the grades say: {command('results', place)}"
        f"\nTo judge them once more, on another day, and see how far you agree with yourself: {once_more}"
    )


def _no_pair_left(opening: Opening, grader: str, place: str) -> str:
    from tui.grading.ending import command
    from tui.store.graders import ID_SHOWN

    if not opening.stored:
        return f"No two models have answered the same prompt yet: {command('run', place)} has them answer."
    judged = f"All {opening.stored:,} pairs are judged by {grader}, or say the same."
    back = command(f"grade --session {opening.last[:ID_SHOWN]}", options.as_grader(place))
    said = f"{judged}\nWhat the judgements say: {command('results', place)}"
    return f"{said}\nTo look back: {back}" if opening.last else said


def _grade_in_app(
    session: Session,
    practice: Practice | None,
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
        run_app,
        title,
    )

    refuse_mistaken_keys(config.keys)
    refuse_mistaken_levels(tasks)
    heading = title(demo, "grading", f"grader: {grader}")
    context = AppContext(
        heading, store, session, options=place, as_grader=options.as_grader(place), practice=practice
    )
    run_app(lambda: Opened(context, config.theme, normal_keys(config.keys)))


def _grade_plainly(
    session: Session, practice: Practice | None, grader: str, *, demo: bool, again: str
) -> None:
    from tui.cli.open_app import title
    from tui.cli.plain.front import run_plain

    heading = title(demo, "grading", f"grader: {grader}")
    run_plain(session, title=heading, again=again, practice=practice)
