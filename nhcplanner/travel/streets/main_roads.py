"""Main roads: what of a place's streets tells on a map where one is."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from nhcplanner.domain.place import CRS
from nhcplanner.travel.streets import store
from nhcplanner.travel.streets.lines import Lines

CLASSES = ("motorway", "trunk", "primary")
SHAPES = ("xy", "source", "target", "bend_start", "bends")


def main_roads(path: Path) -> gpd.GeoSeries:
    """Motorways, trunk and primary roads of a network, each class as one shape.

    Parameters
    ----------
    path
        File that `Network.save` wrote.

    Returns
    -------
    GeoSeries
        Lines in EPSG:27700, indexed by the OSM class of road, the greatest first; classes that
        do not occur are left out.

    Raises
    ------
    InputError
        Where the file is missing or is not one that `Network.save` wrote.
    """
    found = store.read(path, (*SHAPES, "kind"))
    lines = Lines(*(found[name] for name in SHAPES))
    classes = np.array([tags.get("highway", "") for tags in found["kinds"]])[found["kind"]]
    shapes = {
        name: shapely.line_merge(shapely.multilinestrings(lines.shapes(chosen)))
        for name in CLASSES
        if len(chosen := np.flatnonzero(classes == name))
    }
    return gpd.GeoSeries(shapes, crs=CRS)
