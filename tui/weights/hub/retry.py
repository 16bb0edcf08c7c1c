"""The retry policy: how long a fetch waits, and how often it tries again."""

from __future__ import annotations

from dataclasses import dataclass, field

from tui.weights.errors import ConnectionLostError


@dataclass(frozen=True, slots=True)
class Patience:
    """Times in seconds.

    In every `silence` at least `trickle` bytes must come, else the connection counts as lost: a server that
    sends a byte now and then is as good as none. `tries` are counted since the last `progress` bytes.
    """

    silence: float = 30.0
    trickle: int = 16_384
    metadata: float = 30.0
    tries: int = 8
    progress: int = 1_000_000
    first_pause: float = 1.0
    longest_pause: float = 30.0
    longest_request: float = 300.0
    """The longest Retry-After that is waited for."""


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
