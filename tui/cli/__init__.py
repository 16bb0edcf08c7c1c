"""The command line. Commands are imported when they run, so that --help and --version are quick."""

from __future__ import annotations

from tui.cli.main import main

__all__ = ["main"]
