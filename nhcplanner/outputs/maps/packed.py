"""Shapes packed into few bytes for the maps of pages.

A file holds numbers of seven bits a byte, the lowest first; the eighth bit means that more bytes
follow (as varints of Protocol Buffers). They are: the number of shapes, the number of rings of
each shape, the number of points of each ring, then each point as the difference from the point
before it, easting and northing in metres of EPSG:3857, zigzag coded. Rings are not closed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from nhcplanner.base.arrays import IntArray

BITS = 7
_MOST = 10
"""Bytes of the largest number of 64 bits."""


def pack(shapes: npt.NDArray[np.object_]) -> bytes:
    """Return shapes as the bytes of a packed file.

    Parameters
    ----------
    shapes
        Polygons or lines in EPSG:3857; multi-part shapes are split into rings, points are empty.
    """
    parts, shape_of_part = shapely.get_parts(shapes, return_index=True)
    are_rings = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    are_lines = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    rings, part_of_ring = shapely.get_rings(parts[are_rings], return_index=True)
    rings = np.concatenate([rings, parts[are_lines]])
    shape_of_ring = np.concatenate(
        [shape_of_part[are_rings][part_of_ring], shape_of_part[are_lines]]
    )
    order = np.argsort(shape_of_ring, kind="stable")
    rings, shape_of_ring = rings[order], shape_of_ring[order]
    is_closed = shapely.get_type_id(rings) == shapely.GeometryType.LINEARRING
    points, ring_of_point = shapely.get_coordinates(rings, return_index=True)
    is_last = np.ones(len(points), dtype=bool)
    is_last[:-1] = ring_of_point[1:] != ring_of_point[:-1]
    keep = ~(is_last & is_closed[ring_of_point])
    points, ring_of_point = np.rint(points[keep]).astype(np.int64), ring_of_point[keep]
    steps = np.diff(points, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel()
    zigzag = (steps << 1) ^ (steps >> 63)
    numbers = [
        np.array([len(shapes)]),
        np.bincount(shape_of_ring, minlength=len(shapes)),
        np.bincount(ring_of_point, minlength=len(rings)),
        zigzag,
    ]
    return _varints(np.concatenate(numbers).astype(np.int64))


def _varints(numbers: IntArray) -> bytes:
    """Return whole numbers, none negative, as bytes of seven bits."""
    values = numbers.astype(np.uint64)
    shifts = np.arange(_MOST, dtype=np.uint64) * np.uint64(BITS)
    longest = max(1, -(-int(values.max(initial=0)).bit_length() // BITS))
    groups = values[:, None] >> shifts[None, :longest]
    used = groups > 0
    used[:, 0] = True
    goes_on = np.zeros_like(used)
    goes_on[:, :-1] = used[:, 1:]
    written = (groups & np.uint64(127)).astype(np.uint8) | (goes_on.astype(np.uint8) << 7)
    return bytes(written[used].tobytes())
