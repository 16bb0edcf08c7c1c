"""Prints all figures of an exported folder as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from .everything import everything


def _named(figures):
    """The same with keys that JSON has."""
    if isinstance(figures, dict):
        return {key if isinstance(key, str) else repr(key): _named(each) for key, each in figures.items()}
    return [_named(each) for each in figures] if isinstance(figures, list | tuple) else figures


print(json.dumps(_named(everything(Path(sys.argv[1]))), indent=1))
