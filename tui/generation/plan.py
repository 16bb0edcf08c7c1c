"""What is to be generated: models by items by samples, less what the store already holds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.store.records import ResponseKey

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from tui.catalogue.item import Item
    from tui.catalogue.model import Model
    from tui.generation.fingerprint import Fingerprint
    from tui.weights.files.locate import LocalWeights


@dataclass(frozen=True)
class RunnableModel:
    """A model that can run here."""

    model: Model
    weights: LocalWeights

    @property
    def config_hash(self) -> str:
        """The model's, with the pre-tokenizer where the file is told one: that changes the answers too."""
        override = self.weights.source.tokenizer_pre
        if not override:
            return self.model.config_hash
        return hashlib.sha256(f"{self.model.config_hash} {override}".encode()).hexdigest()


@dataclass(frozen=True)
class PlannedResponse:
    runnable: RunnableModel
    item: Item
    sample: int = 1
    base_seed: int = 0

    @property
    def seed(self) -> int:
        """Each sample has its own seed, and the same one on every machine."""
        return self.base_seed + self.sample - 1

    def key(self, fingerprint: Fingerprint) -> ResponseKey:
        return ResponseKey(
            task=self.item.task.name,
            prompt_hash=self.item.prompt.content_hash,
            model=self.runnable.model.name,
            model_config_hash=self.runnable.config_hash,
            origin=fingerprint.origin,
            sample=self.sample,
            seed=self.seed,
        )


def plan(
    runnable_models: Iterable[RunnableModel],
    items: Collection[Item],
    *,
    samples: int = 1,
    base_seed: int = 0,
) -> Iterator[PlannedResponse]:
    """Model by model, in the order given."""
    for runnable in runnable_models:
        for item in items:
            for sample in range(1, samples + 1):
                yield PlannedResponse(runnable, item, sample, base_seed)
