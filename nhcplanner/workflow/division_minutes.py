"""Minutes between areas of a place as sparse and dense matrices, for its division."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from nhcplanner import travel
from nhcplanner.base.arrays import Floats, Ints

FARTHEST = 120.0
"""Minutes to a middle beyond which an area cannot belong to it."""
FEWEST = 0.1
"""Share of middles in reach below which an area counts as cut off from the streets."""


def dense_minutes(minutes: sparse.coo_array, rows: Ints, columns: Ints) -> Floats:
    """Return minutes as dense, inf where none are stored (a stored 0 is zero minutes)."""
    pairs = minutes
    found = np.full((len(rows), len(columns)), np.inf)
    row = pd.Index(rows).get_indexer(pd.Index(pairs.row))
    column = pd.Index(columns).get_indexer(pd.Index(pairs.col))
    inside = row >= 0
    found[row[inside], column[inside]] = pairs.data[inside]
    return found


def joined_minutes(pieces: Sequence[sparse.coo_array], size: int) -> sparse.csr_array:
    """Return the minutes of all parts in one; a sum would drop stored zeros."""
    rows, columns = (np.concatenate([getattr(one, at) for one in pieces]) for at in ("row", "col"))
    data = np.concatenate([one.data for one in pieces])
    return sparse.csr_array((data, (rows, columns)), shape=(size, size))


def with_cut_off(
    measure: travel.Measure, xy: Floats, known: sparse.coo_array, inside: Ints, points: Ints
) -> tuple[sparse.coo_array, Ints]:
    """Return minutes with estimates for areas that are cut off from the streets.

    Their points are tied to a fragment of the streets. Without an estimate they reach no middle,
    and no division of their part has minutes.

    Parameters
    ----------
    measure, xy
        How minutes are measured, and the point of each area in metres (areas x 2).
    known
        Minutes by street, area x area.
    inside, points
        Rows of the part's areas, and of those whose points are middles.

    Returns
    -------
    coo_array, array of int
        Minutes, and rows of the areas of the part that reach fewer than a tenth of the middles.
        None are cut off if all are.
    """
    size = known.shape[0]
    few = np.bincount(known.row, minlength=size)[inside] < FEWEST * len(points)
    if few.all() or not few.any():
        return known, inside[:0]
    cut = inside[few]
    pieces: list[tuple[Floats, Ints, Ints]] = [
        (known.data, known.row.astype(np.int64), known.col.astype(np.int64))
    ]
    old = known.row.astype(np.int64) * size + known.col
    for starts, ends in ((cut, points), (inside[~few], points[np.isin(points, cut)])):
        if len(ends):
            found = travel.estimate(
                xy[starts], xy[ends], measure.mode, FARTHEST, None, measure.profile
            ).minutes.tocoo()
            row, column = starts[found.row], ends[found.col]
            new = ~np.isin(row.astype(np.int64) * size + column, old)
            pieces.append((found.data[new], row[new], column[new]))
    data, rows, columns = (np.concatenate(part) for part in zip(*pieces, strict=True))
    return sparse.coo_array((data, (rows, columns)), shape=known.shape), cut
