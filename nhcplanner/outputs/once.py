"""What is worked out of a place once, and kept for as long as the place is."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from nhcplanner.domain.place import Place

Made = TypeVar("Made")


def once_a_place(make: Callable[[Place], Made]) -> Callable[[Place], Made]:
    """Keep what a function makes of a place, which never changes."""
    kept: WeakKeyDictionary[Place, Made] = WeakKeyDictionary()

    @wraps(make)
    def made(place: Place) -> Made:
        if place not in kept:
            kept[place] = make(place)
        return kept[place]

    return made
