"""llm-grader demo"""

from __future__ import annotations

from typing import Any

import click

from tui.cli.options import app_options


@click.command("demo")
@app_options
def command(**options: Any) -> None:
    """Open the app on a small built-in model: four ways to run it, nothing to download.

    It has a database of its own, demo.db beside the usual one, unless --db names another.
    `llm-grader --demo` is the same.
    """
    from tui.cli.open_app import open_app

    open_app(**options, demo=True)
