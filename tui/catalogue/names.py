"""Resolution of what a person types for a model: a catalogue name, a GGUF file, a repository of the Hub."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tui import paths
from tui.catalogue.own import own_model
from tui.errors import UsageError
from tui.toml.mistakes import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tui.catalogue.catalogue import Catalogue
    from tui.catalogue.model import Model, Source

_REPOSITORY = r"(?P<repo>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)"
_PREFIX = "hf:"
_BARE = re.compile(rf"{_REPOSITORY}(?::(?P<rest>[^:\\]+))?", re.ASCII)
_PREFIXED = re.compile(rf"{_PREFIX}{_REPOSITORY}(?:[:/](?P<rest>.+))?", re.ASCII)
_PASTED = re.compile(
    rf"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/(?!datasets/|spaces/|docs/|api/){_REPOSITORY}"
    r"(?:/(?:blob|resolve|tree)/[^/?#]+)?/?(?:[:/](?P<rest>[^?#]+))?(?:[?#].*)?",
    re.ASCII | re.IGNORECASE,
)
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_PATH_BEGINS = re.compile(r"[~/\\]|\.{1,2}[/\\]|[A-Za-z]:[/\\]")
_INSTEAD = "download one of its GGUF files and name that, or list it in a models file"


@dataclass(frozen=True, slots=True)
class HubName:
    """A repository of the Hub, and the quantisation or the file in it, where one is named."""

    repo: str
    rest: str = ""


def named_models(
    catalogue: Catalogue, names: Sequence[str], template: str | None = None
) -> tuple[Model, ...]:
    """The models that are meant, each once; all of the catalogue when none are named.

    No two have the same name, and a file never that of a catalogue model: what they answer would be taken
    for one model's. `template` is for the files. Raises UsageError for a name that is none, with the nearest
    one, and for a repository of the Hub.
    """
    if template is not None and not any(is_file(catalogue, name) for name in names):
        raise UsageError("--template is for a GGUF file named with -m; there is none.")
    if not names:
        return catalogue.models
    files = dict.fromkeys(_absolute(name) for name in names if is_file(catalogue, name))
    own = _own_models(files, template, {model.name for model in catalogue.models})
    models = (
        own[_absolute(name)] if is_file(catalogue, name) else _known_model(catalogue, name) for name in names
    )
    return tuple(dict.fromkeys(models))


def named_model(catalogue: Catalogue, name: str) -> Model:
    """Raises UsageError, as `named_models` does."""
    return named_models(catalogue, [name])[0]


def is_file(catalogue: Catalogue, name: str) -> bool:
    """True if a file is meant, be it there or not. Names of the catalogue come first; `./NAME` is a file."""
    if any(model.name == name for model in catalogue.models):
        return False
    if _PATH_BEGINS.match(name):
        return True
    if name.startswith(_PREFIX) or _ADDRESS.match(name) or _PASTED.fullmatch(name):
        return False
    if _BARE.fullmatch(name) and (":" in name or not _ends_as_file(name)):
        return _is_there(name)
    return "/" in name or "\\" in name or _ends_as_file(name) or _is_regular_file(name)


def hub_name(name: str) -> HubName | None:
    """Parse `hf:OWNER/REPO[:QUANT|:FILE]`, also without `hf:`, or an address of one of the Hub's pages."""
    found = _PREFIXED.fullmatch(name) or _PASTED.fullmatch(name) or _BARE.fullmatch(name)
    return HubName(found["repo"], found["rest"] or "") if found else None


def _known_model(catalogue: Catalogue, name: str) -> Model:
    if found := hub_name(name):
        raise UsageError(_not_by_name_yet(catalogue, name, found))
    if name.startswith(_PREFIX) or _ADDRESS.match(name):
        raise UsageError(f"{shown(name)} is no repository of the Hub; one is written hf:OWNER/REPO")
    return catalogue.model(name)


def _not_by_name_yet(catalogue: Catalogue, name: str, hub: HubName) -> str:
    known = [model.name for model in catalogue.models if any(_is_of(each, hub) for each in model.all_sources)]
    if known:
        return f"{shown(name)} is in the catalogue: name it {' or '.join(known)}"
    bare = _BARE.fullmatch(name)
    what = "no file here; as a repository of the Hub it" if bare else "a repository of the Hub, which"
    return f"{shown(name)} is {what} cannot be fetched by name yet: {_INSTEAD}"


def _is_of(source: Source, hub: HubName) -> bool:
    named = hub.rest.lower()
    return source.repo.lower() == hub.repo.lower() and (
        not named or named in (source.file.lower(), source.quantisation.lower())
    )


def _own_models(files: Iterable[Path], template: str | None, taken: set[str]) -> dict[Path, Model]:
    found: dict[Path, Model] = {}
    for file in files:
        names = taken | {model.name for model in found.values()}
        found[file] = own_model(file, template, taken=names)
    return found


def _absolute(name: str) -> Path:
    return paths.expanded(name).absolute()


def _ends_as_file(name: str) -> bool:
    return name.lower().endswith(".gguf")


def _is_there(name: str) -> bool:
    try:
        return Path(name).exists()
    except (OSError, ValueError):
        return False


def _is_regular_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):
        return False
