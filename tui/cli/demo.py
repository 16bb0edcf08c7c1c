"""llm-grader demo"""

from __future__ import annotations

from typing import Any

import click

from tui.cli.options import app_options


@click.command("demo")
@app_options
def command(**options: Any) -> None:
    """Open the app on a small built-in model: four ways to run it, nothing to download.

    Its grades go into the same database as all others, unless --db names another.
    """
    from tui.cli.open_app import open_app

    open_app(**options, demo=True)
