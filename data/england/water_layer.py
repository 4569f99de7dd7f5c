"""Layer of open water: cells of 250 m of the sea and of estuaries within 30 km of England."""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy
import shapely
from area_layers import AREAS
from reading import Inputs

from nhcplanner.travel.straight_line import CELL, COLUMNS, ROWS, encode

FAR_CELLS = 30_000 / CELL

# Land beyond the borders, which the shapes of England do not show: the coast of Wales as seen from
# England (Dee, Severn) and Scotland north of the Solway, drawn by hand; kilometres in EPSG:27700.
WALES = [
    (331, 371), (322, 376), (312, 385), (240, 395), (215, 380), (205, 330), (170, 220), (185, 195),
    (240, 190), (282, 176), (310, 166), (320, 172), (335, 182), (352, 189), (355, 192), (358, 300),
    (340, 370),
]  # fmt: skip
SCOTLAND = [
    (333, 567), (316, 565), (300, 560), (200, 560), (200, 660), (400, 660), (399, 658), (345, 567),
]  # fmt: skip


def water_table(inputs: Inputs) -> pd.DataFrame:
    """Runs of cells whose middle lies in no area of England, nor in Wales or Scotland."""
    path = inputs.path("boundaries", AREAS)
    shapes = shapely.from_wkb(pd.read_parquet(path, columns=["geometry"])["geometry"].to_numpy())
    land = np.zeros((ROWS, COLUMNS), dtype=bool)
    union = shapely.union_all(shapely.transform(shapes, np.round), grid_size=1)
    beyond = [shapely.transform(shapely.Polygon(each), lambda c: c * 1000)
              for each in (WALES, SCOTLAND)]  # fmt: skip
    for part in (*shapely.get_parts(union), *beyond):
        _fill(land, part)
    far = scipy.ndimage.distance_transform_edt(~land) > FAR_CELLS
    return encode(~land & ~far)


def _fill(land: np.ndarray, part: shapely.Geometry) -> None:
    """Mark the cells whose middle a polygon holds."""
    west, south, east, north = (int(edge // CELL) for edge in part.bounds)
    rows = slice(max(south, 0), min(north + 1, ROWS))
    columns = slice(max(west, 0), min(east + 1, COLUMNS))
    shapely.prepare(part)
    y, x = np.mgrid[rows, columns]
    land[rows, columns] |= shapely.contains_xy(part, (x + 0.5) * CELL, (y + 0.5) * CELL)
