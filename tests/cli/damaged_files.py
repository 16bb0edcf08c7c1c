"""Files that cannot be imported, each damaged in one way, with what makes the command say so."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

CSV = b'prompt,model,text,sample\nSay it.,m,"a\nb",1\nSay it.,m,c,2\n'
JSONL = b'{"prompt": "Say it.", "model": "m", "text": "a", "sample": 1}\n'
ITEMS = b'{"question": "One?", "answer": "1"}\n'
AS_TASK = ("--as-task", "sums")


class Damaged(NamedTuple):
    what: str
    name: str
    data: bytes
    options: tuple[str, ...] = ()
    says: str = ""
    """Part of what the command says of it."""


def every_damage(export: bytes) -> list[Damaged]:
    """`export` is our own, of everything."""
    return [*_of_any(), *_of_csv(), *_of_jsonl(), *_of_items(), *_of_an_export(export)]


def _of_any() -> Iterator[Damaged]:
    whole = {
        "empty": b"",
        "blank lines": b"\n\r\n \n",
        "a byte order mark alone": b"\xef\xbb\xbf",
        "UTF-16": CSV.decode().encode("utf-16"),
        "UTF-16 without a mark": CSV.decode().encode("utf-16-le"),
        "UTF-32": CSV.decode().encode("utf-32"),
        "zeros": bytes(1000),
        "noise": random.Random(1).randbytes(1000),
        "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        "a line of 100 MB": b"x" * 100_000_000,
    }
    for what, data in whole.items():
        for name in ("x.csv", "x.jsonl", "x"):
            yield Damaged(f"{what} as {name}", name, data)
    yield Damaged("a list of JSON", "x.json", b"[" + JSONL + b"]", says="one list of JSON")


def _of_csv() -> Iterator[Damaged]:
    yield Damaged("only a header", "x.csv", b"prompt,model,text\n", says="line 1: no row comes after it")
    yield Damaged("NUL", "x.csv", CSV.replace(b"c,2", b"c\0,2"), says="line 4: a NUL character")
    yield Damaged("cp1252", "x.csv", CSV.replace(b"c,2", b"\x93c\x94,2"), says="line 4: this is not UTF-8")
    yield Damaged("an open quote", "x.csv", CSV.replace(b'b"', b"b"), says="line 2: a quote that begins")
    yield Damaged("an open quote, at length", "x.csv", CSV + b'a,m,"' + b"x\n" * 26_000_000, says="line 5: ")
    yield Damaged(
        "text after a quote", "x.csv", CSV.replace(b'b"', b'b" x'), says="line 2: text stands after"
    )
    yield Damaged(
        "bare CR", "x.csv", CSV.replace(b"\n", b"\r"), says="line 1: a carriage return stands alone"
    )
    yield Damaged("a short row", "x.csv", CSV + b"a,m,x\n", says="line 5: it has 3 cells")
    yield Damaged("a long row", "x.csv", CSV + b"a,m,x,3,\n", says="line 5: it has 5 cells")
    yield Damaged("semicolons", "x.csv", CSV.replace(b",", b";"), says="line 1: its columns are separated by")
    for column, other in (("prompt", "text"), ("model", "model "), ("text", "response"), ("sample", "text")):
        data = CSV.replace(column.encode(), other.encode(), 1)
        yield Damaged(f"{column} is called {other}", "x.csv", data[:-1] + b"x\n")
    for cells, says in (
        (b",m,a,1", 'column "prompt": nothing is asked there'),
        (b" ,m,a,1", 'column "prompt": nothing is asked there'),
        (b"a,,a,1", 'column "model": the name of the model is missing'),
        (b"a, ,a,1", 'column "model": the name of the model is missing'),
        (b"a," + b"m" * 201 + b",a,1", 'column "model": no model has such a name'),
        (b'a,"m\nn",a,1', 'column "model": no model has such a name'),
        (b"Say it.,m,a,2", 'column "sample": sample 2 of this model'),
        *((b"a,m,a," + sample, 'column "sample": expected a number') for sample in _NO_SAMPLES),
    ):
        yield Damaged(f"the row {cells[:20]!r}", "x.csv", CSV + cells + b"\n", says=f"line 5, {says}")
    for item in ("extractive-qa", "extractive-qa/99", "nosuch/1", "extractive-qa/", "/", "\x1b[31m"):
        data = f"item,model,text\nextractive-qa/1,m,a\n{item},m,a\n".encode()
        yield Damaged(f"the item {item!r}", "x.csv", data, says='line 3, column "item": ')
    for role in ("text", "model", "prompt", "input", "expected", "item", "sample"):
        says = 'line 1: there is no column "nosuch"'
        yield Damaged(f"--{role} that is not there", "x.csv", CSV, (f"--{role}", "nosuch"), says)


_NO_SAMPLES = (b"0", b"-1", b"1.5", b"x", b"1e3", b"9" * 30, b"\xc2\xb2", b" ", b"1000000001")
_NO_TEXTS = (1, 1.5, True, ["a"], {"a": "b"}, [{"role": "user", "content": "a"}])


def _of_jsonl() -> Iterator[Damaged]:
    for line in (
        b"[]", b'"a"', b"1", b"null", b"{", b"{}", b"{'prompt': 'a'}", JSONL[:-2], JSONL[:-1] + b",",
        JSONL[:-1] + JSONL, b'{"prompt": NaN}', b'{"prompt": Infinity}', b'{"prompt": 1e999}',
        b'{"prompt": "\\ud800"}', b'{"prompt": "\\x"}', b'{"prompt": "a\tb"}', b"[" * 100_000,
        b'{"x": ' * 100_000, b'{"prompt": ' + b"9" * 5000 + b"}", b'{"prompt": "\xff"}',
        b'{"prompt": "a", "prompt": "b", "model": "m", "text": "a"}', b'{"prompt": "a", "model": "m"}',
        b'{"prompt": "a", "text": "m"}', b'{"model": "a", "text": "m"}', b"prompt,model,text",
    ):  # fmt: skip
        yield Damaged(f"the line {line[:30]!r}", "x.jsonl", JSONL + line + b"\n", says="line 2")
    for column in ("prompt", "model", "text", "input", "expected", "item"):
        for value in _NO_TEXTS:
            row = {"prompt": "Say it.", "model": "m", "text": "a"} | {column: value}
            says = f'line 2, column "{column}": expected a text'
            yield Damaged(f"{column} is {value!r}", "x.jsonl", JSONL + json.dumps(row).encode(), says=says)
    for sample in (0, -1, 1.5, True, "one", [1], 10**30, 2**63):
        row = {"prompt": "Say it.", "model": "m", "text": "a", "sample": sample}
        says = 'line 2, column "sample": expected a number'
        yield Damaged(f"sample is {sample!r}", "x.jsonl", JSONL + json.dumps(row).encode(), says=says)


def _of_items() -> Iterator[Damaged]:
    yield Damaged("no task", "x.jsonl", ITEMS, says="--as-task NAME")
    yield Damaged("a task of the catalogue", "x.jsonl", ITEMS, ("--as-task", "code-generation"))
    for name in ("own", "Sums", "a b", "", "-x", "x" * 65, "ä", "../x"):
        yield Damaged(f"the task {name!r}", "x.jsonl", ITEMS, ("--as-task", name))
    other = ITEMS + ITEMS.replace(b'"1"', b'"one"')
    yield Damaged("another answer", "x.jsonl", other, AS_TASK, 'line 2, column "answer": sums/1 is the same')
    yield Damaged("nothing asked", "x.jsonl", ITEMS + b'{"question": ""}', AS_TASK, "nothing is asked there")
    yield Damaged(
        "a row without it", "x.jsonl", ITEMS + b'{"answer": "1"}', AS_TASK, "no column holds the text"
    )
    yield Damaged(
        "a list", "x.jsonl", ITEMS + b'{"question": ["a"]}', AS_TASK, "expected a text, found a list"
    )
    yield Damaged("--prompt", "x.jsonl", ITEMS, (*AS_TASK, "--prompt", "question"), "--prompt is for answers")
    yield Damaged("--same-graders", "x.jsonl", JSONL, ("--same-graders",), "are for an export of llm-grader")
    yield Damaged("--title", "x.jsonl", JSONL, ("--title", "text"), "--title is for prompts without answers")
    yield Damaged("-o without a task", "x.jsonl", ITEMS, ("-o", "x.toml"), "--as-task NAME")
    yield Damaged("-o for answers", "x.jsonl", JSONL, (*AS_TASK, "-o", "x.toml"), "this file holds answers")
    yield Damaged("-o on a file", "x.jsonl", ITEMS, (*AS_TASK, "-o", "/dev"), "a folder")


def _of_an_export(export: bytes) -> Iterator[Damaged]:
    chance = random.Random(1)
    for place in chance.sample(range(len(export)), 40):
        if b"\n" not in export[place - 1 : place + 1]:
            yield Damaged(f"cut after {place} bytes", "x.jsonl", export[:place])
    for place in chance.sample(range(len(export)), 40):
        flipped = export[:place] + bytes([export[place] ^ 0x80]) + export[place + 1 :]
        yield Damaged(f"a bit of byte {place} flipped", "x.jsonl", flipped)
    lines = export.splitlines(keepends=True)
    response = next(line for line in lines if b'"type":"response"' in line)
    row: dict[str, Any] = json.loads(response)
    for column in row:
        others = {**row, column: ["no"]}
        if column not in ("prompt_title", "prompt", "input"):
            data = export.replace(response, json.dumps(others).encode() + b"\n")
            yield Damaged(
                f"{column} of a response is a list", "x.jsonl", data, says=f"line {_line(lines, response)}"
            )
            others.pop(column)
            data = export.replace(response, json.dumps(others).encode() + b"\n")
            yield Damaged(f"{column} of a response is missing", "x.jsonl", data, says="line ")
    yield Damaged("a column twice", "x.jsonl", export.replace(b'"seq":', b'"seq":1,"seq":', 1), says="twice")
    yield Damaged("another schema", "x.jsonl", export.replace(b'"schema":2', b'"schema":9'), says="schema 9")
    yield Damaged(
        "another schema below", "x.jsonl", export + lines[-1].replace(b":2,", b":1,", 1), says="schema 1"
    )
    yield Damaged("options", "x.jsonl", export, ("--text", "a"), "comes in as it is: take --text away")
    for type_ in (b"weights", b"model", b"rubric", b"item", b"run", b"grader", b"session"):
        rest = [line for line in lines if b'"type":"%b"' % type_ not in line]
        yield Damaged(f"without {type_.decode()} rows", "x.jsonl", b"".join(rest), says="it refers to")
    yield Damaged("upside down", "x.jsonl", b"".join(reversed(lines)), says="line 1, column")


def _line(lines: list[bytes], line: bytes) -> int:
    return lines.index(line) + 1
