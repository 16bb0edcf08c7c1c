"""A paragraph on methods, ready for a paper. What nobody but its author knows stands in brackets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.analysis.results import PRIMARY
from tui.report import phrases
from tui.report.agreement_words import agreements
from tui.report.sections.asked import share_rubric
from tui.report.sections.graders import counts, in_view, order, share
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

EXPLORATORY: Final = "Differences of models are exploratory, without a test."
WINS: Final = (
    "For each two models the share of wins: a win is 1, a loss 0, equal and both bad a half to both, averaged"
    " within items, then over items. From four models on, strengths by Bradley and Terry."
)
WINS_COMPARED: Final = (
    "Shares of wins and strengths with intervals of 95 % by the Bayesian bootstrap over items with one prior"
    " item; models are above one another where the difference of strengths stands out among all of them. No"
    " test."
)


def intervals(seed: int) -> str:
    return (
        "Intervals are 95 %: Wilson's where every item has one judgement, else the Bayesian bootstrap over"
        f" items with one prior item (10,000 draws, seed {seed})."
    )


def methods(of: Material) -> str:
    """Every sentence, in the order in which reviewers ask."""
    parts = (_asked, _answered, _judged, _rubrics, _figures, _agreement, _looks, _limits)
    return " ".join(sentence for part in parts for sentence in part(of))


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
    most = max(each.samples for each in models)
    samples = counted(most, "sample")
    if any(each.samples < most for each in models):
        samples = f"up to {samples}"
    yield (
        f"{counted(len(models), 'model')} answered ({names}; origin {classes}), with {samples} an item;"
        " weights, templates, sampling and seeds are listed in the report."
    )


def _answered(of: Material) -> Iterator[str]:
    """What became of the answers."""
    names = ("answers", "empty", "at_limit", "failed", "cancelled", "asked_otherwise")
    sums = {name: sum(getattr(each, name) for each in of.results.answered) for name in names}
    if sums["answers"]:
        yield (
            f"Of {counted(sums['answers'], 'answer')} {sums['empty']} were empty, {sums['at_limit']} ran to"
            f" their limit, {sums['failed']} failed, {sums['cancelled']} were stopped, and"
            f" {sums['asked_otherwise']} answer another question and are in no model's figure."
        )


def _judged(of: Material) -> Iterator[str]:
    given = list(of.all_given())
    for kind in ("person", "model", "report"):
        own = [each for each in given if each.grader_kind == kind]
        graders = len({each.grader_id for each in own})
        if kind == "person" and own:
            yield f"{counted(graders, 'grader')} [their relation to the authors] gave {counts(own)}."
            yield from _by_people(of, own)
        elif own:
            yield f"{phrases.KINDS[kind]} as graders, never mixed with others: {graders}, {counts(own)}."


def _by_people(of: Material, given: list[Given]) -> Iterator[str]:
    blind = sum(bool(each.blind) for each in given)
    ids = {each.grader_id for each in given}
    practiced = sum(of.rows.practiced().get(id_, 0) for id_ in ids)
    practice = f"after {counted(practiced, 'practice answer')}" if practiced else "without practice"
    yield (
        f"They judged {practice}, {blind:,} of {len(given):,} times blind to the names of the models;"
        f" answers in view together: {in_view(given)};"
        f" correct answer in view: {share(given, 'saw_expected')}."
    )
    sessions = [each for each in of.rows.sessions() if each.grader_id in ids]
    if judging := [each for each in sessions if each.mode not in ("practice", "import")]:
        yield f"The order was {order(judging, given)}."


def _rubrics(of: Material) -> Iterator[str]:
    """Tasks that are graded alike in one sentence."""
    alike: dict[str, list[str]] = {}
    for items in of.tasks.values():
        for criterion in items[-1].item.rubric.criteria:
            asked = _criterion(criterion, is_shared=share_rubric(items))
            alike.setdefault(asked, []).append(items[-1].item.task.title)
    for asked, tasks in alike.items():
        yield f"{phrases.listed(tasks)}: graded by {asked}."


def _criterion(of: Criterion, *, is_shared: bool) -> str:
    question = f", “{of.question}”" if of.question else ""
    if is_shared:
        levels = "; ".join(f"“{each.label}” ({each.anchor})" for each in of.levels)
        return f"“{of.name}”{question}: {levels}"
    levels = phrases.listed(f"“{each.label}”" for each in of.levels)
    return f"“{of.name}”{question}: {levels}, with what earns each said for each item"


def _figures(of: Material) -> Iterator[str]:
    kinds = of.results.kinds
    comparisons = [
        (kind.kind, each.comparison) for kind in kinds for each in kind.criteria if each.comparison
    ]
    if any(kind.criteria for kind in kinds):
        yield f"{AGGREGATED} {intervals(of.results.seed)}"
    if comparisons:
        yield COMPARED if any(each.is_tested for _, each in comparisons) else EXPLORATORY
    for kind, comparison in comparisons:
        if pairs := len(comparison.differences) if comparison.is_tested else 0:
            found = sum(each.is_significant for each in comparison.differences)
            can = f"{found} of {counted(pairs, 'pair')} of models can be told apart"
            yield f"{phrases.KINDS[kind]}: {can}."
    if any(kind.preferences for kind in kinds):
        yield f"Answers were also judged in pairs. {WINS} {WINS_COMPARED}"


def _agreement(of: Material) -> Iterator[str]:
    for kind in of.results.kinds:
        yield from (f"{told}." for told in agreements(kind.agreement))


def _looks(of: Material) -> Iterator[str]:
    after = ("after_check", "after_reveal", "after_others")
    later = sum(each.occasion in after for each in of.all_given())
    yield f"Judgements after a check, a reveal or others' ({later:,}) are in no figure."
    yield f"Looks at results before the end of a session: {sum(each.is_early for each in of.results.looks)}."


def _limits(of: Material) -> Iterator[str]:
    yield (
        f"This describes these {counted(len(of.items), 'item')}; the intervals hold if they were drawn by"
        " lot from items like them [whether they were]."
    )
