"""What of the results is looked at: kept while the program runs, so that a look comes back to its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from tui.analysis.judged import MEASURES
from tui.analysis.results import Filters

if TYPE_CHECKING:
    from tui.analysis.judged import Measure
    from tui.analysis.results import CriterionFigures, KindFigures, Results
    from tui.store.judgement_records import GraderKind

View = Literal["matrix", "models", "pairs", "differing", "seconds"]
VIEWS: Final[tuple[View, ...]] = ("matrix", "models", "pairs", "differing", "seconds")


@dataclass
class Looked:
    view: View = "matrix"
    measure: Measure = "strict"
    kind: GraderKind | None = None
    """None before one was chosen: the first that judged."""
    criterion: str | None = None
    filters: Filters = field(default_factory=Filters)
    cursor: tuple[str, str] | None = None
    """The prompt hash and the model of a cell."""
    place: int = 0
    """Of the disagreement under the cursor."""

    def next_measure(self) -> None:
        self.measure = MEASURES[(MEASURES.index(self.measure) + 1) % len(MEASURES)]

    def step_view(self, step: int) -> None:
        self.view = VIEWS[(VIEWS.index(self.view) + step) % len(VIEWS)]

    def step_criterion(self, of: Results, step: int) -> None:
        """Go to another criterion, around the corner."""
        kind, criterion = self.figures_of(of), self.criterion_of(of)
        if kind is not None and criterion is not None:
            names = [each.criterion for each in kind.criteria]
            self.criterion = names[(names.index(criterion.criterion) + step) % len(names)]

    def figures_of(self, of: Results) -> KindFigures | None:
        """Those of the graders that are looked at; None where nobody judged."""
        kinds = {each.kind: each for each in of.kinds}
        return kinds.get(self.kind) if self.kind in kinds else next(iter(of.kinds), None)

    def criterion_of(self, of: Results) -> CriterionFigures | None:
        """The criterion that is looked at; first the main one."""
        kind = self.figures_of(of)
        if kind is None:
            return None
        names = {each.criterion: each for each in kind.criteria}
        if self.criterion in names:
            return names[self.criterion]
        return next((each for each in kind.criteria if each.is_primary), None)
