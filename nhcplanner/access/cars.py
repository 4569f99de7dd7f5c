"""Cars: the people of each origin parted into those in households without a car and the rest."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from nhcplanner.domain.place import Place

WITHOUT, WITH = "without a car", "with a car"
HOUSEHOLD = "household"


def part_by_car(place: Place) -> Place:
    """Give every origin two rows: first all people without a car, then all with one.

    Parameters
    ----------
    place
        With `no_car_share` in its areas.

    Returns
    -------
    Place
        Its origins twice, in their order, with a column `household`: "without a car" or "with a
        car". The people of both sum to those of the origin; where an area's share is missing all
        count as having a car. The place itself where no area has a share.
    """
    if not place.knows_cars:
        return place
    share = place.areas["no_car_share"].fillna(0.0).to_numpy(dtype=np.float64)
    people = place.origins["people"].to_numpy(dtype=np.float64)
    without = people * share[place.area_of_origin]
    halves = [
        place.origins.assign(
            origin_id=place.origins["origin_id"] + f", {name}", people=heads, household=name
        )
        for name, heads in ((WITHOUT, without), (WITH, people - without))
    ]
    both = gpd.GeoDataFrame(pd.concat(halves, ignore_index=True), crs=place.origins.crs)
    return replace(place, origins=both)


def car_note(place: Place) -> str:
    """How people were parted by car, in words."""
    if not place.knows_cars:
        return (
            "No share of households without a car is known: all people are treated alike, as if "
            "each could also drive"
        )
    missing = int(place.areas["no_car_share"].isna().sum())
    words = "People are parted by their area's share of households without a car"
    return f"{words}; it is missing in {missing:,} areas, taken as 0" if missing else words
