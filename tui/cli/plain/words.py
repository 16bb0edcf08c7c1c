"""A sheet, its answers and their criteria as lines of text, safe to print."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tui.grading.compared import SIDES
from tui.grading.decisions import Grade
from tui.grading.letters import letter
from tui.text import safe, safe_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.catalogue.item import Item
    from tui.catalogue.rubric import Level, Rubric
    from tui.grading.as_given import Lesson
    from tui.grading.decisions import Skip
    from tui.grading.events import Event
    from tui.grading.history import Entry
    from tui.grading.judged import Given
    from tui.grading.overview import Progress
    from tui.grading.sheet import Known, Sheet, Slot

SKIPPED = "skipped"
EMPTY = "It is empty: there is nothing to read in it."
CUT_OFF = "It was cut off: it had reached the most that it may have."
STOPPED = "It was stopped before its end."


def item_title(item: Item) -> str:
    return safe_line(f"{item.task.title} {item.prompt.number}, {item.prompt.title}")


def heading_lines(sheet: Sheet, total: int) -> Iterator[str]:
    yield ""
    place = "An item of another session" if sheet.place is None else f"Item {sheet.place + 1} of {total}"
    yield f"{place}: {item_title(sheet.item)}"


def prompt_lines(item: Item) -> Iterator[str]:
    yield from titled("Prompt", item.prompt.text)
    yield from titled("Input", item.prompt.input)


def expected_lines(item: Item) -> Iterator[str]:
    yield from titled("Correct answer", item.prompt.expected)


def titled(title: str, text: str) -> Iterator[str]:
    """A text of one line stands behind its title, a longer one below it."""
    if lines := safe(text.strip("\n")).split("\n") if text.strip() else []:
        first, *others = lines
        yield f"{title}: {first}" if not others else f"{title}, {len(lines)} lines:"
        yield from lines if others else ()


def guideline_lines(item: Item) -> Iterator[str]:
    """What every answer of the task is judged by."""
    yield f"Guidelines of {safe_line(item.task.title)}:"
    yield from safe(item.task.description.strip("\n")).split("\n") if item.task.description.strip() else ()
    for place in range(len(item.standard.criteria)):
        yield from criterion_lines(item.standard, place, has_keys=item.standard == item.rubric)


def criterion_lines(
    rubric: Rubric, place: int, letters: Sequence[str] = (), *, has_keys: bool = True
) -> Iterator[str]:
    """A criterion's question and its levels; `letters` are those that give a level besides its digit, where
    these levels are given by keys."""
    criterion, count = rubric.criteria[place], len(rubric.criteria)
    question = safe_line(criterion.question)
    if count > 1:
        yield f"Criterion {place + 1} of {count}, {criterion.name}: {question}"
    elif question:
        yield question
    for number, level in enumerate(criterion.levels, 1):
        line = _level_line(number, level, letters)
        yield line if has_keys else f"{level.label}: {safe_line(level.anchor)}"


def _level_line(number: int, level: Level, letters: Sequence[str]) -> str:
    key = f" or {level.key}" if level.key and level.key in letters else ""
    return f"{number % 10}{key} {level.label}: {safe_line(level.anchor)}"


def answer_lines(slot: Slot, position: int, count: int, rubric: Rubric) -> Iterator[str]:
    name = f"the {SIDES[position]} answer" if slot.compared else f"answer {letter(position)}"
    yield ""
    yield safe_line(slot.label) if slot.compared else _answer_line(slot, position, count)
    yield from state_lines(slot)
    yield from standing_lines(slot, rubric)
    yield from text_lines(slot.text)
    yield f"End of {name}."


def _answer_line(slot: Slot, position: int, count: int) -> str:
    author = f": {safe_line(slot.label)}" if slot.known else ""
    return f"Answer {letter(position)} of {count}{author}"


def text_lines(text: str) -> Iterator[str]:
    """A text below the number of its lines; nothing for one that has none."""
    lines = safe(text).strip("\n").split("\n") if text.strip() else []
    if lines:
        yield "1 line:" if len(lines) == 1 else f"{len(lines)} lines:"
        yield from lines


def state_lines(slot: Slot) -> Iterator[str]:
    """What there is to know of an answer before it is read."""
    if slot.samples > 1:
        yield f"Sample {slot.sample} of {slot.samples}."
    yield from (f"Remark: {safe_line(remark)}" for remark in slot.remarks)
    known = slot.known
    yield from (f"Warning: {safe_line(each)}" for each in (known.warnings if known else ()))
    if slot.phase == "failed":
        yield f"It failed: {safe_line(slot.error)}"
    elif slot.phase == "stopped":
        yield STOPPED
    elif slot.cut_off:
        yield CUT_OFF
    if slot.phase != "failed" and not slot.text.strip():
        yield EMPTY


def standing_lines(slot: Slot, rubric: Rubric) -> Iterator[str]:
    """What this grader has said of an answer so far."""
    given = [
        f"{criterion.name} {given_words(of)}" if len(rubric.criteria) > 1 else given_words(of)
        for criterion, of in zip(rubric.criteria, slot.givens, strict=True)
        if of is not None
    ]
    if given:
        yield f"Given: {', '.join(given)}."
    if slot.note:
        yield f"Note: {safe_line(slot.note)}"
    if slot.flag:
        yield f"Flag: {safe_line(slot.flag)}"


def given_words(given: Given) -> str:
    return given.level or SKIPPED


def decision_words(decision: Grade | Skip, name: str, criterion: str) -> str:
    """`criterion` is empty where there is one only."""
    subject = f"{name}, {criterion}" if criterion else name
    return f"{subject}: {decision.level.label if isinstance(decision, Grade) else SKIPPED}."


def lesson_lines(lesson: Lesson) -> Iterator[str]:
    """What a practice answer is given, and why."""
    yield from map(safe_line, lesson.lines)
    yield from titled("Why", lesson.reason)


def progress_words(progress: Progress | None, what: str = "answers", verb: str = "graded") -> str:
    if progress is None:
        return ""
    left = progress.total - progress.judged
    return f"{progress.judged:,} of {progress.total:,} {what} are {verb}, {left:,} are left."


def parting_words(progress: Progress | None, again: str, what: str = "answers", verb: str = "graded") -> str:
    done = progress is not None and progress.judged == progress.total
    goes_on = "" if done else f" {again} goes on there."
    return f"{progress_words(progress, what, verb)} Everything is saved.{goes_on}".strip()


def count_words(count: int) -> str:
    return "1 answer." if count == 1 else f"{count} answers."


def detail_lines(item: Item, slot: Slot) -> Iterator[str]:
    """The prompt once more, and what is known of an answer."""
    yield item_title(item)
    yield from prompt_lines(item)
    if slot.known:
        yield f"This answer: {safe_line(slot.label)}"
        yield from map(safe_line, known_lines(slot.known))


def event_line(event: Event) -> str:
    """Something that this grader did with an answer, and what became of it."""
    said = " ".join(filter(None, (event.kind, event.criterion, event.level, event.text)))
    became = f", {event.standing}" if event.standing else ""
    return safe_line(f"{moment_words(event.at)}: {said}{became}")


def entry_line(number: int, entry: Entry) -> str:
    """A line of the history."""
    given = [words if len(entry.givens) == 1 else f"{name} {words}" for name, words in _of_givens(entry)]
    said = {"note": entry.judged.note, "flag": entry.judged.flag}
    parts = [", ".join(given), *(f"{name}: {text}" for name, text in said.items() if text)]
    sample = f", sample {entry.sample}" if entry.sample > 1 else ""
    when = f", {moment_words(entry.decided_at)}" if entry.decided_at else ""
    subject = f"{number}. {entry.item} {entry.title}, {entry.model}{sample}{when}"
    return safe_line(f"{subject}: {'; '.join(filter(None, parts)) or 'open'}")


def _of_givens(entry: Entry) -> Iterator[tuple[str, str]]:
    yield from ((name, given_words(given)) for name, given in entry.givens)


def moment_words(moment: str) -> str:
    """A stored time by the person's clock, to the minute."""
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}"


def known_lines(known: Known) -> Iterator[str]:
    author, response = known.author, known.response
    yield from (f"{name}: {text}" for name, text in author._asdict().items() if name != "title" and text)
    if response is None:
        return
    if known.names_itself:
        yield "names itself: it says which model or maker it is of"
    facts = {
        "weights sha256": response.weights_sha256,
        "sampling": response.sampling,
        "seed": response.seed,
        "finish reason": response.finish_reason,
        "prompt tokens": response.prompt_tokens,
        "answer tokens": response.tokens,
    }
    yield from (f"{name}: {'not known' if fact is None else fact}" for name, fact in facts.items())
