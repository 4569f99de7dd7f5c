"""What maps show around a place: neighbouring land, and names of towns and villages."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.base.lazy import cache_by_identity
from nhcplanner.domain.place import Place
from nhcplanner.layers.england import around
from nhcplanner.outputs.maps.screen import Surroundings

_ROOM = 1.0
"""How far maps reach beyond a place, as a share of its extent."""
_ROOM_OF_MANY = 0.15
_MANY = 7_000
"""Number of areas from which a place is a large part of England."""


@cache_by_identity
def surroundings(place: Place) -> Surroundings:
    """Return land and names around a place; none for an invented place.

    Areas of the place are left out. The result is the same object for the same areas.
    """
    if place.synthetic:
        return _NONE
    room = _ROOM if len(place.areas) <= _MANY else _ROOM_OF_MANY
    west, south, east, north = place.areas.total_bounds
    margin = room * max(east - west, north - south)
    box = (west - margin, south - margin, east + margin, north + margin)
    return _around(box, tuple(place.areas["area_code"]), room)


@cache_by_identity
def parts_of(place: Place) -> dict[str, npt.NDArray[np.bool_]]:
    """Return which areas lie in each region, ICB and council of a place that has several.

    Returns
    -------
    dict
        Name with its kind -> True for each area in it; regions first, then ICBs, then councils.
    """
    found = {}
    names = place.areas if place.synthetic else around.with_regions(place.areas)
    for kind, column in _PARTS.items():
        every = sorted(names[column].dropna().unique()) if column in names else []
        if len(every) > 1:
            for name in every:
                found[f"{name} ({kind})"] = (names[column] == name).to_numpy(dtype=np.bool_)
    return found


_PARTS = {"region": "region_name", "ICB": "icb_name", "council": "council_name"}
_NONE = Surroundings()


@lru_cache(maxsize=16)
def _around(box: around.Box, codes: tuple[str, ...], room: float) -> Surroundings:
    areas = around.areas_around(box, pd.Series(codes, dtype=str))
    return Surroundings(areas, around.towns_in(box), around.credit(), has_sea=True, room=room)
