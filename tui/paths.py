"""Where things live on this machine. Every place can be moved by an environment variable."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

APP_NAME = "llm-grader"


def _place(variable: str, default: str) -> Path:
    chosen = os.environ.get(variable)
    return Path(chosen).expanduser() if chosen else Path(default)


def expanded(path: str | Path) -> Path:
    """With ~ replaced. One that names no account stays, and is missing like any other file."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def make_folder(folder: Path) -> Path:
    """Make it if need be, and those above it, for their owner alone. What is there stays as it is."""
    for missing in [each for each in (*reversed(folder.parents), folder) if not each.exists()]:
        missing.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(exist_ok=True)  # a file in its place is an error
    return folder


def make_shared_folder(folder: Path) -> None:
    """For weights, which everybody may read where the person has put them outside of the data folder."""
    if folder.is_relative_to(data_dir()):
        make_folder(data_dir())
    folder.mkdir(parents=True, exist_ok=True)


def private(path: str, flags: int) -> int:
    """An opener for `open`: a file that is made now is for its owner alone, whatever the umask."""
    return os.open(path, flags, 0o600)


def data_dir() -> Path:
    return _place("LLM_GRADER_DATA_DIR", platformdirs.user_data_dir(APP_NAME, appauthor=False))


def config_dir() -> Path:
    return _place("LLM_GRADER_CONFIG_DIR", platformdirs.user_config_dir(APP_NAME, appauthor=False))


def state_dir() -> Path:
    return _place("LLM_GRADER_STATE_DIR", platformdirs.user_state_dir(APP_NAME, appauthor=False))


def log_dir() -> Path:
    return state_dir() / "logs"


def models_dir() -> Path:
    return _place("LLM_GRADER_MODELS_DIR", str(data_dir() / "models"))


def converter_dir() -> Path:
    """Where llama.cpp's converter of the installed llama-cpp-python is kept, once it was needed."""
    return _place("LLM_GRADER_CONVERTER_DIR", str(data_dir() / "converter"))


def database_file() -> Path:
    return _place("LLM_GRADER_DB", str(data_dir() / "grades.db"))


def config_file() -> Path:
    return config_dir() / "config.toml"


def bundled(name: str) -> Path:
    """A file or folder that ships with the program: inside the installed package, or in the checkout."""
    packaged = Path(__file__).parent / "data" / name
    return packaged if packaged.exists() else Path(__file__).parent.parent / name
