"""Results as long and tidy rows: one for each figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tui.analysis.judged import MEASURES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.analysis.judged import Measure
    from tui.analysis.models import Answered, Figure, ModelFigures
    from tui.analysis.preferences import PreferenceFigures
    from tui.analysis.results import Comparison, CriterionFigures, KindFigures, Results

    Row = dict[str, Any]

COLUMNS: Final = (
    "kind", "criterion", "scope", "task", "item", "grader", "model", "other_model", "figure", "estimate",
    "low", "high", "items", "judgements", "method", "p", "corrected_p", "rank_first", "rank_last",
)  # fmt: skip
_EMPTY: Final[Row] = dict.fromkeys(COLUMNS)


def figure_lines(of: Results, measure: Measure | None = None) -> Iterator[Row]:
    """Every figure; with a measure those of models by it alone."""
    for kind in of.kinds:
        for row in _of_kind(kind):
            if measure is None or row.get("figure") == measure:
                yield _EMPTY | {"kind": kind.kind} | row
    for each in of.answered if measure is None else ():
        yield from (_EMPTY | row for row in _answered(each))


def _of_kind(of: KindFigures) -> Iterator[Row]:
    for criterion in of.criteria:
        yield from ({"criterion": criterion.criterion} | row for row in _of_criterion(criterion))
    for pairs in of.preferences:
        yield from ({"criterion": pairs.criterion} | row for row in _of_pairs(pairs))
    for agreement in of.agreement:
        names: Row = {"scope": f"agreement: {agreement.between}", "grader": "; ".join(agreement.graders)}
        names |= {"criterion": agreement.criterion, "items": agreement.items}
        raw = {"estimate": agreement.raw, "low": agreement.low, "high": agreement.high}
        yield names | {"figure": "raw"} | raw
        if agreement.coefficient:
            yield names | {"figure": agreement.coefficient.name} | _interval(agreement.coefficient)
    for grader in of.habits:
        habit: Row = {"scope": "habit", "grader": grader.grader, "criterion": grader.criterion}
        yield from (
            habit | {"figure": each.name, "items": each.items} | _interval(each) for each in grader.habits
        )


def _of_criterion(of: CriterionFigures) -> Iterator[Row]:
    yield from ({"scope": "all"} | row for row in _models(of.models))
    for task in of.tasks:
        yield from ({"scope": "task", "task": task.name} | row for row in _models(task.models))
    for item in of.items:
        for cell in item.cells:
            names: Row = {"scope": "item", "task": item.task, "item": item.name, "model": cell.model}
            names["judgements"] = cell.judgements
            yield names | {"figure": "strict", "estimate": cell.strict}
            yield names | {"figure": "mean", "estimate": cell.mean}
    for each in of.graders:
        which: Row = {"grader": each.grader, "model": each.model, "figure": "strict"}
        yield {"scope": "one grader"} | which | _figure(each.own)
        if each.others:
            yield {"scope": "without one grader"} | which | _figure(each.others)
    if of.comparison:
        yield from _compared(of.comparison)


def _models(of: Iterable[ModelFigures]) -> Iterator[Row]:
    for each in of:
        yield from (
            {"model": each.model, "figure": measure} | _figure(each.of(measure)) for measure in MEASURES
        )
        counts: Row = {"skipped": each.skipped, "broken": each.broken}
        counts |= {"strict, skips worst": each.if_worst, "strict, skips best": each.if_best}
        yield from (
            {"model": each.model, "figure": name, "estimate": value} for name, value in counts.items()
        )


def _compared(of: Comparison) -> Iterator[Row]:
    for each in of.differences:
        names: Row = {
            "scope": "difference",
            "model": each.first,
            "other_model": each.second,
            "figure": "strict",
        }
        ps = {"items": each.items, "p": each.p, "corrected_p": each.corrected_p}
        yield names | _interval(each) | ps | {"method": "bootstrap"}
    for rank in of.ranks:
        places = {"rank_first": rank.first, "rank_last": rank.last}
        yield {"scope": "rank", "model": rank.model, "figure": "strict"} | places


def _of_pairs(of: PreferenceFigures) -> Iterator[Row]:
    for each in of.shares:
        names: Row = {"scope": "pairs", "model": each.first, "other_model": each.second, "items": each.items}
        yield names | {"figure": "share of wins", "method": "bootstrap"} | _interval(each)
        counts = {"wins": each.wins, "losses": each.losses, "equal": each.equal, "both bad": each.both_bad}
        yield from (names | {"figure": name, "estimate": count} for name, count in counts.items())
    for strength in of.strengths:
        places = {"rank_first": strength.rank.first, "rank_last": strength.rank.last}
        which: Row = {"scope": "pairs", "model": strength.model, "figure": "strength", "method": "bootstrap"}
        yield which | _interval(strength) | places


def _answered(of: Answered) -> Iterator[Row]:
    counts = {name: getattr(of, name) for name in of.__struct_fields__ if name != "model"}
    for name, count in counts.items():
        yield {
            "scope": "answers", "model": of.model, "figure": name.replace("_", " "), "estimate": count,
        }  # fmt: skip


def _figure(of: Figure) -> Row:
    counts: Row = {"items": of.items, "judgements": of.judgements, "method": of.method}
    return _interval(of) | counts


def _interval(of: Any) -> Row:
    return {"estimate": of.estimate, "low": of.low, "high": of.high}
