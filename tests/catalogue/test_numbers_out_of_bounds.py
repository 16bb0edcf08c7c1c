"""Every number that a file may hold has bounds, and they are named. The numbers are found in the types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from msgspec.inspect import FloatType, IntType, Metadata, StructType, Type, UnionType, VarTupleType

from tui.catalogue.loading import load_models, load_task
from tui.catalogue.model import Model
from tui.catalogue.task import Task
from tui.config import MOST_GPU_LAYERS, Config
from tui.errors import ConfigError
from tui.toml.reading import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator

OUT_OF_BOUNDS = (
    *("inf", "-inf", "nan", "1e400", "1" + "0" * 30, "-1" + "0" * 30, "9" * 400, "0x" + "f" * 2000),
    *('"12"', "true", "[1]", "1979-05-27"),
)


def numbers(shape: Type, at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    match shape:
        case Metadata(type=inner):
            yield from numbers(inner, at)
        case UnionType(types=types):
            for each in types:
                yield from numbers(each, at)
        case IntType() | FloatType():
            yield at
        case VarTupleType(item_type=item):
            yield from numbers(item, at)
        case StructType(fields=fields):
            for field in fields:
                yield from numbers(field.type, (*at, field.encode_name))


def numbers_of(type_: Any) -> list[tuple[str, ...]]:
    return list(dict.fromkeys(numbers(msgspec.inspect.type_info(type_))))


def refused(tmp_path, text: str, read: Any) -> str:
    file = tmp_path / "file.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as raised:
        read(file)
    line = str(raised.value)
    assert "\n" not in line
    assert len(line) < 400
    return line


@pytest.mark.parametrize("value", OUT_OF_BOUNDS, ids=[value[:12] for value in OUT_OF_BOUNDS])
def test_config(tmp_path, value):
    assert len(numbers_of(Config)) >= 3
    for (key,) in numbers_of(Config):
        assert "number from " in refused(
            tmp_path, f"{key} = {value}\n", lambda file: read_toml(file, Config)
        ), key


@pytest.mark.parametrize("value", OUT_OF_BOUNDS, ids=[value[:12] for value in OUT_OF_BOUNDS])
def test_models(tmp_path, value):
    assert len(numbers_of(Model)) > 10
    for place in numbers_of(Model):
        if place[0] == "adapter":
            continue
        line = refused(tmp_path, _model(place, value), load_models)
        assert "number from " in line or "number above " in line, (place, line)


@pytest.mark.parametrize("value", OUT_OF_BOUNDS, ids=[value[:12] for value in OUT_OF_BOUNDS])
def test_tasks(tmp_path, value):
    for place in (("levels", "value"), ("prompts", "number"), ("order",)):
        assert place in numbers_of(Task)
        assert "number from " in refused(tmp_path, _task(place, value), load_task), place


def test_the_option_has_the_bounds_of_the_configuration():
    from tui.cli import options

    assert options.MOST_GPU_LAYERS == MOST_GPU_LAYERS


def _model(place: tuple[str, ...], value: str) -> str:
    source = {"path": '"x.gguf"'} if place[0] != "checkpoint" else {}
    tables: dict[str, dict[str, str]] = {
        "[[models]]": {"name": '"some"', "title": '"Some"', "licence": '"MIT"'},
        "[models.sampling]": {},
        "[[models.sources]]": source or {"repo": '"a/b"', "file": '"x"'},
        "[models.checkpoint]": {"repo": '"a/b"'},
    }
    where = {"sampling": "[models.sampling]", "sources": "[[models.sources]]"}
    table = where.get(place[0], "[models.checkpoint]") if len(place) > 1 else "[[models]]"
    tables[table][place[-1]] = value
    return _written(tables)


def _task(place: tuple[str, ...], value: str) -> str:
    level = {"label": '"fail"', "key": '"f"', "value": "0.0", "anchor": '"no"'}
    tables = {
        "": {"name": '"some"', "title": '"Some"'},
        "[[levels]]": level,
        "[[levels]] ": level | {"label": '"pass"', "key": '"p"', "value": "1.0"},
        "[[prompts]]": {"number": "1", "title": '"One"', "text": '"Say it"'},
    }
    tables[f"[[{place[0]}]]" if len(place) > 1 else ""][place[-1]] = value
    return _written(tables)


def _written(tables: dict[str, dict[str, str]]) -> str:
    return "\n".join(
        "\n".join([head, *(f"{key} = {value}" for key, value in entries.items())])
        for head, entries in tables.items()
        if entries
    )
