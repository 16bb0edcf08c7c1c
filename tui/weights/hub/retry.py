"""The retry policy: whether to try again, and after how long a pause."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.weights.errors import ConnectionLostError

if TYPE_CHECKING:
    from tui.weights.control import Patience


@dataclass(slots=True)
class Tries:
    patience: Patience
    _count: int = 0
    _furthest: int = field(default=0)

    def pause_after(self, error: ConnectionLostError, reached: int = 0) -> float:
        """Seconds to wait before the next try, `reached` bytes being here. Raises `error` after the last."""
        if reached >= self._furthest + self.patience.progress:
            self._count, self._furthest = 0, reached
        self._count += 1
        if self._count >= self.patience.tries:
            raise error
        if error.retry_after is None:
            return min(self.patience.first_pause * 2.0 ** (self._count - 1), self.patience.longest_pause)
        if error.retry_after > self.patience.longest_request:
            raise ConnectionLostError(
                f"{error}, and asks to wait {error.retry_after / 60:.0f} min"
            ) from error
        return error.retry_after
