"""Ids that sort by time, and the time."""

from __future__ import annotations

import os
import threading
import time
import uuid
from datetime import UTC, datetime

_COUNTER_BITS = 42
_TAIL_BITS = 32

_NAMESPACE = uuid.UUID("0a4f7c1e-6f0d-5b7e-9d53-1f3c7a2e8b64")

_lock = threading.Lock()
_last = 0


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def new_id() -> str:
    """A UUIDv7 (RFC 9562), greater than every id this process gave before, even if the clock goes back.

    After 48 bits of milliseconds come 42 bits that count on within a millisecond and 32 random bits, which
    keep two processes apart.
    """
    global _last
    with _lock:
        # Half of the counter stays free, so that counting on rarely runs into the next millisecond.
        fresh = time.time_ns() // 1_000_000 << _COUNTER_BITS | _random(_COUNTER_BITS - 1)
        _last = max(fresh, _last + 1)
        count = _last
    milliseconds, counter = count >> _COUNTER_BITS, count & (1 << _COUNTER_BITS) - 1
    rand_a, rand_b = counter >> 30, counter & (1 << 30) - 1
    value = milliseconds << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b << _TAIL_BITS
    return str(uuid.UUID(int=value | _random(_TAIL_BITS)))


def id_of(*names: str) -> str:
    """A UUIDv5 (RFC 9562) of the names: the same on every machine."""
    return str(uuid.uuid5(_NAMESPACE, "\n".join(names)))


def _random(bits: int) -> int:
    return int.from_bytes(os.urandom(8), "big") >> 64 - bits
