"""Ages: bands made of single years or of published bands, where these fit exactly."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

OLDEST = 200
BANDS = {
    "people_0_15": (0, 15),
    "people_16_64": (16, 64),
    "people_65_84": (65, 84),
    "people_85_plus": (85, OLDEST),
}
"""The schema's age bands: first and last year."""

WORDS = (
    (r"aged (\d+) years? and over", lambda a: (a, OLDEST)),
    (r"aged (\d+) years? and under", lambda a: (0, a)),
    (r"aged under (\d+) years?", lambda a: (0, a - 1)),
    (r"aged (\d+) to (\d+) years?", lambda a, b: (a, b)),
    (r"aged (\d+) years?", lambda a: (a, a)),
)


def span(label: str) -> tuple[int, int] | None:
    """First and last year of a published age band; None where it is none.

    Examples
    --------
    >>> span("Aged 5 to 9 years"), span("Aged under 1 year"), span("Total")
    ((5, 9), (0, 0), None)
    """
    for pattern, years in WORDS:
        found = re.fullmatch(pattern, label.strip().lower())
        if found:
            return years(*map(int, found.groups()))
    return None


def banded(counts: pd.DataFrame, spans: Mapping[str, tuple[int, int]]) -> pd.DataFrame:
    """Sum published ages to the schema's bands.

    Parameters
    ----------
    counts
        A row an area, a column for each published age, people.
    spans
        Column -> its first and last year.

    Returns
    -------
    DataFrame
        Same index; those of `BANDS` that the published ages fill exactly, none by guess.
    """
    bands = {}
    for band, (low, high) in BANDS.items():
        inside = {c: (a, b) for c, (a, b) in spans.items() if low <= a and b <= high}
        if _fills(sorted(inside.values()), low, high):
            bands[band] = counts[list(inside)].sum(axis=1, skipna=False)
    return pd.DataFrame(bands, index=counts.index)


def _fills(spans: list[tuple[int, int]], low: int, high: int) -> bool:
    """True where spans follow each other without a hole from the first year to the last."""
    at = low
    for first, last in spans:
        if first != at:
            return False
        at = last + 1
    return at == high + 1
