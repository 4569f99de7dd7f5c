"""Quality of footprints: people, pieces, minutes to the middle, borders that they cross."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from nhcplanner.base.arrays import Ints
from nhcplanner.domain.neighbourhoods import Bounds


def footprints(
    areas: pd.DataFrame, contact: sparse.csr_array, minutes: sparse.csr_array, bounds: Bounds,
    borders: Sequence[str] = (),
) -> pd.DataFrame:  # fmt: skip
    """Return one row per neighbourhood, by name.

    Parameters
    ----------
    areas
        One row per area, with `neighbourhood`, `people`, `area_code`, `block` and `borders`.
    contact, minutes
        CSR, area x area, as in `Division`.
    bounds
        What was asked for.
    borders
        Columns of `areas` whose borders are counted, such as `district_code`.

    Returns
    -------
    DataFrame
        `neighbourhood`, `people`, `areas`, `in_bounds`, `pieces` (1 = contiguous), `middle` (code
        of its area), `minutes` (mean of its people to the middle), `farthest` (the largest of an
        area), `split_blocks` (blocks that lie in several neighbourhoods), and `crosses_...` for
        each of `borders`: labels beyond the first.
    """
    names = sorted(set(areas["neighbourhood"]))
    label = pd.Index(names).get_indexer(areas["neighbourhood"]).astype(np.int64)
    middle, mean, far = middles(label, areas["people"].to_numpy(dtype=float), minutes, len(names))
    people = np.bincount(label, weights=areas["people"], minlength=len(names)).round()
    shared = areas.groupby("block")["neighbourhood"].transform("nunique") > 1
    codes = areas["area_code"].to_numpy()
    found = {
        "neighbourhood": names,
        "people": people.astype(np.int64),
        "areas": np.bincount(label, minlength=len(names)),
        "in_bounds": [bounds.keeps(one) for one in people],
        "pieces": pieces(label, contact, len(names)),
        "middle": [codes[row] if row >= 0 else None for row in middle],
        "minutes": mean,
        "farthest": far,
        "split_blocks": [
            int(areas.loc[shared & (label == one), "block"].nunique()) for one in range(len(names))
        ],
    }
    for column in borders:
        by_name = areas.groupby("neighbourhood")[column].nunique()
        found[f"crosses_{column}"] = (by_name.reindex(names).to_numpy() - 1).clip(min=0)
    return pd.DataFrame(found)


def pieces(label: Ints, contact: sparse.csr_array, number: int) -> Ints:
    """Return the number of contiguous pieces of each footprint."""
    pairs = sparse.coo_array(contact)
    same = label[pairs.row] == label[pairs.col]
    inside = sparse.csr_array(
        (np.ones(int(same.sum())), (pairs.row[same], pairs.col[same])), shape=pairs.shape
    )
    _, piece = connected_components(inside, directed=False)
    each = np.unique(np.column_stack([label, piece]), axis=0)
    return np.bincount(each[:, 0], minlength=number).astype(np.int64)


def middles(
    label: Ints, people: np.ndarray, minutes: sparse.csr_array, number: int
) -> tuple[Ints, np.ndarray, np.ndarray]:
    """Return the best middle of each footprint, and the mean and largest minutes to it.

    Returns
    -------
    middle
        Row of its area; -1 = none that all people reach.
    mean, far
        Minutes of its people, and of its farthest area with people; NaN = none.
    """
    pairs = sparse.coo_array(minutes)
    inside = label[pairs.row] == label[pairs.col]
    row, point, value = pairs.row[inside], pairs.col[inside], pairs.data[inside].astype(float)
    size = len(people)
    spent = np.bincount(point, weights=people[row] * value, minlength=size)
    reached = np.bincount(point, weights=people[row], minlength=size)
    wanted = np.bincount(label, weights=people, minlength=number)
    is_point = np.bincount(point, minlength=size) > 0
    fits = is_point & (reached >= wanted[label] - 0.5)
    middle = np.full(number, -1, dtype=np.int64)
    mean, far = np.full(number, np.nan), np.full(number, np.nan)
    order = np.lexsort((np.arange(size), spent, label))
    order = order[fits[order]]
    first = order[np.unique(label[order], return_index=True)[1]]
    middle[label[first]] = first
    counted = wanted[label[first]]
    mean[label[first]] = np.divide(
        spent[first], counted, out=np.zeros(len(first)), where=counted > 0
    )
    to_middle = (point == middle[label[row]]) & (people[row] > 0)
    largest = np.full(number, -np.inf)
    np.maximum.at(largest, label[row[to_middle]], value[to_middle])
    far[np.isfinite(largest)] = largest[np.isfinite(largest)]
    return middle, mean, far
