"""Results as long and tidy rows: one for each figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tui.analysis.judged import MEASURES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.analysis.agreement import Agreement
    from tui.analysis.habits import GraderHabits
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
        yield from ({"criterion": agreement.criterion} | row for row in _of_agreement(agreement))
    for grader in of.habits:
        yield from ({"criterion": grader.criterion} | row for row in _of_grader(grader))
    for each in of.seconds:
        median = {"figure": "median seconds", "estimate": each.median, "judgements": each.grades}
        yield {"scope": "grader", "grader": each.grader} | median


def _of_agreement(of: Agreement) -> Iterator[Row]:
    names: Row = {"scope": f"agreement: {of.between}", "grader": "; ".join(of.graders), "items": of.items}
    raw = {"estimate": of.raw, "low": of.low, "high": of.high}
    yield names | {"figure": "raw", "judgements": of.answers} | raw
    if of.coefficient:
        yield names | {"figure": of.coefficient.name} | _interval(of.coefficient)


def _of_grader(of: GraderHabits) -> Iterator[Row]:
    names: Row = {"scope": "grader", "grader": of.grader}
    for each in of.habits:
        yield names | {"scope": "habit", "figure": each.name, "items": each.items} | _interval(each)
    yield names | {"figure": "same text graded differently", "estimate": len(of.same_text)}
    if of.guesses:
        told = {"estimate": of.guesses.right / of.guesses.asked, "judgements": of.guesses.asked}
        ends = {"low": of.guesses.low, "high": of.guesses.high, "method": "wilson"}
        yield names | {"figure": "guesses right"} | told | ends
        by_chance = of.guesses.by_chance / of.guesses.asked
        yield names | {"figure": "guesses right by chance", "estimate": by_chance}
    if of.controls:
        share = of.controls.right / of.controls.judged
        yield names | {"figure": "controls right", "estimate": share, "judgements": of.controls.judged}


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
