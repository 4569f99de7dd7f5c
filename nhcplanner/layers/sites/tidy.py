"""Sites: users' lists of buildings, made ready for the schema."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from nhcplanner.domain.words import counted
from nhcplanner.layers.files.tables import Table
from nhcplanner.layers.sound import HALO_M, metres_outside

UNKNOWN_KIND = "building"


def tidy_sites(table: Table) -> Table:
    """Give sites an id, a status and a point where the file leaves those out.

    Parameters
    ----------
    table
        Sites with the schema's names and their shapes.

    Returns
    -------
    Table
        With a note for each thing done. A blank status becomes "candidate", a blank kind
        "building"; ids are made of
        row numbers only where the file has no id column at all.
    """
    frame = table.frame.copy()
    notes = []
    if "site_id" not in frame:
        width = max(4, len(str(len(frame))))
        frame.insert(0, "site_id", [f"site-{n:0{width}d}" for n in range(1, len(frame) + 1)])
        notes.append("site ids made of row numbers, for the file has none")
    if "status" in frame:
        frame["status"] = frame["status"].str.lower().fillna("candidate")
    else:
        frame["status"] = "candidate"
        notes.append("all sites taken as candidates, for the file has no status")
    if "kind" not in frame:
        frame["kind"] = UNKNOWN_KIND
        notes.append("kinds of sites unknown, for the file has none")
    frame["kind"] = frame["kind"].fillna(UNKNOWN_KIND)
    if isinstance(frame, gpd.GeoDataFrame):
        shapes = frame.geometry.to_numpy()
        spread = np.flatnonzero(
            ~frame.geometry.isna() & ~frame.geometry.is_empty & (frame.geom_type != "Point")
        )
        if len(spread):
            shapes[spread] = shapely.point_on_surface(shapes[spread])
            frame = frame.set_geometry(gpd.GeoSeries(shapes, crs=frame.crs, index=frame.index))
            notes.append(
                f"{counted(len(spread), 'site')} given as another shape: a point inside it is taken"
            )
    return table.with_frame(frame, *notes)


def halo_note(areas: gpd.GeoDataFrame, sites: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Say how many sites lie outside the areas but near enough to serve their edges."""
    outside = int((metres_outside(areas, sites.geometry) > 0).sum())
    if not outside:
        return ()
    of_all = f"{outside:,} of {counted(len(sites), 'site')}"
    return (f"{of_all} outside the areas, within {HALO_M / 1000:g} km of them",)
