"""The lines around a view: what it is of, what is under the cursor, and why there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.content import Content

from tui.app.screens.results.cells import whole
from tui.app.screens.results.filters import filter_words
from tui.app.screens.results.models_view import models_lines
from tui.app.screens.results.pairs_view import pairs_lines
from tui.app.screens.results.seconds_view import seconds_lines
from tui.app.screens.results.state import VIEWS
from tui.report.phrases import later
from tui.text import safe_line
from tui.units import counted as counted_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tui.analysis.disagreements import Disagreement
    from tui.analysis.results import KindFigures
    from tui.app.screens.results.loading import Counted
    from tui.app.screens.results.matrix import Place
    from tui.app.screens.results.state import Looked, View

NOTHING: Final = "Nothing is judged yet."
NOTHING_ELSE: Final = "Nothing can be told yet."
NOTHING_OF_THESE: Final = "Nothing of this is judged: f chooses what figures are of."
NONE_DIFFERS: Final = "No answer that you have judged was graded differently."
NO_PAIRS: Final = "There are no figures of pairs."


def bar(counted: Counted | None, looked: Looked) -> tuple[Content, Content]:
    """The views, each with its key, the chosen one told without colour too; and what figures are of."""
    parts = [Content.styled("Results ", "bold")]
    for place, view in enumerate(VIEWS, 1):
        name = f" {place} {view} "
        parts.append(Content.styled(name, "bold reverse") if view == looked.view else Content(name))
    criterion = looked.criterion_of(counted.results) if counted else None
    if counted is None:
        return Content("").join(parts), Content()
    which = [looked.measure, f"by {safe_line(criterion.criterion)}"] if criterion else []
    of = " · ".join([*which, filter_words(counted.results, counted, looked)])
    return Content("").join(parts), Content(of)


def none_words(counted: Counted, looked: Looked) -> str:
    """Why there is nothing in this view; empty where there is something."""
    figures = looked.figures_of(counted.results)
    if figures is None or (looked.criterion_of(counted.results) is None and looked.view != "pairs"):
        why = NOTHING_OF_THESE if looked.filters else NOTHING_ELSE if counted.hidden else NOTHING
    elif looked.view == "pairs" and not figures.preferences:
        why = "\n".join([NO_PAIRS, *later(counted.results.later)])
    elif looked.view == "differing":
        seen, hidden = seen_disagreements(counted, figures)
        why = "" if seen else "\n".join(filter(None, [NONE_DIFFERS, hidden_words(hidden)]))
    else:
        why = ""
    return "\n\n".join([why, *left_out(counted)]) if why else ""


def left_out(counted: Counted) -> Iterable[str]:
    """What blind sessions keep back, whose they are, and how that ends."""
    whose = dict.fromkeys(safe_line(each.grader) for each in counted.hidden)
    if whose:
        yield (
            f"Left out is what {', '.join(whose)} judges blind: figures of it come after the reveal,"
            " B in that session."
        )


def at_words(view: View, place: Place | None) -> str:
    """The item and the model under the cursor, whole."""
    if view != "matrix" or place is None:
        return ""
    return safe_line(f"{place.item.name} {place.item.title} · {place.model}")


def said_words(counted: Counted | None, looked: Looked, place: Place | None) -> str:
    """What its answers were given, and the model's total; of other views what is left out."""
    if counted is None:
        return ""
    figures, criterion = looked.figures_of(counted.results), looked.criterion_of(counted.results)
    if looked.view == "matrix" and place and criterion:
        return whole(place.cell, counted.judged_by(criterion.criterion))
    if looked.view == "differing" and figures:
        return hidden_words(seen_disagreements(counted, figures)[1])
    return " ".join(left_out(counted))


def seen_disagreements(counted: Counted, figures: KindFigures) -> tuple[list[Disagreement], int]:
    """Those on answers that the reader has judged, and how many others there are."""
    seen = [each for each in figures.disagreements if each.response_id in counted.judged_by(each.criterion)]
    return seen, len(figures.disagreements) - len(seen)


def hidden_words(count: int) -> str:
    if not count:
        return ""
    return f"{counted_words(count, 'answer')} more that you have not judged: shown once you have."


def text_lines(counted: Counted, looked: Looked) -> Callable[[int], Iterable[Content]]:
    """The lines of a view that is a text, for so many cells."""
    results = counted.results
    figures, criterion = looked.figures_of(results), looked.criterion_of(results)

    def lines(width: int) -> Iterable[Content]:
        if looked.view == "models" and criterion:
            judged = counted.judged_by(criterion.criterion)
            return models_lines(criterion, results, looked.measure, width, judged)
        if figures is None:
            return ()
        if looked.view == "pairs":
            return pairs_lines(figures.preferences, width)
        return seconds_lines(figures, width)

    return lines
