"""Contact of areas: which areas touch, and links between separate pieces."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from scipy import sparse, spatial
from scipy.sparse.csgraph import connected_components

from nhcplanner.base.arrays import Floats, Ints

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
