"""The plan of a generation: models by items by samples, less what the store already holds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.engines.target import LocalTarget
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
    def target(self) -> LocalTarget:
        """The target of requests for its answers."""
        return LocalTarget(
            self.weights.path,
            adapter_path=self.weights.adapter_path,
            tokenizer_pre=self.weights.source.tokenizer_pre,
            context_length=self.model.context_length,
            model=self.model,
            source=self.weights.source,
        )

    @property
    def config_hash(self) -> str:
        """The model's, with a pre-tokenizer that replaces the file's: that changes the answers too."""
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
