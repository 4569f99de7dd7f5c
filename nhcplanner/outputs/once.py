"""What is worked out of a place or its evidence once, and kept for as long as that is."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

Given = TypeVar("Given")
Made = TypeVar("Made")


def once(make: Callable[[Given], Made]) -> Callable[[Given], Made]:
    """Keep what a function makes of an object that never changes."""
    kept: WeakKeyDictionary[Given, Made] = WeakKeyDictionary()

    @wraps(make)
    def made(given: Given) -> Made:
        if given not in kept:
            kept[given] = make(given)
        return kept[given]

    return made
