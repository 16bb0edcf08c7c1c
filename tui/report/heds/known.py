"""What the database answers of the datasheet's questions about systems, sample and design."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tui.report.sections.graders import in_view, share
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.report.material import Material
    from tui.store.report_rows import Given


def known(of: Material) -> Iterator[tuple[str, str]]:
    """Numbers of questions with answers as a person would write them."""
    people = [each for each in of.all_given() if each.grader_kind == "person"]
    yield "2.1", f"Text: other: {_input(of)}"
    yield "2.2", "Text: other: what a model writes in answer to a prompt, as plain text of any length"
    if outputs := _outputs(of, people):
        yield "3.1.1", outputs
    if people:
        yield "3.2.1", str(len({each.grader_id for each in people}))
        yield "3.3.2", _medium(of)
        yield "3.3.4.2", _seen(people)


def _input(of: Material) -> str:
    items = len(of.items)
    with_input = sum(bool(each.item.prompt.input) for each in of.items)
    also = f", {with_input:,} of them with a text to work on" if with_input else ""
    return f"prompts, {counted(items, 'instruction')} in natural language{also}"


def _outputs(of: Material, people: Sequence[Given]) -> str:
    """Of each model that is named; those of blind sessions come after the reveal."""
    judged = {id_ for each in people for id_ in (each.response_id, each.other_response_id)}
    counts: Counter[str] = Counter()
    for key, count in of.rows.wrote(judged):
        counts[of.labels.get(key, key[0])] += count
    hidden = "; more after the reveal" if counts and of.blind else ""
    if len(set(counts.values())) == 1:
        return f"{next(iter(counts.values()))}{hidden}"
    return ", ".join(f"{model} {count:,}" for model, count in sorted(counts.items())) + hidden


def _medium(of: Material) -> str:
    return (
        "A full-screen program in a terminal, or lines of text there, by keyboard: llm-grader"
        f" {of.circumstances.app_version}. Each judgement is stored as it is given."
    )


def _seen(people: Sequence[Given]) -> str:
    blind = sum(bool(each.blind) for each in people)
    return (
        "The prompt with its input, the task's guidelines, the question with its levels and what earns each,"
        f" and the answers as they were generated. In view together: {in_view(people)}. Correct answer in"
        f" view: {share(people, 'saw_expected')}. A check's verdict in view: {share(people, 'saw_check')}."
        f" Others' judgements in view: {share(people, 'saw_peers')}. Names of the models, speed, length and"
        f" order of arrival hidden: {blind:,} of {len(people):,}."
    )
