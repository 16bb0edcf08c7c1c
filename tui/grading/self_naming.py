"""Answers that name their model or its maker, so that a grader may know whose they are."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tui.grading.families import DISTINCTIVE, FAMILIES, MAKERS, MODELS

if TYPE_CHECKING:
    from collections.abc import Iterable

LOOKED_AT: Final = 200_000
"""Characters: who has not named itself in as many does it no more."""

_APOSTROPHES: Final = str.maketrans("‘’ʼ´", "''''")
_BETWEEN_WORDS: Final = re.compile(r"""[\s\-*_`"“”«»#\u2010-\u2015]+""")
_SIZE: Final = r"\d+(?:\.\d+)?b"
_NO_NAME: Final = frozenset(
    ["ai", "base", "chat", "demo", "greedy", "instruct", "llm", "model", "raw", "test"]
)

_FIRST: Final = r"(?:i am|i'm|i was|i've been|i have been)"
_WORD: Final = "|".join((
    "a an the your large small language ai artificial intelligence machine learning neural network model",
    "assistant chatbot chat bot helpful friendly virtual digital open source based powered conversational",
    "generative instruction following text program system tool version product project creation of called",
    "named known as just only simply actually currently also originally specifically pre trained fine tuned",
    "which that who was is has been and have",
)).replace(" ", "|")  # fmt: skip
_FILLED: Final = rf"(?:(?:{_WORD}),?\s){{0,16}}"
"""What stands between `I am` and a name."""
_MADE: Final = (
    r"(?:developed|created|(?:pre\s?|fine\s?)?(?:trained|tuned)|made|built|designed|produced|released"
    r"|programmed|maintained|provided|powered|owned|published|invented|engineered)"
)
_BY: Final = (
    r"(?:by|from|at|of)\s(?:(?:the|a|team|teams|researchers|engineers|scientists|people|company|at|of|from)\s)"
    r"{0,5}"
)
_IS_A_MODEL: Final = (
    r"(?:'s)?\s(?:\S+\s){0,2}?(?:model|assistant|chatbot|ai|language model|bot|llm)(?!\w)"
    r"(?!\s(?:researcher|engineer|expert|scientist|user|developer|specialist|team|professor))"
)
_END: Final = (
    r"(?=\s?(?:$|[.,;:!?()\[\]\n]|(?:and|from|by|an?|the|your|created|developed|trained|made|built|designed"
    r"|chat|model|ai|assistant|chatbot|language|based|here|but|which|who)(?!\w)))"
)


def names_itself(text: str, names: Iterable[str]) -> bool:
    """True if the text says which model or maker it is of: in a phrase such as `I am …`, `As …, I` or
    `trained by …`, or by a word that stands for nothing else. `names` are those of its model, as listed."""
    said = _plain(text[:LOOKED_AT])
    return any(pattern.search(said) for pattern in _patterns(frozenset(names)))


def _plain(text: str) -> str:
    """Without case, marks of emphasis and hyphens; one blank or line end between words."""
    folded = unicodedata.normalize("NFKC", text)[:LOOKED_AT].translate(_APOSTROPHES).casefold()
    return _BETWEEN_WORDS.sub(lambda found: "\n" if "\n" in found[0] else " ", folded)


@lru_cache(maxsize=64)
def _patterns(names: frozenset[str]) -> tuple[re.Pattern[str], ...]:
    own = {plain for name in names if (plain := _plain(name).strip())}
    stems = {stem for name in own if (stem := _stem(name))}
    phrases = re.compile(_phrases(_any_of(MODELS | stems), _any_of(MAKERS | MODELS | stems)))
    words = {name for name in own if _stands_alone(name)}
    sized = set(stems)
    for models, makers in FAMILIES:
        if any(_has(name, model) for name in own for model in models):
            words |= {*models, *makers} & DISTINCTIVE
            sized |= {*models}
    alone = rf"(?<!\w)(?:{_any_of(words)}|(?:{_any_of(sized)})\s?{_SIZE})(?!\w)"
    return phrases, re.compile(alone)


def _phrases(models: str, makers: str) -> str:
    model = rf"(?:{models})(?:\s?v?\d[\w.]*)?(?:\s(?:chat|instruct|turbo|base|lora|sft|pro)){{0,3}}(?!\w)"
    maker = rf"(?:{makers})(?!\w)"
    made_by = rf"(?:{_MADE}(?:(?:,|,?\sand)\s{_MADE})?\s)?{_BY}{maker}"
    say = r"(?<!\w)(?:i am|i'm|my name is|my name's|call me|i go by)\s(?:(?:called|named|known as|just)\s)?"
    kind = r"(?:called|named|known as|model|assistant|chatbot|bot),?"
    mine = r"my\s(?:creator|developer|maker|owner|trainer|inventor)s?(?:\s(?:is|are|at|from)|,)?\s(?:the\s)?"
    return "|".join((
        rf"{say}{model}{_END}",
        rf"(?<!\w)(?:i am|i'm|as)\s{_FILLED}{kind}\s{model}{_END}",
        rf"(?<!\w)(?:i am|i'm|as)\s{_FILLED}(?:{model}|{maker}){_IS_A_MODEL}",
        rf"(?<!such )(?<!known )(?<!same )(?<!\w)as\s{model},?\s(?:i|i'm|i've|my|we)(?!\w)",
        rf"(?:^|[\n.!?]\s?)as\s{model},",
        rf"(?<!\w)(?:{_FIRST}|as)\s{_FILLED}{made_by}",
        rf"(?<!\w){mine}{maker}",
        rf"(?<!\w){maker}\s(?:has\s|have\s)?{_MADE}\sme(?!\w)",
        rf"(?<!\w)you(?: are|'re)\s(?:now\s)?(?:chatting|talking|speaking)\s(?:with|to)\s{model}",
    ))  # fmt: skip


def _any_of(names: Iterable[str]) -> str:
    """The longest first; words of a name may be written together. Of none, what never matches."""
    ordered = sorted(names, key=lambda name: (-len(name), name))
    return "|".join(re.escape(name).replace(r"\ ", r"\s?") for name in ordered) or r"(?!)"


def _has(name: str, word: str) -> bool:
    return f" {word} " in f" {name} "


def _stem(name: str) -> str:
    """The words before the first number; empty where they name nothing."""
    words = []
    for word in name.split()[:3]:
        if word[0].isdigit():
            break
        words.append(word)
    said = [word for word in words if word not in _NO_NAME]
    return " ".join(words) if said and len("".join(said)) > 2 else ""


def _stands_alone(name: str) -> bool:
    """True of a name that no other text has: of several words, with a number."""
    words = [word for word in name.split() if word not in _NO_NAME]
    has_number = any(letter.isdigit() for letter in name)
    return has_number and any(word[0].isalpha() for word in words) and len(name) > 7
