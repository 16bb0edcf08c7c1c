"""Sizes in words."""

from __future__ import annotations

MEGABYTE, GIGABYTE = 1_000_000, 1_000_000_000


def amount(count: int) -> str:
    """`512 kB`, `38 MB`, `4.27 GB`: decimal, as the Hub's pages have it."""
    if count >= GIGABYTE:
        return f"{count / GIGABYTE:.2f} GB"
    return f"{count / MEGABYTE:.0f} MB" if count >= 10 * MEGABYTE else f"{count / 1000:,.0f} kB"
