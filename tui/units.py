"""Amounts of bytes, rates and times in words: decimal, as the Hub's pages have them."""

from __future__ import annotations

MEGABYTE, GIGABYTE = 1_000_000, 1_000_000_000


def amount(count: int) -> str:
    """`512 kB`, `38 MB`, `4.27 GB`."""
    if count >= GIGABYTE:
        return f"{count / GIGABYTE:.2f} GB"
    return f"{count / MEGABYTE:.0f} MB" if count >= 10 * MEGABYTE else f"{count / 1000:,.0f} kB"


def gigabytes(count: int, digits: int | None = None) -> str:
    """The number alone: `26.9`, `0.58`. Without `digits` one, or two of less than a gigabyte."""
    if digits is None:
        digits = 1 if count >= GIGABYTE else 2
    return f"{count / GIGABYTE:.{digits}f}"


def rate(bytes_per_second: float) -> str:
    """`9.5 MB/s`, `112.4 MB/s`."""
    return f"{bytes_per_second / MEGABYTE:.1f} MB/s"


def short_rate(bytes_per_second: float) -> str:
    """A rate in few cells: `9.5 MB/s`, `112 MB/s`."""
    megabytes = bytes_per_second / MEGABYTE
    return f"{megabytes:.{0 if megabytes >= 100 else 1}f} MB/s"


def duration(seconds: float) -> str:
    """`40 s`, `5 min 07 s`, `1 h 20 min`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def short_duration(seconds: float) -> str:
    """A duration in few cells: `40 s`, `5 min`, `1 h 20 min`."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"


def counted(number: int, word: str) -> str:
    """`1 token`, `1,200 tokens`."""
    return f"{number:,} {word}" + "s" * (number != 1)


def minutes(seconds: float) -> str:
    """`1 min` at least, `95 min`."""
    return f"{max(1, round(seconds / 60))} min"
