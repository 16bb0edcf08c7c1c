"""The seven conclusions of the 2023 report, each held against figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np
from msgspec import Struct

from tui.analysis.intervals import SEED, bootstrapped
from tui.analysis.planning import least_items

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Shares = dict[str, dict[str, float]]
"""The share of answers with the best level: by model, by item."""

Status = Literal["holds", "does not hold", "cannot tell", "not judged"]

ALPACA, MPT, OASST, FALCON = (
    "alpaca-lora-7b", "mpt-7b-chat", "oasst-sft-1-pythia-12b", "falcon-40b-instruct",
)  # fmt: skip
CODE, SENTIMENT, NEWS = (
    "code-generation", "text-classification/1", "text-classification/2",
)  # fmt: skip
VAGUE, EXPLICIT, HARD = "named-entity-recognition/1", "named-entity-recognition/2", "extractive-qa/2"

CLOSE: Final = 0.1
"""Two models are close where the interval of their difference is within so much of 0."""

_OUTCOMES: Final = (-1.0, 1.0)


class Compared(Struct, frozen=True, kw_only=True):
    """How much more often the first model has the best level, on items that both have."""

    first: str
    second: str
    estimate: float
    low: float
    high: float
    items: int


class Claim(Struct, frozen=True, kw_only=True):
    """A part of a conclusion that a figure decides."""

    text: str
    status: Status
    compared: tuple[Compared, ...] = ()
    """Of a claim about models on several items."""
    shares: tuple[tuple[str, float], ...] = ()
    """Of a claim about one item: models with their shares of best answers."""
    is_small: bool = False
    """True where there are too few items for any two models to be told apart."""


class Conclusion(Struct, frozen=True, kw_only=True):
    number: int
    text: str
    status: Status
    claims: tuple[Claim, ...]


class _Best(NamedTuple):
    """Better than each of the others on the items whose names begin so; the other way round, worse."""

    model: str
    others: tuple[str, ...]
    items: str = ""
    is_worst: bool = False

    def __str__(self) -> str:
        return f"{self.model} is {'worst' if self.is_worst else 'best'}"


class _Close(NamedTuple):
    one: str
    other: str
    items: str = ""

    def __str__(self) -> str:
        return f"{self.one} and {self.other} are within {CLOSE:.2f} of each other"


class _Right(NamedTuple):
    """Has the best level on one item, or has not."""

    models: tuple[str, ...]
    item: str
    is_right: bool = True

    def __str__(self) -> str:
        *some, last = self.models
        named = f"{', '.join(some)} and {last}" if some else last
        which = "all models" if self.models == _EVERYBODY else named
        return f"{which} {'right' if self.is_right else 'not right'} on {self.item}"


_EVERYBODY: Final = (ALPACA, MPT, OASST, FALCON)


def _others(model: str) -> tuple[str, ...]:
    return tuple(each for each in _EVERYBODY if each != model)


_Wanted = _Best | _Close | _Right

CONCLUSIONS: Final[tuple[tuple[str, tuple[_Wanted, ...]], ...]] = (
    ("code: MPT is best", (_Best(MPT, _others(MPT), CODE),)),
    ("code: Alpaca-LoRA and Falcon are close", (_Close(ALPACA, FALCON, CODE),)),
    ("code: oasst is worst", (_Best(OASST, _others(OASST), CODE, is_worst=True),)),
    (
        "classification: all get news topics right; in sentiment oasst judges single sentences",
        (_Right(_EVERYBODY, NEWS), _Right((OASST,), SENTIMENT, is_right=False)),
    ),
    (
        "named entities: MPT is right with both instructions, Alpaca-LoRA and Falcon only with the explicit"
        " one, oasst finds persons only",
        (
            _Right((MPT,), VAGUE),
            _Right((MPT, ALPACA, FALCON), EXPLICIT),
            _Right((ALPACA, FALCON), VAGUE, is_right=False),
            _Right((OASST,), VAGUE, is_right=False),
            _Right((OASST,), EXPLICIT, is_right=False),
        ),
    ),
    (
        "answers from a text: on the hard question MPT and oasst are wrong, Alpaca-LoRA and Falcon right",
        (_Right((ALPACA, FALCON), HARD), _Right((MPT, OASST), HARD, is_right=False)),
    ),
    (
        "overall: Falcon is best, Alpaca-LoRA close to it, oasst worse",
        (
            _Best(FALCON, _others(FALCON)),
            _Close(ALPACA, FALCON),
            _Best(OASST, _others(OASST), is_worst=True),
        ),
    ),
)
"""In the order of the report, in our words."""


def concluded(shares: Shares, *, seed: int = SEED, is_sample: bool = True) -> list[Conclusion]:
    """Each conclusion on these shares. Where they are no sample, but all that the report says, a claim is
    held against the shares themselves."""
    return [
        Conclusion(number=number, text=text, status=_together(claims), claims=tuple(claims))
        for number, (text, wanted) in enumerate(CONCLUSIONS, 1)
        if (claims := [_claim(each, shares, seed, is_sample) for each in wanted])
    ]


def _together(claims: Sequence[Claim]) -> Status:
    found = {each.status for each in claims}
    order: tuple[Status, ...] = ("does not hold", "not judged", "cannot tell")
    return next((each for each in order if each in found), "holds")


def _claim(wanted: _Wanted, shares: Shares, seed: int, is_sample: bool) -> Claim:
    if isinstance(wanted, _Right):
        return _about_an_item(wanted, shares)
    compared = list(_compared(wanted, shares, seed))
    asked = len(wanted.others) if isinstance(wanted, _Best) else 1
    if len(compared) < asked:
        return Claim(text=str(wanted), status="not judged", compared=tuple(compared))
    is_small = is_sample and min(each.items for each in compared) < least_items(2)
    status: Status = "cannot tell" if is_small else _decided(wanted, compared, is_sample)
    return Claim(text=str(wanted), status=status, compared=tuple(compared), is_small=is_small)


def _about_an_item(wanted: _Right, shares: Shares) -> Claim:
    """A claim about one item is about the answers to it, and no sample of anything."""
    found = [
        (model, shares[model][wanted.item]) for model in wanted.models if wanted.item in shares.get(model, {})
    ]
    right = [share == 1 if wanted.is_right else share == 0 for _, share in found]
    wrong = [share == 0 if wanted.is_right else share == 1 for _, share in found]
    status: Status = "holds" if all(right) else "cannot tell"
    if any(wrong):  # whatever the others would be given
        status = "does not hold"
    elif len(found) < len(wanted.models):
        status = "not judged"
    return Claim(text=str(wanted), status=status, shares=tuple(found))


def _compared(wanted: _Best | _Close, shares: Shares, seed: int) -> Iterator[Compared]:
    """Of those of which both were judged on the same items."""
    pairs = (
        [(wanted.one, wanted.other)]
        if isinstance(wanted, _Close)
        else [(other, wanted.model) if wanted.is_worst else (wanted.model, other) for other in wanted.others]
    )
    for first, second in pairs:
        one, other = shares.get(first, {}), shares.get(second, {})
        items = sorted(item for item in one.keys() & other.keys() if item.startswith(wanted.items))
        if items:
            values = np.array([one[item] - other[item] for item in items])
            ((low, high),) = bootstrapped(values[:, None], _OUTCOMES, seed=seed)
            yield Compared(
                first=first,
                second=second,
                estimate=float(values.mean()),
                low=low,
                high=high,
                items=len(items),
            )


def _decided(wanted: _Best | _Close, compared: Sequence[Compared], is_sample: bool) -> Status:
    lows = [each.low if is_sample else each.estimate for each in compared]
    highs = [each.high if is_sample else each.estimate for each in compared]
    if isinstance(wanted, _Best):
        if min(lows) > 0:
            return "holds"
        return "does not hold" if min(highs) < 0 or (not is_sample and min(highs) <= 0) else "cannot tell"
    # Of few verdicts one more or less is as close as two models can be without being the same.
    slack = (CLOSE if is_sample else max(CLOSE, 1 / compared[0].items)) + 1e-9
    if min(lows) >= -slack and max(highs) <= slack:
        return "holds"
    return "does not hold" if min(highs) < -slack or max(lows) > slack else "cannot tell"
