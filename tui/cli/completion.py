"""Completion in a shell: the names that an option or an argument takes."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import click
    from click.shell_completion import CompletionItem

    from tui.catalogue.catalogue import Catalogue

    Completion = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

_SECONDS = 0.2
"""The longest wait for another program that is writing the database."""


def _quiet(completion: Completion) -> Completion:
    """A person who presses Tab is told of no mistake: there is nothing to choose from then."""

    @wraps(completion)
    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        try:
            return completion(context, parameter, incomplete)
        except Exception:
            return []

    return complete


@_quiet
def models(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Models of the catalogue, or files where a path is begun or no name begins so."""
    from tui.catalogue.names import is_file

    catalogue = _catalogue(context)
    found = ((model.name, model.title) for model in catalogue.models)
    names = [] if is_file(catalogue, incomplete) else _begun(found, incomplete)
    return names or _places(incomplete, "file")


@_quiet
def tasks(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return _begun(((task.name, task.title) for task in _asked(context).tasks), incomplete)


@_quiet
def items(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from tui.catalogue.item import items_of

    found = (item for task in _asked(context).tasks for item in items_of(task))
    return _begun(((item.name, item.prompt.title) for item in found), incomplete)


@_quiet
def figures_models(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Models of stored answers, as figures name them."""
    from tui import paths
    from tui.analysis.naming import named
    from tui.store.database import Store
    from tui.store.figure_rows import all_models

    database = context.params.get("db") or paths.database_file(demo=bool(context.params.get("demo")))
    with Store.open(database, create=False, timeout=_SECONDS) as store:
        return _begun(((each.label, "") for each in named(all_models(store))), incomplete)


@_quiet
def imports(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Built-in sets, or files where none begins so."""
    from tui.store.exchange.built_in import SETS

    return _begun(((name, "") for name in SETS), incomplete) or _places(incomplete, "file")


def folders(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return _places(incomplete, "dir")


def _begun(found: Iterable[tuple[str, str]], incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from tui.text import safe_line

    return [
        CompletionItem(name, help=safe_line(title)) for name, title in found if name.startswith(incomplete)
    ]


def _places(incomplete: str, kind: str) -> list[CompletionItem]:
    """The shell completes them itself."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type=kind)]


def _catalogue(context: click.Context) -> Catalogue:
    """With the files that are named so far."""
    from tui.catalogue.catalogue import load_catalogue

    given = context.params
    return load_catalogue(
        demo=bool(given.get("demo")) or context.info_name == "demo",
        models_file=given.get("models_file"),
        prompts_dir=given.get("prompts_dir"),
    )


def _asked(context: click.Context) -> Catalogue:
    """With the prompts that the person wrote in the app."""
    from tui import paths
    from tui.cli.stored_tasks import with_stored_tasks

    demo = bool(context.params.get("demo"))
    database = context.params.get("db") or paths.database_file(demo=demo)
    return with_stored_tasks(_catalogue(context), database, timeout=_SECONDS)
