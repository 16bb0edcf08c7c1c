"""Column definitions, with CHECKs of what each may hold: a row that is stored can be read."""

from __future__ import annotations

from typing import Final, NamedTuple

LAST_SEQ: Final = 1 << 53
"""A bound that no order of arrival comes near; one more than it is still an integer."""

MOST: Final = 1_000_000_000
"""The largest number of an item, a sample or a turn: the next one is still an integer."""

_DIGIT, _HEX = "[0-9]", "[0-9a-f]"
_UUID = "-".join(_HEX * length for length in (8, 4, 4, 4, 12))
_DAY, _CLOCK = f"{_DIGIT * 4}-{_DIGIT * 2}-{_DIGIT * 2}", ":".join([_DIGIT * 2] * 3)
_TIME = f"{_DAY}T{_CLOCK}*[+-]{_DIGIT * 2}:{_DIGIT * 2}"
_FLAG = "{name} IN (0, 1)"
_NEVER_IN_UTF8 = ("c0", "c1", "fe", "ff")


class Table(NamedTuple):
    """A table with what belongs to it. `key` is its primary key."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...] = ("id",)
    rules: tuple[str, ...] = ()
    """Constraints over several columns."""
    indexes: tuple[str, ...] = ()
    """The columns of each."""
    append_only: bool = True

    @property
    def is_ordered(self) -> bool:
        return SEQ in self.columns

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.split(maxsplit=1)[0] for column in self.columns)

    @property
    def flags(self) -> tuple[str, ...]:
        """The columns of 0 and 1."""
        columns = zip(self.column_names, self.columns, strict=True)
        return tuple(name for name, column in columns if _FLAG.format(name=name) in column)

    @property
    def statements(self) -> tuple[str, ...]:
        """The SQL that makes the table and its indexes."""
        body = ",\n    ".join((*self.columns, f"PRIMARY KEY ({', '.join(self.key)})", *self.rules))
        indexes = (*self.indexes, "seq, id") if self.is_ordered else self.indexes
        return (
            f"CREATE TABLE {self.name} (\n    {body}\n)",
            *(
                f"CREATE INDEX {self.name}_{number} ON {self.name} ({columns})"
                for number, columns in enumerate(indexes, 1)
            ),
        )


def text(name: str, *rules: str, known: bool = True, refers: str = "") -> str:
    """Text. SQLite would let a BLOB into a TEXT column, and bytes that are no UTF-8: more of them than the
    bytes that never occur in it, it cannot tell. Without `known` the column may be NULL: not known."""
    bytes_ = (f"coalesce(instr(CAST({name} AS BLOB), x'{byte}'), 0) = 0" for byte in _NEVER_IN_UTF8)
    checks = (f"typeof({name}) IN ('text', 'null')", *bytes_, *rules)
    return _column(name, "TEXT", checks, known, refers)


def words(name: str, *, known: bool = True) -> str:
    """Text that is not empty."""
    return text(name, f"{name} <> ''", known=known)


def uuid(name: str, *, known: bool = True, refers: str = "") -> str:
    return text(name, f"{name} GLOB '{_UUID}'", known=known, refers=refers)


def sha256(name: str, *, known: bool = True, refers: str = "") -> str:
    return text(name, f"length({name}) = 64", known=known, refers=refers)


def time(name: str, *, known: bool = True) -> str:
    """A time with its offset: without one it is a time nobody knows where."""
    return text(name, f"{name} GLOB '{_TIME}'", known=known)


def one_of(name: str, values: tuple[str, ...], *, known: bool = True) -> str:
    return text(name, f"{name} IN ({', '.join(map(repr, values))})", known=known)


def json(name: str, kind: str, *, known: bool = True) -> str:
    """JSON of that kind: `object` or `array`."""
    is_kind = f"CASE WHEN json_valid({name}) THEN json_type({name}) = '{kind}' ELSE {name} IS NULL END"
    return text(name, is_kind, known=known)


def whole(name: str, *, least: int | None = None, most: int | None = None, known: bool = True) -> str:
    """An integer."""
    checks = [f"typeof({name}) IN ('integer', 'null')"]
    checks += [f"{name} >= {least}"] if least is not None else []
    checks += [f"{name} <= {most}"] if most is not None else []
    return _column(name, "INTEGER", tuple(checks), known)


def number(name: str, *, least: float = 0, most: float | None = None, known: bool = False) -> str:
    """A real number."""
    checks = [f"typeof({name}) IN ('real', 'null')", f"{name} >= {least}"]
    checks += [f"{name} <= {most}"] if most is not None else []
    return _column(name, "REAL", tuple(checks), known)


def flag(name: str, *, known: bool = True) -> str:
    """0 or 1."""
    return _column(name, "INTEGER", (_FLAG.format(name=name),), known)


def _column(name: str, type_: str, checks: tuple[str, ...], known: bool, refers: str = "") -> str:
    parts = [name, type_, *(["NOT NULL"] if known else []), *([f"REFERENCES {refers}"] if refers else [])]
    return " ".join((*parts, *(f"CHECK ({check})" for check in checks)))


ID: Final = uuid("id")
SEQ: Final = whole("seq", least=1, most=LAST_SEQ)
"""Order of arrival: one more than the largest of the database, taken inside the INSERT, and kept by whoever
copies the row. No clock decides what stands, since another machine has another, and each can be set back."""
