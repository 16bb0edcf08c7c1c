"""Types in words: the values that a place in a file takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.inspect import (
    BoolType,
    DictType,
    FloatType,
    IntType,
    Metadata,
    NoneType,
    StrType,
    StructType,
    Type,
    UnionType,
    VarTupleType,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

Step = str | int
"""A key of a table or a place in a list, counted from 0."""


def shape_at(shape: Type, steps: Iterable[Step]) -> Type:
    """The type that the value at the end of `steps` must have."""
    for step in steps:
        bare = _bare(shape)
        if isinstance(bare, StructType):
            shape = next(field.type for field in bare.fields if field.encode_name == step)
        elif isinstance(bare, VarTupleType):
            shape = bare.item_type
        elif isinstance(bare, DictType):
            shape = bare.value_type
    return shape


def keys(shape: Type) -> list[str]:
    bare = _bare(shape)
    return [field.encode_name for field in bare.fields] if isinstance(bare, StructType) else []


def allowed(shape: Type) -> str:
    """Allowed values in words, such as "a number from 0 to 10", or the type's own description."""
    shape = _present(shape)
    if isinstance(shape, Metadata):
        return str((shape.extra_json_schema or {}).get("description") or allowed(shape.type))
    match shape:
        case IntType() | FloatType():
            return ("a whole number" if isinstance(shape, IntType) else "a number") + _range(shape)
        case StrType():
            return "a text that is not empty" if shape.min_length else "a text"
        case BoolType():
            return "true or false"
        case VarTupleType():
            return _allowed_list(shape)
        case StructType():
            return f"a table with the keys {', '.join(keys(shape))}"
        case _:
            return "a table"


def _present(shape: Type) -> Type:
    """`shape` without None, which TOML cannot say."""
    if isinstance(shape, UnionType):
        return next(each for each in shape.types if not isinstance(each, NoneType))
    return shape


def _bare(shape: Type) -> Type:
    shape = _present(shape)
    return _bare(shape.type) if isinstance(shape, Metadata) else shape


def _allowed_list(shape: VarTupleType) -> str:
    entries = "tables" if isinstance(_bare(shape.item_type), StructType) else "texts"
    if shape.min_length is None or shape.max_length is None:
        return f"a list of {entries}"
    return f"a list of {shape.min_length} to {shape.max_length} {entries}"


def _range(shape: IntType | FloatType) -> str:
    least = f" from {shape.ge:.0f}" if shape.ge is not None else ""
    least = f" above {shape.gt:g}" if shape.gt is not None else least
    return f"{least} to {shape.le:.0f}" if shape.le is not None else least
