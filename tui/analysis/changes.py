"""Did it get better? Two models, or two ways to run one, on the answers that changed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Literal

import numpy as np
from msgspec import Struct

from tui.analysis.compared import compared
from tui.analysis.differences import ALPHA, sign_flip
from tui.analysis.intervals import SEED, bootstrapped
from tui.analysis.judged import OURS, judged
from tui.analysis.preferences import WinShare, preferences
from tui.analysis.results import KINDS, Filters
from tui.store.judgement_records import GraderKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.analysis.compared import Compared
    from tui.analysis.judged import Judged
    from tui.analysis.naming import ModelId
    from tui.store.figure_rows import AnswerRow, FigureRows

    Asked = tuple[str, str, int, int]
    Pairs = dict[Asked, tuple[AnswerRow, AnswerRow]]
    """Both answers by task, prompt hash, sample and turn."""

Verdict = Literal["BETTER", "WORSE", "CANNOT TELL"]
ALL = Filters()
OCCASIONS = ("first", "repeat")
"""On which somebody judges without having seen what others gave."""


class Change(Struct, frozen=True, kw_only=True):
    """How much better the first is, as graders of one kind judged by one criterion; the measure is strict."""

    kind: GraderKind
    criterion: str
    verdict: Verdict
    estimate: float
    low: float
    high: float
    items: int
    differing: int
    """Items on which the two differ."""
    compared: int
    """Pairs of different answers that were judged in one sitting."""
    apart: int
    """Pairs of different answers that were judged, but in different sittings: left out."""
    p: float
    """Of this one comparison: it is true where it is the one that was planned."""


class Wins(Struct, frozen=True, kw_only=True):
    """How often graders of one kind preferred the first, by one criterion."""

    kind: GraderKind
    share: WinShare
    criterion: str


class Changes(Struct, frozen=True, kw_only=True):
    """Two models against each other."""

    first: str
    second: str
    seed: int
    pairs: int
    """Answers of both to the same item, of the same sample and turn."""
    identical: int
    """Of these those with the same bytes. They count as equal."""
    changes: tuple[Change, ...]
    """Of each kind of grader and criterion, the one with the most items first; none where nobody judged."""
    preferences: tuple[Wins, ...]
    """Of the pairs of both that were judged together."""


def changes(
    rows: FigureRows, first: ModelId, second: ModelId, filters: Filters = ALL, *, seed: int = SEED
) -> Changes:
    """`rows` are already those of the filters' tasks, prompts and graders."""
    of_both = rows.of_models({first[:3], second[:3]})
    pairs = _pairs(of_both, first, second)
    identical = {asked for asked, (one, other) in pairs.items() if one.text_sha256 == other.text_sha256}
    all_judged = judged(of_both).to_what_was_asked()
    compared_pairs = compared(of_both, (first, second)).on("first")
    if filters.blind_only:
        all_judged = all_judged.where(all_judged.blind)
        compared_pairs = compared_pairs.where(compared_pairs.blind)
    if filters.criterion:
        all_judged = all_judged.of_criterion(filters.criterion)
        compared_pairs = compared_pairs.of_criterion(filters.criterion)
    found = [
        _change(part.of_criterion(name), kind, name, pairs, _asked_of(identical, name, pairs, of_both), seed)
        for kind in KINDS
        for part in (all_judged.of_kind(kind).data,)
        for name in part.criteria
    ]
    return Changes(
        first=first.label,
        second=second.label,
        seed=seed,
        pairs=len(pairs),
        identical=len(identical),
        changes=tuple(sorted((each for each in found if each), key=_main_first)),
        preferences=tuple(_wins(compared_pairs, seed)),
    )


def _main_first(of: Change) -> tuple[int, int, str]:
    return KINDS.index(of.kind), -of.items, of.criterion


def _wins(pairs: Compared, seed: int) -> Iterator[Wins]:
    for kind in KINDS:
        for figures in preferences(pairs.of_kind(kind), seed=seed):
            for share in figures.shares:
                yield Wins(kind=kind, criterion=figures.criterion, share=share)


def _pairs(rows: FigureRows, first: ModelId, second: ModelId) -> Pairs:
    answers: dict[tuple[str, str, str], dict[Asked, AnswerRow]] = defaultdict(dict)
    for each in rows.answers:
        if each.finish_reason not in OURS and not each.asked_otherwise:
            answers[each[4:7]][each.task, each.prompt_hash, each.sample, each.turn] = each
    mine, others = answers[first[:3]], answers[second[:3]]
    return {asked: (mine[asked], others[asked]) for asked in sorted(mine.keys() & others.keys())}


def _asked_of(places: set[Asked], criterion: str, pairs: Pairs, rows: FigureRows) -> set[Asked]:
    """Those of items whose rubric has the criterion: by another nobody could judge them."""

    def is_asked(answer: AnswerRow) -> bool:
        item = rows.items.get(answer.item_hash)
        return item is not None and (item.rubric_hash, criterion) in rows.scales

    return {each for each in places if any(map(is_asked, pairs[each]))}


def _change(
    part: Judged, kind: GraderKind, criterion: str, pairs: Pairs, identical: set[Asked], seed: int
) -> Change | None:
    """None where nobody judged an answer of both."""
    given = _given(part)
    differing = {asked: pair for asked, pair in pairs.items() if pair[0].text_sha256 != pair[1].text_sha256}
    of_items: dict[tuple[str, str], list[float]] = defaultdict(list)
    apart = together = 0
    for asked in identical:
        of_items[asked[:2]].append(0.0)
    for asked, (one, other) in differing.items():
        mine, others = given.get(one.id, {}), given.get(other.id, {})
        if sittings := mine.keys() & others.keys():
            together += 1
            of_items[asked[:2]].append(
                float(np.mean([mine[each] - others[each] for each in sorted(sittings)]))
            )
        else:
            apart += bool(mine and others)
    if not together and not apart and not (identical and given):
        return None
    values = np.array([np.mean(of_items[item]) for item in sorted(of_items)])
    return _told(values, seed, kind=kind, criterion=criterion, together=together, apart=apart)


def _told(
    values: np.ndarray,
    seed: int,
    *,
    kind: GraderKind,
    criterion: str,
    together: int,
    apart: int,
) -> Change:
    p, low, high, estimate = 1.0, -1.0, 1.0, 0.0
    if len(values):
        ((low, high),) = bootstrapped(values[:, None], (-1.0, 1.0), seed=seed)
        p, estimate = sign_flip(values), float(values.mean())
    return Change(
        kind=kind,
        criterion=criterion,
        verdict=_verdict(estimate, p),
        estimate=estimate,
        low=low,
        high=high,
        items=len(values),
        differing=int((values != 0).sum()),
        compared=together,
        apart=apart,
        p=p,
    )


def _verdict(estimate: float, p: float) -> Verdict:
    if p > ALPHA:
        return "CANNOT TELL"
    return "BETTER" if estimate > 0 else "WORSE"


def _given(part: Judged) -> dict[str, dict[tuple[int, bool, str], float]]:
    """The strict score that each answer got in each sitting, by its id. Judgements of one session are of one
    sitting where they were given alike blind, and alike for the first time or once more."""
    found: dict[str, dict[tuple[int, bool, str], float]] = defaultdict(dict)
    ids = [each.id for each in part.answers]
    columns = (part.answer, part.session, part.blind, part.occasion, part.scores("strict"))
    for answer, session, blind, occasion, score in zip(*(each.tolist() for each in columns), strict=True):
        if occasion in OCCASIONS:
            found[ids[answer]][session, blind, occasion] = score
    return found
