"""Ferries: how long a way says that the crossing takes, and so how fast it is."""

from __future__ import annotations

import re

import numpy as np

from nhcplanner.travel.arrays import FloatArray, IntArray
from nhcplanner.travel.rules import FERRY_KMH, Tags, is_ferry

CLOCK = re.compile(r"^(\d{1,3})(?::(\d{2}))?(?::(\d{2}))?$")
SPAN = re.compile(r"^P?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$")


def crossing_minutes(duration: str) -> float | None:
    """Minutes that a ferry's `duration` tag gives; None where it gives none above 0.

    Examples
    --------
    >>> crossing_minutes("00:20"), crossing_minutes("8"), crossing_minutes("PT1H5M")
    (20.0, 8.0, 65.0)
    >>> crossing_minutes("a while") is None
    True
    """
    text = duration.strip().upper()
    clock, span = CLOCK.match(text), SPAN.match(text)
    if clock and clock[2] is None:
        minutes = float(clock[1])
    elif clock or span:
        hours, rest, seconds = (float(part or 0) for part in (clock or span).groups())  # type: ignore[union-attr]
        minutes = 60 * hours + rest + seconds / 60
    else:
        return None
    return minutes if minutes > 0 else None


def with_speeds(
    kind: IntArray, kinds: list[Tags], metres: FloatArray
) -> tuple[IntArray, list[Tags]]:
    """Give each ferry the km/h at which its way takes as long as it says.

    Parameters
    ----------
    kind, kinds
        Position in `kinds` of each way, and the different sets of tags.
    metres
        Length of each way.

    Returns
    -------
    tuple
        The same with a set of tags of its own for each ferry; boarding and waiting not counted.
    """
    kind, kinds = kind.copy(), list(kinds)
    ferries = np.flatnonzero(np.array([is_ferry(tags) for tags in kinds], dtype=bool)[kind])
    for way in ferries:
        tags = kinds[kind[way]]
        minutes = crossing_minutes(tags.get("duration", ""))
        if minutes and metres[way] > 0:
            kind[way] = len(kinds)
            kinds.append(tags | {FERRY_KMH: f"{metres[way] / 1000 / minutes * 60:.6g}"})
    return kind, kinds
