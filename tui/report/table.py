"""Results as lines of a terminal: the headline first, then tables, then what to know of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from tui.report import baseline_words, words
from tui.report.graders_table import graders
from tui.report.layout import GAP, Column, Line, Page, bar, scale, sentence, table, width_of
from tui.report.pairs_table import preferences
from tui.report.phrases import KINDS, primary_first
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tui.analysis.baseline import Baseline
    from tui.analysis.judged import Measure
    from tui.analysis.models import Figure, ModelFigures
    from tui.analysis.results import CriterionFigures, GraderFigure, KindFigures, Results

LEAST_BAR: Final = 12
MOST_BAR: Final = 41
MOST_DIFFERENCES: Final = 10
_LEAST_NAME: Final = 12
_BLANK: Final = Line("")


def lines(of: Results, page: Page, *, measure: Measure | None = None) -> Iterator[Line]:
    """All figures; with a measure those of it alone. None where nothing was judged."""
    if not of.kinds:
        return
    for place, kind in enumerate(of.kinds):
        if place:
            yield _BLANK
        yield from _kind(kind, page, measure)
    if of.baseline:
        yield _BLANK
        yield from _baseline(of.baseline, page)
    yield _BLANK
    for note in (*_ended(of), *words.notes(of)):
        yield from sentence(note, page)


def _ended(of: Results) -> Iterator[str]:
    """In one paragraph what became of answers."""
    if told := [each for each in map(words.ended, of.answered) if each]:
        yield f"Not all answers are whole. {'; '.join(told)}."


def _kind(of: KindFigures, page: Page, measure: Measure | None) -> Iterator[Line]:
    yield from sentence(f"{KINDS[of.kind]}: {', '.join(of.graders)}", page, heading=True)
    for criterion in primary_first(of.criteria):
        yield _BLANK
        yield from _criterion(criterion, page, measure)
    if measure is None:
        for each in of.preferences:
            yield _BLANK
            yield from preferences(each, page)
        yield from graders(of, page)


def _criterion(of: CriterionFigures, page: Page, chosen: Measure | None) -> Iterator[Line]:
    judged = counted(of.judgements, "judgement")
    about = f"{counted(len(of.models), 'model')}, {counted(len(of.items), 'item')}"
    yield from sentence(f"{of.criterion} ({judged}, {about})", page, heading=True)
    if chosen is None:
        yield from sentence(words.headline(of), page)
    if not of.models:
        yield from _skipped(of, page)
        return
    main: Measure = chosen or "strict"
    yield _BLANK
    told = f"{words.measure(main, of.levels)}. {words.INTERVALS}"
    ranked = bool(of.comparison and of.comparison.ranks and main == "strict")
    yield from sentence(f"{told} {words.RANKS}" if ranked else told, page)
    yield _BLANK
    yield from _models(of, page, main)
    if chosen is None:
        yield from _parts(of, page)
    yield from _tasks(of, page, main)
    yield from _skipped(of, page)


def _parts(of: CriterionFigures, page: Page) -> Iterator[Line]:
    if told := [*_comparison(of, page)]:
        yield _BLANK
        yield from told
    yield _BLANK
    for each in ("lenient", "mean"):
        yield from sentence(words.measure(each, of.levels), page)
    yield _BLANK
    yield from _other_measures(of, page)
    if of.graders:
        yield _BLANK
        yield from _graders(of.graders, page)


def _models(of: CriterionFigures, page: Page, measure: Measure) -> Iterator[Line]:
    ordered = words.best_first(of.models, measure)
    figures = [each.of(measure) for each in ordered]
    columns = [_figures(measure, figures), _count("items", (each.items for each in figures))]
    if of.comparison and of.comparison.ranks and measure == "strict":
        ranks = {each.model: words.rank(each) for each in of.comparison.ranks}
        columns.insert(0, Column("rank", [ranks.get(each.model, "") for each in ordered], right=True))
    yield from _with_bars(_name_column(_names(ordered), columns, page), columns, figures, page)


def _with_bars(
    name: Column, columns: Sequence[Column], figures: Sequence[Figure], page: Page
) -> Iterator[Line]:
    """A table of models with the interval of each drawn, where there is room."""
    left = page.width - width_of([name, *columns]) - GAP
    drawn = [] if left < LEAST_BAR else [_bars(figures, min(left, MOST_BAR), page)]
    yield from table([name, *columns, *drawn])


def _bars(figures: Sequence[Figure], width: int, page: Page) -> Column:
    drawn = [bar(*words.drawn(each), width, page.signs) for each in figures]
    return Column(scale(width), drawn, is_drawn=True)


def _other_measures(of: CriterionFigures, page: Page) -> Iterator[Line]:
    ordered = words.best_first(of.models)
    columns = [
        _figures("lenient", [each.lenient for each in ordered]),
        _figures("mean", [each.mean for each in ordered]),
        _count("judged", (each.strict.judgements for each in ordered)),
    ]
    yield from table([_name_column(_names(ordered), columns, page), *columns])


def _tasks(of: CriterionFigures, page: Page, measure: Measure) -> Iterator[Line]:
    if len(of.tasks) < 2:
        return
    for task in of.tasks:
        yield _BLANK
        ordered = words.best_first(task.models, measure)
        figures = [each.of(measure) for each in ordered]
        columns = [_figures(measure, figures), _count("items", (each.items for each in figures))]
        name = _name_column(_names(of.models), columns, page)
        name = name._replace(cells=_names(ordered), least=name.width)
        yield from sentence(f"{task.title}, {measure}", page, heading=True)
        yield from _with_bars(name, columns, figures, page)


def _comparison(of: CriterionFigures, page: Page) -> Iterator[Line]:
    found = sorted(
        of.comparison.differences if of.comparison else (),
        key=lambda each: (not each.is_significant, -abs(each.estimate)),
    )
    if found:
        yield from sentence("Two models, strict, the first less the second", page, heading=True)
    for each in found[:MOST_DIFFERENCES]:
        yield from sentence(words.difference(each), page, indent=2)
    if len(found) > MOST_DIFFERENCES:
        left = counted(len(found) - MOST_DIFFERENCES, "pair")
        yield from sentence(f"{left} more: all are in --format csv.", page, indent=2)
    for note in words.comparison_notes(of):
        yield from sentence(note, page)


def _graders(of: Sequence[GraderFigure], page: Page) -> Iterator[Line]:
    """For each model how far graders are from one another."""
    by_model: dict[str, list[GraderFigure]] = {}
    for each in of:
        by_model.setdefault(each.model, []).append(each)
    several = {model: found for model, found in by_model.items() if len(found) > 1}
    if not several:
        return
    yield Line("By one grader, strict", is_heading=True)
    columns = [
        Column("lowest", [_extreme(found, min) for found in several.values()]),
        Column("highest", [_extreme(found, max) for found in several.values()]),
    ]
    if len({each.grader for each in of}) > 2:
        columns.append(Column("one left out", [_left_out(found) for found in several.values()]))
    room = page.width - cell_len("0.00 to 0.00") - 6 - _LEAST_NAME
    columns[:2] = [each._replace(most=max(room // 2, 8)) for each in columns[:2]]
    yield from table([_name_column(list(several), columns, page), *columns])


def _extreme(of: Sequence[GraderFigure], which: Callable[..., GraderFigure]) -> str:
    found = which(of, key=lambda each: (each.own.estimate, each.grader))
    return f"{words.decimal(found.own.estimate)} {found.grader}"


def _left_out(of: Sequence[GraderFigure]) -> str:
    without = [each.others.estimate for each in of if each.others]
    return f"{words.decimal(min(without))} to {words.decimal(max(without))}" if without else ""


def _baseline(of: Baseline, page: Page) -> Iterator[Line]:
    yield from sentence(f"Beside {of.name}", page, heading=True)
    for told in (*baseline_words.bridge(of), *baseline_words.own(of), baseline_words.BRIDGE):
        yield from sentence(told, page)
    for against in of.against:
        yield _BLANK
        heading = f"Its conclusions, on {baseline_words.answers_of(against)}"
        yield from sentence(heading, page, heading=True)
        for each in against.conclusions:
            yield from sentence(baseline_words.conclusion(each), page)
            for claim in each.claims:
                yield from sentence(baseline_words.claim(claim), page, indent=4)


def _skipped(of: CriterionFigures, page: Page) -> Iterator[Line]:
    for place, each in enumerate(words.missing(of)):
        if not place:
            yield _BLANK
        yield from sentence(each, page)


def _names(of: Iterable[ModelFigures]) -> list[str]:
    return [each.model for each in of]


def _name_column(names: Sequence[str], beside: Sequence[Column], page: Page) -> Column:
    """As wide as the other columns leave room for, in a terminal at most a part of its width."""
    room = page.width - sum(each.width + GAP for each in beside)
    return Column(
        "model", names, most=max(min(room, page.width * 3 // 10 if page.wraps else room), _LEAST_NAME)
    )


def _figures(heading: str, figures: Iterable[Figure]) -> Column:
    return Column(heading, [*map(words.figure, figures)])


def _count(heading: str, counts: Iterable[int]) -> Column:
    return Column(heading, [f"{each:,}" for each in counts], right=True)
