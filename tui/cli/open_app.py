"""Putting together what the app works with, and opening it."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

import click

from tui import paths
from tui.cli.options import place
from tui.cli.streams import require_unicode_terminal
from tui.errors import ConfigError, GraderError, UsageError
from tui.text import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from tui.app.context import AppContext, Opened
    from tui.catalogue.task import Task
    from tui.cli.who import Who
    from tui.config import Config
    from tui.store.database import Store


def open_app(
    *,
    models: Sequence[str] = (),
    template: Path | None = None,
    db: Path | None = None,
    models_file: Path | None = None,
    prompts_dir: Path | None = None,
    grader: str | None = None,
    seed: int = 0,
    gpu_layers: int | None = None,
    devices: tuple[str, ...] = (),
    force: bool = False,
    demo: bool = False,
) -> None:
    require_terminal()
    if grader is not None:
        grader = _asked_who(grader, db or paths.database_file(demo=demo))
    with ExitStack() as closing:
        context = run_app(
            partial(
                _open_context,
                closing,
                models=models,
                template=template,
                db=db,
                models_file=models_file,
                prompts_dir=prompts_dir,
                grader=grader,
                seed=seed,
                gpu_layers=gpu_layers,
                devices=devices,
                force=force,
                demo=demo,
            )
        )
        if context and (words := words_of(context)):
            click.echo(safe(words), err=True)


def words_of(context: AppContext) -> str:
    """What is graded and what is next, for whoever leaves; empty where nothing was graded as one likes."""
    from tui.grading.ending import command, parting_words
    from tui.store.graders import ID_SHOWN

    session = context.session
    if session.generates and session.times.median is None:
        return ""
    if session.generates:
        again = command("", context.options)
    else:  # by its id: the demo's is of a choice that nobody can type
        again = command(f"grade --session {session.id[:ID_SHOWN]}", context.as_grader or context.options)
    return parting_words(session.progress(), context.options, again=again)


def require_terminal(instead: str = "`llm-grader run` and `llm-grader export`") -> None:
    """Raises GraderError where the app cannot draw."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise GraderError(f"the app needs a terminal; without one use {instead}.")
    if sys.platform != "win32" and not sys.stderr.isatty():
        raise GraderError("the app draws on standard error: start it without redirecting that.")
    require_unicode_terminal()


def run_app(open_context: Callable[[], Opened]) -> AppContext | None:
    """Run the app to its end, say what went wrong, and return what was open. Raises Exit with its code, or
    what made it fail."""
    from tui.app.app import GraderApp

    app = GraderApp(open_context)
    app.run()
    if words := app.context.parting_words if app.context else "":
        click.echo(f"llm-grader: {safe(words)}", err=True)
    if app.failure:
        raise app.failure
    if words or app.return_code:
        raise click.exceptions.Exit(app.return_code or 1)
    return app.context


def graders_name(grader: str | None, config: Config) -> str:
    name = (grader if grader is not None else config.grader).strip()
    if not name:
        raise UsageError("--grader needs a name.")
    return name


def _asked_who(grader: str, database: Path) -> str:
    """The grader that was named, before the app takes the terminal."""
    from tui.cli.who import who
    from tui.store.database import Store

    if not grader.strip() or not database.is_file():
        return grader
    with Store.open(database, create=False) as store:
        return who(store, grader.strip(), typed=True).key


def title(demo: bool, *parts: str) -> str:
    return " · ".join(["llm-grader", *(["demo"] if demo else []), *parts])


def _open_context(
    closing: ExitStack,
    *,
    models: Sequence[str],
    template: Path | None,
    db: Path | None,
    models_file: Path | None,
    prompts_dir: Path | None,
    grader: str | None,
    seed: int,
    gpu_layers: int | None,
    devices: tuple[str, ...],
    force: bool,
    demo: bool,
) -> Opened:
    from tui.app.context import Opened, live_context
    from tui.app.downloads import Downloads
    from tui.app.key_choice import normal_keys
    from tui.catalogue.catalogue import load_catalogue
    from tui.catalogue.names import named_models
    from tui.cli.demo_choices import demo_choices
    from tui.cli.engine import make_engine
    from tui.cli.template_file import read_template
    from tui.config import load_config
    from tui.generation.live import LiveResponses
    from tui.generation.selection import find_runnable, require_some

    refuse_mistaken_keys((config := load_config()).keys)
    name = graders_name(grader, config)
    catalogue = load_catalogue(demo=demo, models_file=models_file, prompts_dir=prompts_dir)
    refuse_mistaken_levels(catalogue.tasks)
    runnable_models, problems = find_runnable(named_models(catalogue, models, read_template(template)))
    if models:
        require_some(runnable_models, problems)
    store, judging = _opened(closing, db or paths.database_file(demo=demo), name)

    def open_live() -> AppContext:
        return live_context(
            title=title(demo, f"grader: {judging.name}"),
            tasks=catalogue.tasks,
            store=store,
            live=LiveResponses(
                runnable_models=runnable_models,
                store=store,
                engine=make_engine(config, gpu_layers=gpu_layers, devices=devices, force=force, first=True),
                base_seed=seed,
                seconds=config.seconds_per_response,
            ),
            grader=judging.key,
            downloads=Downloads(catalogue.models),
            problems=tuple(problems),
            whole_catalogue=not models,
            options=place(demo, db),
        )

    opened = Opened(None, config.theme, normal_keys(config.keys))
    if not demo or models:
        return opened._replace(context=open_live())
    return opened._replace(choices=demo_choices(open_live, store, catalogue.tasks, judging, place(demo, db)))


def _opened(closing: ExitStack, database: Path, grader: str) -> tuple[Store, Who]:
    """The database, and who of it judges."""
    from tui.cli.who import who
    from tui.store.database import Store

    store = closing.enter_context(Store.open(database))
    return store, who(store, grader, ask=False)


def refuse_mistaken_levels(tasks: Iterable[Task]) -> None:
    from tui.app.key_choice import level_mistakes

    for mistake in level_mistakes(tasks):
        raise ConfigError(mistake)


def refuse_mistaken_keys(chosen: Mapping[str, str]) -> None:
    # Here, and not where the file is read: what can be bound, and to which keys, only the app knows.
    from tui.app.key_choice import mistakes
    from tui.app.keys import ANYWHERE, GRADING, MAIN, MODELS, PANES
    from tui.toml.mistakes import unknown_key

    known = [binding.id for binding in (*MAIN, *GRADING, *PANES, *ANYWHERE, *MODELS) if binding.id]
    unknown = (unknown_key(id_, known) for id_ in chosen if id_ not in known)
    for mistake in (*unknown, *mistakes(chosen)):
        raise ConfigError(f"{paths.config_file()}: keys: {mistake}")
