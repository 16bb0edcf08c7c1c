"""A wish to end the decode that is running, raised by one thread and seen by C code in another."""

from __future__ import annotations

import ctypes

_RAISED, _LOWERED = b"\x01", b"\x00"


class Interruption:
    """One byte, so that llama.cpp can look at it hundreds of times per token without calling Python."""

    def __init__(self) -> None:
        self._byte = ctypes.create_string_buffer(_LOWERED, 2)

    def __bool__(self) -> bool:
        return bool(self._byte[0] == _RAISED)

    @property
    def address(self) -> int:
        """The address of a C string: empty, or of one character while this is raised."""
        return ctypes.addressof(self._byte)

    def put(self, raised: bool) -> None:
        self._byte[0] = _RAISED if raised else _LOWERED
