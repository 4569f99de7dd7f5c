"""What maps show around a place: neighbouring land, and names of towns and villages."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from nhcplanner.domain.place import Place
from nhcplanner.layers.england import around
from nhcplanner.outputs.maps.screen import Surroundings

_ROOM = 1.0
"""How far maps reach beyond a place, as a share of its extent."""
_ROOM_OF_MANY = 0.15
_MANY = 7_000
"""Number of areas from which a place is a large part of England."""


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


_NONE = Surroundings()


@lru_cache(maxsize=16)
def _around(box: around.Box, codes: tuple[str, ...], room: float) -> Surroundings:
    areas = around.areas_around(box, pd.Series(codes, dtype=str))
    return Surroundings(areas, around.towns_in(box), around.credit(), has_sea=True, room=room)
