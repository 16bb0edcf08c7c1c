"""Folders and files of the program on this machine. An environment variable can move each of them."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from tui.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

APP_NAME = "llm-grader"


def _place(variable: str, default: Callable[[], str | Path]) -> Path:
    """Raises ConfigError where there is no home folder to have it in."""
    if chosen := os.environ.get(variable):
        path = expanded(chosen)
        if chosen.startswith("~") and path == Path(chosen):
            raise ConfigError(f"{variable} is {chosen}, and there is no such home folder: name it whole")
        return path
    return Path(default())


def _of_user(name: str) -> Callable[[], str | Path]:
    """A folder of platformdirs'. It takes what the environment says as it is, which may be nothing at all."""

    def place() -> Path:
        try:
            path = Path(getattr(platformdirs, f"user_{name}_dir")(APP_NAME, appauthor=False))
        except (OSError, RuntimeError, KeyError) as error:
            raise _no_home(name) from error
        of_home = os.name == "posix" and not os.environ.get(f"XDG_{name.upper()}_HOME")
        if not path.is_absolute() or (of_home and not Path(os.environ.get("HOME", "/")).is_absolute()):
            raise _no_home(name)  # an empty HOME would lead to the root of the disk
        return path

    return place


def _no_home(name: str) -> ConfigError:
    return ConfigError(
        "this account has no home folder: set HOME to one, "
        f"or LLM_GRADER_{name.upper()}_DIR to the folder to use for {_USES[name]}"
    )


_USES = {"data": "data", "config": "the configuration", "state": "logs"}


def expanded(path: str | Path) -> Path:
    """The path with ~ replaced. One that names no account stays, and is missing like any other file."""
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
    """Make a folder for weights. Everybody may read it where the person put it outside of the data folder."""
    with suppress(ConfigError):  # no home folder, and so none of our own in it
        if folder.is_relative_to(data_dir()):
            make_folder(data_dir())
    folder.mkdir(parents=True, exist_ok=True)


def private(path: str, flags: int) -> int:
    """An opener for `open`: a file that is made now is for its owner alone, whatever the umask."""
    return os.open(path, flags, 0o600)


def data_dir() -> Path:
    return _place("LLM_GRADER_DATA_DIR", _of_user("data"))


def config_dir() -> Path:
    return _place("LLM_GRADER_CONFIG_DIR", _of_user("config"))


def state_dir() -> Path:
    return _place("LLM_GRADER_STATE_DIR", _of_user("state"))


def log_dir() -> Path:
    return state_dir() / "logs"


def models_dir() -> Path:
    return _place("LLM_GRADER_MODELS_DIR", lambda: data_dir() / "models")


def converter_dir() -> Path:
    """The folder of llama.cpp's converter for the installed llama-cpp-python, once it was needed."""
    return _place("LLM_GRADER_CONVERTER_DIR", lambda: data_dir() / "converter")


def database_file(*, demo: bool = False) -> Path:
    """The demo has one of its own, beside the usual one."""
    usual = _place("LLM_GRADER_DB", lambda: data_dir() / "grades.db")
    return usual.parent / "demo.db" if demo else usual


def config_file() -> Path:
    return config_dir() / "config.toml"


def bundled(name: str) -> Path:
    """A file or folder that ships with the program: inside the installed package, or in the checkout."""
    packaged = Path(__file__).parent / "data" / name
    return packaged if packaged.exists() else Path(__file__).parent.parent / name
