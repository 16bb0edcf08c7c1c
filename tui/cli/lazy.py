"""A command group that imports a command when it is called, not when it is listed."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from collections.abc import Mapping


class LazyGroup(click.Group):
    """commands_by_name: name -> (module with a `command`, one-line help)."""

    def __init__(self, *args: Any, commands_by_name: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lazy = commands_by_name

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._lazy:
            return None
        command: click.Command = importlib.import_module(self._lazy[cmd_name][0]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name in self._lazy or ctx.resilient_parsing or not name[:1].isalnum():
            return super().resolve_command(ctx, args)
        raise click.UsageError(f"No such command {name!r}.{self._nearest(name)}", ctx)

    def _nearest(self, name: str) -> str:
        """In click's words for options."""
        from difflib import get_close_matches

        begun = [known for known in sorted(self._lazy) if known.startswith(name)]
        near = [repr(known) for known in begun or get_close_matches(name, self._lazy)]
        if near[1:]:
            return f" (Did you mean one of: {', '.join(near)}?)"
        return f" Did you mean {near[0]}?" if near else ""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._lazy[name][1]) for name in self.list_commands(ctx)])


def refuse_misplaced_options(context: click.Context) -> None:
    """`llm-grader --db FILE run` would leave the option without effect."""
    for parameter in context.command.params:
        if (
            parameter.expose_value
            and context.get_parameter_source(parameter.name or "") == ParameterSource.COMMANDLINE
        ):
            name = parameter.opts[-1]
            raise click.UsageError(
                f"{name} goes after the command: {context.command_path} {context.invoked_subcommand} {name} …"
            )
