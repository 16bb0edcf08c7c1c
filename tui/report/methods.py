"""A paragraph on methods, ready for a paper. What nobody but its author knows stands in brackets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.analysis.results import PRIMARY
from tui.report import phrases
from tui.report.agreement_words import agreements
from tui.report.sections.asked import share_rubric
from tui.report.sections.graders import in_view, order, share
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.catalogue.rubric import Criterion
    from tui.report.material import Material
    from tui.store.report_rows import Given

AGGREGATED: Final = (
    f"The primary figure is {PRIMARY}, the share of answers with the best level: answers are averaged within"
    " items, then items. Answers that ran to their limit or are empty and were skipped count as the worst"
    " level; answers that failed or were stopped are missing."
)
COMPARED: Final = (
    "Models were compared on the items that all of them have by the exact sign-flip test, with Holm's"
    " correction over all pairs of models."
)


def intervals(seed: int) -> str:
    return (
        "Intervals are 95 %: Wilson's where every item has one judgement, else the Bayesian bootstrap over"
        f" items with one prior item (10,000 draws, seed {seed})."
    )


def methods(of: Material) -> str:
    """Every sentence, in the order in which reviewers ask."""
    sentences = (*_asked(of), *_judged(of), *_figures(of), *_agreement(of), *_looks(of))
    return " ".join(sentences)


def _asked(of: Material) -> Iterator[str]:
    tasks = phrases.listed(f"{items[0].item.task.title} ({len(items)})" for items in of.tasks.values())
    yield (
        f"We asked {counted(len(of.items), 'item')} of {counted(len(of.tasks), 'task')}: {tasks}"
        " [who chose the items, and of what they are a sample]."
    )
    models = of.rows.models()
    if not models:
        yield "The models are not named until the sessions are revealed."
        return
    classes = phrases.listed(sorted({each.origin_class for each in models}))
    names = phrases.listed(each.model for each in of.results.answered)
    samples = counted(max(each.samples for each in models), "sample")
    yield (
        f"{counted(len(models), 'model')} answered ({names}; origin {classes}), with {samples} an item;"
        " weights, templates, sampling and seeds are listed in the report."
    )


def _judged(of: Material) -> Iterator[str]:
    given = list(of.all_given())
    by_kind: dict[str, dict[str, str]] = {}
    for each in given:
        by_kind.setdefault(each.grader_kind, {})[each.grader_id] = each.grader
    for kind, names in sorted(by_kind.items()):
        relation = " [their relation to the authors]" if kind == "person" else ""
        yield f"{phrases.KINDS[kind]} as graders: {len(names)}{relation}."
    if people := [each for each in given if each.grader_kind == "person"]:
        yield from _by_people(of, people)
    for items in of.tasks.values():
        for criterion in items[-1].item.rubric.criteria:
            yield _rubric(items[-1].item.task.title, criterion, is_shared=share_rubric(items))


def _rubric(task: str, of: Criterion, *, is_shared: bool) -> str:
    question = f", “{of.question}”" if of.question else ""
    if is_shared:
        levels = "; ".join(f"“{each.label}” ({each.anchor})" for each in of.levels)
        return f"{task} was graded by “{of.name}”{question}: {levels}."
    levels = phrases.listed(f"“{each.label}”" for each in of.levels)
    return f"{task} was graded by “{of.name}”{question}: {levels}, with what earns each said for each item."


def _by_people(of: Material, given: list[Given]) -> Iterator[str]:
    blind = sum(bool(each.blind) for each in given)
    skipped = sum(each.kind == "skip" for each in given)
    practiced = sum(of.rows.practiced().get(id_, 0) for id_ in {each.grader_id for each in given})
    practice = f"after {counted(practiced, 'practice answer')}" if practiced else "without practice"
    yield (
        f"They gave {counted(len(given), 'judgement')} {practice}, {blind:,} of them blind to the names of"
        f" the models, and skipped {skipped:,}; answers in view together: {in_view(given)}; correct answer"
        f" in view: {share(given, 'saw_expected')}."
    )
    ids = {each.grader_id for each in given}
    judging = [
        each
        for each in of.rows.sessions()
        if each.grader_id in ids and each.mode not in ("practice", "import")
    ]
    if judging:
        yield f"The order was {order(judging, given)}."


def _figures(of: Material) -> Iterator[str]:
    if not of.results.kinds:
        return
    yield f"{AGGREGATED} {intervals(of.results.seed)} {COMPARED}"
    for kind in of.results.kinds:
        for criterion in kind.criteria:
            if criterion.is_primary and criterion.comparison and criterion.comparison.is_tested:
                pairs = len(criterion.comparison.differences)
                found = sum(each.is_significant for each in criterion.comparison.differences)
                yield f"{phrases.KINDS[kind.kind]}: {found} of {counted(pairs, 'pair')} of models differ."


def _agreement(of: Material) -> Iterator[str]:
    for kind in of.results.kinds:
        for told in agreements(kind.agreement):
            yield f"{told[:1].upper()}{told[1:]}."


def _looks(of: Material) -> Iterator[str]:
    later = [
        each for each in of.all_given() if each.occasion in ("after_check", "after_reveal", "after_others")
    ]
    yield f"{counted(len(later), 'judgement')} given after a check, a reveal or others' are in no figure."
    looks = len(of.results.looks)
    yield f"Results were looked at {counted(looks, 'time')} before the end of a session."
    yield (
        f"This describes these {counted(len(of.items), 'item')}; the intervals hold if they were drawn by"
        " lot from items like them [whether they were]."
    )
