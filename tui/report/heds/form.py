"""The form: its questions, and answers in the words that a person writes or reads."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec
import tomli
from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Kind = Literal["line", "text", "whole number", "one", "several"]
OF_CRITERIA = "4"
"""The section that is answered for each criterion."""
SECTIONS = {
    "1": "Reference and resources",
    "2": "The systems",
    "3": "Sample, evaluators and design",
    OF_CRITERIA: "Criteria",
    "5": "Ethics",
}
_HINT = re.compile(r" ?\((?:please|enter) .*\)\.?$")
_NUMBER = re.compile(r"^[0-9]+\. ")
_TAG = re.compile(r"</?u>")


class UnfitAnswerError(ValueError):
    """The answer is none to the question. Its words go on after the question's number."""


class Option(NamedTuple):
    """One of a question's options. What stands in the form is `value`."""

    place: int
    """From 1, as in the form's element ids."""
    number: str
    """As the form prints it."""
    label: str
    value: str


class Pick(NamedTuple):
    """An option that is chosen, with what describes it."""

    option: Option
    details: str = ""


class Answer(NamedTuple):
    """A text, or picks."""

    text: str = ""
    picks: tuple[Pick, ...] = ()

    @property
    def details(self) -> str:
        return "; ".join(each.details for each in self.picks if each.details)

    @property
    def written(self) -> tuple[str, ...]:
        """As a person writes it: each option by its label, with what describes it after a colon."""
        if not self.picks:
            return (self.text,)
        return tuple(": ".join(filter(None, (each.option.label, each.details))) for each in self.picks)


class Question(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    number: str
    id: str
    """The form's element; an option's id has its place after a hyphen."""
    text: str
    kind: Kind
    known: bool = False
    """True where the database answers it, unless nothing was judged."""
    options: tuple[str, ...] | Literal["languages"] = ()
    details: tuple[str, ...] = ()
    """Numbers of the options that want to be described."""
    alone: str = ""
    """Number of the option that goes with no other."""

    @property
    def section(self) -> str:
        return self.number[0]

    @property
    def is_of_criteria(self) -> bool:
        return self.section == OF_CRITERIA

    @property
    def choices(self) -> Iterator[Option]:
        for place, value in enumerate(self.options, 1):
            number, _, rest = value.partition(". ")
            yield Option(place, number, _label(rest), value)

    def answer(self, *entries: str) -> Answer:
        """What was written. Raises UnfitAnswerError."""
        told = [each.strip() for each in entries if each.strip()]
        if not told:
            raise UnfitAnswerError("there is no answer")
        if not self.options:
            return Answer(_text(self.kind, told))
        picks = tuple(pick for each in told for pick in self._picks(each))
        if self.kind == "one" and len(picks) > 1:
            raise UnfitAnswerError("one of the options, not several")
        if len(picks) > 1 and self.alone in {each.option.number for each in picks}:
            raise UnfitAnswerError(f"option {self.alone} goes with no other")
        return Answer(picks=picks)

    def _picks(self, entry: str) -> Iterator[Pick]:
        """Options by number or label, with what describes one after a colon; plain ones also with commas
        between."""
        if pick := self._pick(entry):
            yield pick
            return
        found = [self._pick(each.strip()) for each in entry.split(",")]
        if None in found:
            raise UnfitAnswerError(f'no option is called "{entry}"')
        yield from filter(None, found)

    def _pick(self, entry: str) -> Pick | None:
        for end in (*(found.start() for found in re.finditer(":", entry)), len(entry)):
            option = self._option(entry[:end].strip())
            details = entry[end + 1 :].strip()
            if option and (option.number in self.details or not details):
                return Pick(option, details)
        return None

    def _option(self, name: str) -> Option | None:
        """By its number or label; where several can be chosen, by any of the names that a label lists."""
        key = _label(_NUMBER.sub("", name)).casefold()
        for each in self.choices:
            label = each.label.casefold()
            names = label.split(", ") if self.kind == "several" else ()
            if key in (each.number, label, *names):
                return each
        return None


class _Form(Struct, forbid_unknown_fields=True, kw_only=True):
    languages: tuple[str, ...]
    questions: tuple[Question, ...]


@cache
def questions() -> dict[str, Question]:
    """All of the form in its order, by number."""
    text = files("tui.report").joinpath("heds/form.toml").read_text(encoding="utf-8")
    form = msgspec.convert(tomli.loads(text), _Form)
    return {
        each.number: replace(each, options=form.languages) if each.options == "languages" else each
        for each in form.questions
    }


def _label(value: str) -> str:
    """Without the form's request to describe it, and its markup."""
    return _TAG.sub("", _HINT.sub("", value)).rstrip(".")


def _text(kind: Kind, told: Sequence[str]) -> str:
    text = "\n".join(told)
    if kind == "whole number" and not re.fullmatch("[0-9]+|N/A", text):
        raise UnfitAnswerError("a whole number, or N/A")
    return text
