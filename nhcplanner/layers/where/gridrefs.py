"""Grid references: SK 857 086 as metres on the British National Grid."""

from __future__ import annotations

import re

REFERENCE = re.compile(r"([A-HJ-Z])([A-HJ-Z])\s*((?:\d{1,5}\s+\d{1,5})|\d*)", re.IGNORECASE)
LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
FEWEST = 3
"""Digits a side: three name a square of 100 m."""


def metres(text: str) -> tuple[float, float]:
    """Easting and northing of the middle of the square that a grid reference names.

    Parameters
    ----------
    text
        Two letters and two groups of three to five digits.

    Raises
    ------
    ValueError
        For what is no grid reference, or names a square larger than 100 m.

    Examples
    --------
    >>> metres("SK 857 086"), metres("TQ3000080000")
    ((485750.0, 308650.0), (530000.5, 180000.5))
    """
    match = REFERENCE.fullmatch(text.strip())
    if not match:
        raise ValueError("is not a grid reference")
    parts = match[3].split()
    digits = "".join(parts)
    if len(digits) % 2 or (len(parts) == 2 and len(parts[0]) != len(parts[1])):
        raise ValueError("has not as many digits for east as for north")
    side = len(digits) // 2
    if side < FEWEST or side > 5:
        raise ValueError("does not name a square of 100 m or less")
    first, second = (LETTERS.index(letter) for letter in (match[1].upper(), match[2].upper()))
    east = (first - 2) % 5 * 5 + second % 5
    north = 19 - first // 5 * 5 - second // 5
    size = 10 ** (5 - side)
    easting = east * 100_000 + int(digits[:side]) * size + size / 2
    northing = north * 100_000 + int(digits[side:]) * size + size / 2
    if not (easting <= 700_000 and 0 <= northing <= 1_300_000):
        raise ValueError("names no square of the British National Grid")
    return easting, northing
