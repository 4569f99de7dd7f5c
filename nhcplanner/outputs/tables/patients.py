"""Registered patients by area as colours, and practices that shut, move or gain as points."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import folium
import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.domain.closures import Closure
from nhcplanner.domain.place import CRS, Place
from nhcplanner.outputs import style
from nhcplanner.outputs.maps import plan_map
from nhcplanner.outputs.maps.shading import Shading
from nhcplanner.outputs.sanitise import isolated, text
from nhcplanner.outputs.tables import need

LIMITS = (0, 9, 49, 199, 499)
"""Patients of an area at which classes of the map end; a further class has more."""
COLOURS = (style.WHITE, *reversed(style.need(len(LIMITS))))
NAMES = (
    "none", *(f"{low + 1:,} to {high:,}" for low, high in pairwise(LIMITS)),
    f"{LIMITS[-1] + 1:,} or more",
)  # fmt: skip
"""Words for the classes of patients."""
WORDS = {
    "area_code": "Area code",
    "area_name": "Area",
    "practice": "ODS code",
    "name": "Practice",
    "change": "Change",
    "patients": "Patients",
    "share": "Share of its patients",
    "minutes": "Minutes",
    "minutes_before": "Minutes today",
    "minutes_after": "Minutes after",
    "nearest_after": "Minutes to the nearest that stays",
    "more_minutes": "More minutes",
    "without_car": "In households without a car",
    "grouping": "Grouping",
    "group": "Group",
    "farther": "More than 5 minutes farther",
    "without_practice": "No practice within reach",
    "newly_without": "Of these, with one today",
    "list_size": "List today",
    "patients_gained": "Patients gained (modelled)",
    "list_change": "Change of the list (modelled)",
    "from_place": "Living in the place",
    "from_elsewhere": "Living elsewhere",
    "by_choice": "People by the choice model",
    "outside": "Outside the place",
}
"""Headings on screen, by column."""


def patients_of(place: Place, frame: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Return the patients of each area of the place, from a table with `area_code`."""
    by_code = frame.set_index("area_code")["patients"]
    return np.asarray(place.areas["area_code"].map(by_code).fillna(0), dtype=np.float64)


def classes(patients: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Return the class of each number of patients.

    Examples
    --------
    >>> classes([0, 1, 9, 10, 500]).tolist()
    [0, 1, 1, 2, 5]
    """
    return np.searchsorted(LIMITS, np.asarray(patients)).astype(np.int64)


def shading(place: Place, frame: pd.DataFrame) -> Shading:
    """Colour areas by the number of patients who live there."""
    of_area = classes(patients_of(place, frame))
    return Shading("patients", "Patients living in an area", NAMES, COLOURS, of_area)


def tips(place: Place, frame: pd.DataFrame) -> Callable[[int], str]:
    """Return a function that describes the area in a row, as plain text."""
    names = [*map(isolated, need.labels(place))]
    patients = patients_of(place, frame)
    column = "minutes" if "minutes" in frame else "minutes_before"
    minutes = place.areas["area_code"].map(frame.set_index("area_code")[column]).tolist()

    def tip(row: int) -> str:
        lines = [names[row], f"{patients[row]:,.0f} patients"]
        if patients[row] and np.isfinite(minutes[row]):
            lines.append(f"{minutes[row]:.0f} minutes to their practice")
        return "\n".join(lines)

    return tip


def practice_layer(place: Place, practice: str) -> folium.FeatureGroup:
    """Return one practice as a point."""
    sites = place.sites[place.sites["site_id"] == practice]
    names = place.site_names[sites.index]
    notes = [f"<b>{text(name)}</b>" for name in names]
    return plan_map.point_layer("practice", sites.geometry, notes, style.INK, 14)


def change_layer(closure: Closure) -> folium.FeatureGroup:
    """Return the practices that change, and those that gain patients, as points."""
    frame = closure.practices[
        (closure.practices["change"] != "stays") | (closure.practices["patients_gained"] >= 0.5)
    ]
    notes = [
        f"<b>{text(row['name'])}</b><br>"
        + (f"{row['patients_gained']:,.0f} patients gained, {row['list_change']:+.1%}"
           if row["change"] == "stays" else text(row["change"]))
        for row in frame.to_dict("records")
    ]  # fmt: skip
    points = gpd.GeoSeries(gpd.points_from_xy(frame["easting"], frame["northing"]), crs=CRS)
    return plan_map.point_layer("practice", points, notes, style.INK, 11)


def old_address_layer(closure: Closure) -> folium.FeatureGroup:
    """Return the present addresses of practices that move, as hollow points."""
    frame = closure.old_addresses
    notes = [f"<b>{text(name)}</b><br>address today" for name in frame["name"]]
    points = gpd.GeoSeries(gpd.points_from_xy(frame["easting"], frame["northing"]), crs=CRS)
    return plan_map.point_layer("old address", points, notes, style.WHITE, 11, style.INK)
