"""Small towns written as OpenStreetMap files, positions in metres from a corner in Newport.

Also a place of two areas, and matrix files for it.
"""

from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import quoteattr

import geopandas as gpd
import numpy as np
import pytest
from pyproj import Transformer

from nhcplanner.domain.place import CRS, Place
from nhcplanner.travel import Network, Profile

CORNER = np.array([331_000.0, 187_000.0])
SQUARE = {1: (0, 0), 2: (1000, 0), 3: (1000, 1000), 4: (0, 1000)}
RING = ([1, 2, 3, 4, 1], {"highway": "residential"})
A, B = "E01000001", "E01000002"
Way = tuple[list[int], dict[str, str]]
Turn = tuple[int, tuple[str, int], int, dict[str, str]]
Town = Callable[..., Path]


def tag_lines(tags: dict[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Write nodes (id -> metres east, north), ways (ids, tags; numbered from 100), tags of nodes
    and turns (from way, via, to way, tags); give the path.
    """
    degrees = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)

    def write(
        ways: list[Way],
        nodes: dict[int, tuple[float, float]] = SQUARE,
        node_tags: dict[int, dict[str, str]] | None = None,
        turns: tuple[Turn, ...] = (),
    ) -> Path:
        lines = ['<?xml version="1.0"?>', '<osm version="0.6">']
        for ref, metres in nodes.items():
            lon, lat = degrees.transform(*(CORNER + metres))
            tags = tag_lines((node_tags or {}).get(ref, {}))
            lines.append(f'<node id="{ref}" lon="{lon:.9f}" lat="{lat:.9f}">{tags}</node>')
        for number, (refs, tags) in enumerate(ways, start=100):
            points = "".join(f'<nd ref="{ref}"/>' for ref in refs)
            lines.append(f'<way id="{number}">{points}{tag_lines(tags)}</way>')
        for number, (into, via, out, tags) in enumerate(turns, start=900):
            members = f'<member type="way" ref="{into}" role="from"/>'
            members += f'<member type="{via[0]}" ref="{via[1]}" role="via"/>'
            members += f'<member type="way" ref="{out}" role="to"/>'
            rule = tag_lines({"type": "restriction", **tags})
            lines.append(f'<relation id="{number}">{members}{rule}</relation>')
        path = tmp_path / "town.osm"
        path.write_text("\n".join([*lines, "</osm>"]), encoding="utf-8")
        return path

    return write


@pytest.fixture
def minutes() -> Callable[..., float]:
    """Network minutes between two nodes of SQUARE, without legs; inf where there is no way."""

    def between(
        network: Network, mode: str, start: int, end: int, profile: Profile | None = None
    ) -> float:
        found = network.streets(mode, profile).times(
            [CORNER + SQUARE[start]], [CORNER + SQUARE[end]], horizon=60, snap="node"
        )
        return float(found.nearest([0])[0])

    return between


@pytest.fixture
def place() -> Place:
    """Two areas, the second with two starting points, and two sites."""
    points = gpd.points_from_xy([0, 1, 2], [0, 0, 0], crs=CRS)
    areas = gpd.GeoDataFrame({"area_code": [A, B], "people": [10, 20]}, geometry=points[:2])
    origins = gpd.GeoDataFrame(
        {"origin_id": [A, "north", "south"], "area_code": [A, B, B], "people": [10.0, 5.0, 15.0]},
        geometry=points,
    )
    sites = gpd.GeoDataFrame({"site_id": ["s", "t"], "kind": "library"}, geometry=points[:2])
    return Place("Two", areas, sites, origins)


@pytest.fixture
def csv(tmp_path: Path) -> Callable[..., Path]:
    """Write lines to a CSV file; return its path."""

    def write(*lines: str) -> Path:
        path = tmp_path / "tracc.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
        return path

    return write
