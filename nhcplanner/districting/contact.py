"""Contact of areas: which areas touch, links between separate pieces, and tables of footprints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import sparse, spatial
from scipy.sparse.csgraph import connected_components

from nhcplanner.base.arrays import Floats, Ints
from nhcplanner.domain.neighbourhoods import Bounds

LEAST_BORDER_M = 10.0
"""Shorter shared borders are corners."""
GAP_M = 5.0
"""Largest gap in metres between polygons that touch, as hand-drawn polygons have gaps."""


@dataclass(frozen=True, eq=False)
class Contact:
    """Pairs of areas that touch, each pair once, with the length of their border.

    Parameters
    ----------
    first, second
        Rows of the areas, first < second.
    metres
        Length of the shared border; 0 for links.
    """

    first: Ints
    second: Ints
    metres: Floats

    def matrix(self, areas: int) -> sparse.csr_array:
        """Return contact as a symmetric CSR, area x area."""
        rows, columns = np.r_[self.first, self.second], np.r_[self.second, self.first]
        flags = np.ones(len(rows), dtype=np.int8)
        matrix = sparse.csr_array((flags, (rows, columns)), shape=(areas, areas))
        matrix.sum_duplicates()
        matrix.data[:] = 1
        return matrix

    def without(self, cut: np.ndarray) -> Contact:
        """Return the pairs without those flagged in `cut`."""
        return Contact(self.first[~cut], self.second[~cut], self.metres[~cut])

    def with_pairs(self, other: Contact) -> Contact:
        """Return the pairs of both."""
        return Contact(
            np.r_[self.first, other.first],
            np.r_[self.second, other.second],
            np.r_[self.metres, other.metres],
        )


def find_contacts(areas: gpd.GeoDataFrame) -> Contact:
    """Return the pairs of areas that share a border of ten metres or more.

    Shapes clipped to the coast do not touch across an estuary, even where a bridge crosses it.
    If areas are points, neighbours in their Delaunay triangulation touch.
    """
    shapes = areas.geometry.to_numpy()
    if not set(areas.geom_type) <= {"Polygon", "MultiPolygon"}:
        return _between_points(shapely.get_coordinates(shapely.centroid(shapes)))
    tree = shapely.STRtree(shapes)
    first, second = tree.query(shapes, predicate="dwithin", distance=GAP_M)
    once = first < second
    first, second = first[once], second[once]
    edges = shapely.boundary(shapes)
    metres = shapely.length(shapely.intersection(edges[first], edges[second]))
    apart = np.flatnonzero(metres < LEAST_BORDER_M)
    near = shapely.buffer(edges[first[apart]], GAP_M)
    beside = shapely.length(shapely.intersection(near, edges[second[apart]]))
    # A line that only crosses the buffer of a corner runs through at most twice its width.
    metres[apart] = np.where(beside >= LEAST_BORDER_M + 4 * GAP_M, beside, 0.0)
    is_border = metres >= LEAST_BORDER_M
    order = np.lexsort((second[is_border], first[is_border]))
    pairs = (first[is_border][order], second[is_border][order], metres[is_border][order])
    return Contact(pairs[0].astype(np.int64), pairs[1].astype(np.int64), pairs[2])


def link_pieces(contact: Contact, areas: gpd.GeoDataFrame, part: Ints) -> Contact:
    """Return links that make each part one piece: the shortest gaps between its pieces.

    Parameters
    ----------
    contact
        The pairs that touch.
    areas
        The areas.
    part
        Of each area, 0 to n-1.
    """
    shapes = areas.geometry.to_numpy()
    same = part[contact.first] == part[contact.second]
    matrix = contact.without(~same).matrix(len(shapes))
    _, piece = connected_components(matrix, directed=False)
    links: list[tuple[int, int]] = []
    for one in np.unique(part):
        rows = np.flatnonzero(part == one)
        pieces = np.unique(piece[rows])
        if len(pieces) > 1:
            links += _shortest(shapes, rows, piece.astype(np.int64))
    first = np.array([min(pair) for pair in links], dtype=np.int64)
    second = np.array([max(pair) for pair in links], dtype=np.int64)
    return Contact(first, second, np.zeros(len(links)))


def crosses_no_area(pairs: Contact, shapes: np.ndarray) -> np.ndarray:
    """Flag the pairs whose shortest line crosses no area, such as a line over an estuary."""
    lines = shapely.shortest_line(shapes[pairs.first], shapes[pairs.second])
    row, area = shapely.STRtree(shapes).query(lines, predicate="intersects")
    over = shapely.length(shapely.intersection(lines[row], shapes[area]))
    on_land = np.bincount(row, weights=over, minlength=len(lines))
    is_over_nothing: np.ndarray = (on_land < GAP_M) & (shapely.length(lines) > LEAST_BORDER_M)
    return is_over_nothing


def _shortest(shapes: np.ndarray, rows: Ints, piece: Ints) -> list[tuple[int, int]]:
    """Return links that join the pieces of a part, the smallest first, each to the nearest area."""
    now = piece.copy()
    links = []
    while len(names := np.unique(now[rows])) > 1:
        sizes = [int((now[rows] == name).sum()) for name in names]
        name = names[int(np.argmin(sizes))]
        inside, outside = rows[now[rows] == name], rows[now[rows] != name]
        tree = shapely.STRtree(shapes[outside])
        pairs, gaps = tree.query_nearest(shapes[inside], return_distance=True, all_matches=False)
        best = int(np.argmin(gaps))
        here, there = int(inside[pairs[0][best]]), int(outside[pairs[1][best]])
        links.append((here, there))
        now[now == name] = now[there]
    return links


def _between_points(points: Floats) -> Contact:
    if len(points) < 4:
        first, second = np.triu_indices(len(points), 1)
    else:
        simplices = spatial.Delaunay(points).simplices
        pairs = np.sort(np.vstack([simplices[:, [0, 1]], simplices[:, [1, 2]],
                                   simplices[:, [0, 2]]]), axis=1)  # fmt: skip
        first, second = np.unique(pairs, axis=0).T
    return Contact(first.astype(np.int64), second.astype(np.int64), np.ones(len(first)))


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
        Bounds of people for each neighbourhood.
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
    is_shared = areas.groupby("block")["neighbourhood"].transform("nunique") > 1
    codes = areas["area_code"].to_numpy()
    columns = {
        "neighbourhood": names,
        "people": people.astype(np.int64),
        "areas": np.bincount(label, minlength=len(names)),
        "in_bounds": [bounds.keeps(one) for one in people],
        "pieces": pieces(label, contact, len(names)),
        "middle": [codes[row] if row >= 0 else None for row in middle],
        "minutes": mean,
        "farthest": far,
        "split_blocks": [
            int(areas.loc[is_shared & (label == one), "block"].nunique())
            for one in range(len(names))
        ],
    }
    for column in borders:
        by_name = areas.groupby("neighbourhood")[column].nunique()
        columns[f"crosses_{column}"] = (by_name.reindex(names).to_numpy() - 1).clip(min=0)
    return pd.DataFrame(columns)


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
        Row of its area; -1 = no middle that all people reach.
    mean, far
        Minutes of its people, and of its farthest area with people; NaN = none.
    """
    pairs = sparse.coo_array(minutes)
    inside = label[pairs.row] == label[pairs.col]
    row, point, value = pairs.row[inside], pairs.col[inside], pairs.data[inside].astype(float)
    size = len(people)
    person_minutes = np.bincount(point, weights=people[row] * value, minlength=size)
    people_that_reach = np.bincount(point, weights=people[row], minlength=size)
    people_of_footprint = np.bincount(label, weights=people, minlength=number)
    is_point = np.bincount(point, minlength=size) > 0
    fits = is_point & (people_that_reach >= people_of_footprint[label] - 0.5)
    middle = np.full(number, -1, dtype=np.int64)
    mean, far = np.full(number, np.nan), np.full(number, np.nan)
    order = np.lexsort((np.arange(size), person_minutes, label))
    order = order[fits[order]]
    first = order[np.unique(label[order], return_index=True)[1]]
    middle[label[first]] = first
    people_of_middle = people_of_footprint[label[first]]
    mean[label[first]] = np.divide(
        person_minutes[first],
        people_of_middle,
        out=np.zeros(len(first)),
        where=people_of_middle > 0,
    )
    to_middle = (point == middle[label[row]]) & (people[row] > 0)
    largest = np.full(number, -np.inf)
    np.maximum.at(largest, label[row[to_middle]], value[to_middle])
    far[np.isfinite(largest)] = largest[np.isfinite(largest)]
    return middle, mean, far
