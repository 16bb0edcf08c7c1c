"""Places by lot."""

from __future__ import annotations

import hashlib
import secrets

SEEDS = 2**32


def new_seed() -> int:
    return secrets.randbelow(SEEDS)


def drawn(seed: int, *names: str) -> bytes:
    """A place by lot, the same on every machine and whatever else there is: what is stored later, how long it
    is and who was first move none."""
    return hashlib.sha256("\0".join((str(seed), *names)).encode()).digest()
