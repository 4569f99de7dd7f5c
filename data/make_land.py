"""Make the land beyond England that maps on pages show: Wales, Scotland, Ireland and France.

The source is Natural Earth at 1:10 million (public domain), as converted in the npm package
world-atlas 2.0.2 (ISC licence): `npm pack world-atlas@2.0.2`, then

    python data/make_land.py package/land-10m.json

England itself is left out: its areas have finer shapes. The file is drawn below them and decides
nothing.
"""

import json
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import Polygon, box

from nhcplanner.layers.england import store
from nhcplanner.outputs.maps.packed import pack

OUT = Path(__file__).parents[1] / "nhcplanner/outputs/maps/static/view/land.bin"
BOX = (-11.0, 48.5, 3.5, 61.0)
"""West, south, east and north in degrees."""
METRES = 120.0
"""To which lines are simplified."""

# Parts of Great Britain to keep, in kilometres of EPSG:27700: their sides in the sea keep clear of
# England's coast, their sides on land lie within England, whose own areas cover them.
WALES = [
    (331, 371), (322, 376), (316, 381), (311, 387), (290, 400), (210, 400), (160, 300), (160, 190),
    (200, 170), (300, 160), (315, 164), (325, 172), (340, 181), (352, 189), (358, 200), (358, 300),
    (340, 370),
]  # fmt: skip
SCOTLAND = [
    (333, 567), (316, 562), (300, 556), (280, 545), (200, 520), (0, 520), (0, 1220), (480, 1220),
    (480, 700), (402, 660), (399, 658), (345, 567),
]  # fmt: skip


def main() -> None:
    """Write the file."""
    land = gpd.GeoSeries(_polygons(Path(sys.argv[1])), crs="EPSG:4326").to_crs("EPSG:27700")
    england = shapely.box(*shapely.bounds(_england()).T)
    tree = shapely.STRtree(england)
    kept = shapely.union_all([Polygon(np.array(one) * 1000.0) for one in (WALES, SCOTLAND)])
    parts = []
    for one in land:
        english = len(tree.query(one, predicate="intersects")) > 0
        parts.append(one.intersection(kept) if english else one)
    simple = gpd.GeoSeries(parts, crs="EPSG:27700").simplify(METRES)
    simple = simple[~simple.is_empty & (simple.area > 1e6)]
    OUT.write_bytes(pack(simple.to_crs("EPSG:3857").to_numpy()))


def _england() -> np.ndarray:
    return shapely.from_wkb(store.layer("shapes")["geometry"].to_numpy())


def _polygons(path: Path) -> list[Polygon]:
    """Read the polygons of a TopoJSON file that touch the box."""
    topology = json.loads(path.read_text("utf-8"))
    scale, origin = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + origin for arc in topology["arcs"]]

    def ring(numbers: list[int]) -> np.ndarray:
        parts = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
        return np.vstack([parts[0], *(part[1:] for part in parts[1:])])

    found = []
    for shape in topology["objects"]["land"]["geometries"]:
        for rings in shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]:
            edge = ring(rings[0])
            west, south, east, north = *edge.min(0), *edge.max(0)
            if east >= BOX[0] and west <= BOX[2] and north >= BOX[1] and south <= BOX[3]:
                polygon = Polygon(edge, [ring(hole) for hole in rings[1:]]).buffer(0)
                found.append(polygon.intersection(box(*BOX)))
    return found


if __name__ == "__main__":
    main()
